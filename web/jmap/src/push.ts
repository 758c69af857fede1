/** The change feed: one EventSource that says which types changed. RFC 8620 §7.1 and §7.3. */
import { expand, type Session } from './session.ts';
import type { AccountId, StateString } from './wire.ts';

/** RFC 8620 §7.1 */
export interface StateChange {
  '@type': 'StateChange';
  changed: Record<AccountId, Record<string, StateString>>;
}

export type PushTypes = 'Mailbox' | 'Email' | 'EmailSubmission' | 'Identity' | 'Service' | 'Notice';

/** The server speaks at least this often, so silence means the line is dead. In seconds. */
export const PING_SECONDS = 60;

export function pushUrl(session: Session, types: PushTypes[]): string {
  return expand(session.eventSourceUrl, {
    types: types.join(','),
    closeafter: 'no',
    ping: String(PING_SECONDS),
  });
}

/** Reads the data of a `state` event; null when it is none. */
export function stateChangeIn(data: string): StateChange | null {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null && 'changed' in value) return value as StateChange;
  } catch {
    // Not ours to judge: an event we cannot read changes nothing.
  }
  return null;
}
