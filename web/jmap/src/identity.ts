/** Identity methods: who the reader may write as. RFC 8621 §6. */
import type { Call, JmapClient } from './client.ts';
import type { EmailAddress } from './email.ts';
import type { GetAnswer, IdentityId } from './wire.ts';

export interface Identity {
  id: IdentityId;
  name: string;
  email: string;
  replyTo: EmailAddress[] | null;
  textSignature: string;
  htmlSignature: string;
}

export function identityGet(client: JmapClient): Call<GetAnswer<Identity>> {
  return client.call('Identity/get', { ids: null });
}
