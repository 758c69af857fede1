/**
 * Where the reader asks for news when the mailbox cannot be opened: Casella's own extension, as
 * service.ts. RFC 8620 §1.8.
 */
import type { Call, JmapClient } from './client.ts';
import type { GetAnswer, SetAnswer } from './wire.ts';

export interface SecondAddress {
  /** Whether news go anywhere from this server. */
  offered: boolean;
  /** Where news go. */
  address: string | null;
  /** Where a code was sent that has not come back yet. */
  pending: string | null;
}

export function secondGet(client: JmapClient): Call<GetAnswer<SecondAddress>> {
  return client.call('SecondAddress/get', { ids: null });
}

/** Null forgets what there is; an address counts once the code that is sent there comes back. */
export function secondSet(
  client: JmapClient,
  patch: { address: string | null } | { code: string },
): Call<SetAnswer<object>> {
  return client.call('SecondAddress/set', { update: { singleton: patch } });
}
