/**
 * Whom the reader lets look inside the mailbox, and at what they looked: Casella's own extension, as
 * service.ts. RFC 8620 §1.8.
 */
import type { Call, JmapClient } from './client.ts';
import type { GetAnswer, SetAnswer, UtcDate } from './wire.ts';

/** How much may be looked at; each holds the one before. */
export type HelpScope = 'folders' | 'messages' | 'contents';
export const HELP_SCOPES: HelpScope[] = ['folders', 'messages', 'contents'];

export interface HelpLooked {
  at: UtcDate;
  what: HelpScope;
  /** The mailbox or the email. */
  about: string | null;
}

export interface Help {
  id: string;
  scope: HelpScope;
  made: UtcDate;
  /** Until when the code can be used, or, once it was, somebody may look. */
  until: UtcDate;
  /** Null while nobody used the code. */
  by: string | null;
  began: UtcDate | null;
  ended: UtcDate | null;
  open: boolean;
  looks: HelpLooked[];
}

export function helpGet(client: JmapClient): Call<GetAnswer<Help>> {
  return client.call('Help/get', { ids: null });
}

/** The code is told this once. */
export function helpAllow(
  client: JmapClient,
  scope: HelpScope,
): Call<SetAnswer<{ id: string; code: string; until: UtcDate }>> {
  return client.call('Help/set', { create: { help: { scope } } });
}

export function helpEnd(client: JmapClient, id: string): Call<SetAnswer<object>> {
  return client.call('Help/set', { update: { [id]: { open: false } } });
}
