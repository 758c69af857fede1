/**
 * What serves the account now, and what its owner can do meanwhile: Casella's own extension, which other
 * servers do not offer. RFC 8620 §1.8; docs/decisions/0122-jmap-says-what-serves-an-account.md.
 */
import type { Call, JmapClient } from './client.ts';
import { CAPABILITY, type GetAnswer, type MailboxId, type UtcDate } from './wire.ts';

/** The one object of its type. */
export interface Service {
  id: 'singleton';
  state: 'live' | 'standby' | 'continuation' | 'contentsAway' | 'returning';
  since: UtcDate | null;
  /** Whether the owner has less than always. */
  reduced: boolean;
  mayReadEarlier: boolean;
  /** Whether mail that is listed can be opened. */
  mayReadContents: boolean;
  mayChange: boolean;
  maySubmit: boolean;
  /** The one mailbox that is open, where new mail comes; null where all are. */
  receivedMailboxId: MailboxId | null;
}

/** What the operators say of what is going on: no object while nothing is. */
export interface Notice {
  id: string;
  severity: 'minor' | 'major' | 'critical';
  state: 'investigating' | 'identified' | 'restoring' | 'monitoring';
  changed: UtcDate;
  text: { it: string; en: string };
}

export function offersService(client: JmapClient): boolean {
  return CAPABILITY.service in client.session.capabilities;
}

export function serviceGet(client: JmapClient): Call<GetAnswer<Service>> {
  return client.call('Service/get', { ids: null });
}

export function noticeGet(client: JmapClient): Call<GetAnswer<Notice>> {
  return client.call('Notice/get', { ids: null });
}
