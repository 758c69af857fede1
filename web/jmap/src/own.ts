/**
 * What is known of the reader's own account beside its mail: Casella's own extension, as service.ts.
 * RFC 8620 §1.8.
 */
import type { Call, JmapClient } from './client.ts';
import type { GetAnswer, UtcDate } from './wire.ts';

/** What can be done with a mailbox; `mailbox` is log-in or reading, whichever of the two. */
export type Ability = 'logIn' | 'read' | 'receive' | 'send' | 'push' | 'mailbox';

/** When what did not work: in the last 90 days (`incident` null), or in an incident. */
export interface Absence {
  id: string;
  incident: string | null;
  title: { it: string; en: string } | null;
  from: UtcDate;
  /** Null while the incident goes on. */
  until: UtcDate | null;
  awayMillis: Record<Ability, number>;
  mailbox: { from: UtcDate; until: UtcDate }[];
}

/** Somebody whose mail was not taken. */
export interface Attempt {
  id: string;
  /** Null for a delivery notice. */
  sender: string | null;
  first: UtcDate;
  last: UtcDate;
  tries: number;
  /** That the sender was answered last; null where the connection broke. */
  code: number | null;
  reason: string;
  /** When it came all the same. */
  came: UtcDate | null;
}

/** What was given for what did not work. */
export interface Compensation {
  id: string;
  incident: string;
  title: { it: string; en: string };
  quotaBytes: number;
  months: number;
  given: UtcDate;
  ended: UtcDate | null;
}

/** What became of all mail that was ever accepted. */
export interface Reckoning {
  id: 'singleton';
  at: UtcDate;
  accepted: number;
  filed: number;
  deleted: number;
  pending: number;
  lost: number;
  unreachable: number;
  /** By the ids of absences: what came while the reader could not get at the mailbox. */
  meanwhile: Record<string, { mails: number; first: UtcDate | null; last: UtcDate | null }>;
  /** The same, signed by the server. */
  statement: string | null;
}

export function absenceGet(client: JmapClient): Call<GetAnswer<Absence>> {
  return client.call('Absence/get', { ids: null });
}

export function attemptGet(client: JmapClient): Call<GetAnswer<Attempt>> {
  return client.call('Attempt/get', { ids: null });
}

export function compensationGet(client: JmapClient): Call<GetAnswer<Compensation>> {
  return client.call('Compensation/get', { ids: null });
}

/** Takes seconds for a large mailbox. */
export function reckoningGet(client: JmapClient): Call<GetAnswer<Reckoning>> {
  return client.call('Reckoning/get', { ids: null });
}
