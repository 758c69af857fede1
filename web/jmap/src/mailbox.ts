/** Mailbox methods. RFC 8621 §2. */
import type { Call, JmapClient } from './client.ts';
import type { ChangesAnswer, GetAnswer, MailboxId, SetAnswer, StateString } from './wire.ts';

export interface Mailbox {
  id: MailboxId;
  name: string;
  parentId: MailboxId | null;
  /** RFC 8621 §2: a lower-case IMAP special-use name, or null. */
  role: string | null;
  sortOrder: number;
  totalEmails: number;
  unreadEmails: number;
  myRights?: Partial<MailboxRights>;
}

export interface MailboxRights {
  mayReadItems: boolean;
  mayAddItems: boolean;
  mayRemoveItems: boolean;
  maySetSeen: boolean;
  maySetKeywords: boolean;
  mayCreateChild: boolean;
  mayRename: boolean;
  mayDelete: boolean;
  maySubmit: boolean;
}

const PROPERTIES = ['id', 'name', 'parentId', 'role', 'sortOrder', 'totalEmails', 'unreadEmails', 'myRights'];

/** All mailboxes, or those named by id. */
export function mailboxGet(client: JmapClient, ids: MailboxId[] | null): Call<GetAnswer<Mailbox>> {
  return client.call('Mailbox/get', { ids, properties: PROPERTIES });
}

export function mailboxChanges(client: JmapClient, sinceState: StateString): Call<ChangesAnswer> {
  return client.call('Mailbox/changes', { sinceState });
}

export interface MailboxPatch {
  name?: string;
  parentId?: MailboxId | null;
}

export function mailboxSet(
  client: JmapClient,
  change: {
    create?: Record<string, MailboxPatch>;
    update?: Record<string, MailboxPatch>;
    destroy?: MailboxId[];
  },
): Call<SetAnswer<Mailbox>> {
  return client.call('Mailbox/set', { ...change });
}
