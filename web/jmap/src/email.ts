/** Email methods. RFC 8621 §4. */
import { offersService } from './service.ts';
import type { Call, JmapClient } from './client.ts';
import type {
  BlobId,
  ChangesAnswer,
  EmailId,
  GetAnswer,
  MailboxId,
  QueryAnswer,
  QueryChangesAnswer,
  ResultReference,
  SetAnswer,
  StateString,
  ThreadId,
  UtcDate,
} from './wire.ts';

/** RFC 8621 §4.1.2.3 */
export interface EmailAddress {
  name: string | null;
  email: string;
}

/** RFC 8621 §4.1.4 */
export interface BodyPart {
  partId: string | null;
  blobId: BlobId | null;
  size: number;
  name: string | null;
  type: string;
  charset: string | null;
  disposition: string | null;
  cid: string | null;
}

export interface BodyValue {
  value: string;
  isEncodingProblem: boolean;
  isTruncated: boolean;
}

/** What a row of the list needs. */
export interface EmailRow {
  id: EmailId;
  threadId: ThreadId;
  mailboxIds: Record<MailboxId, true>;
  keywords: Record<string, true>;
  from: EmailAddress[] | null;
  to: EmailAddress[] | null;
  subject: string | null;
  receivedAt: UtcDate;
  preview: string;
  hasAttachment: boolean;
  size: number;
}

/** What the message view needs besides the row. */
export interface EmailFull extends EmailRow {
  blobId: BlobId;
  cc: EmailAddress[] | null;
  bcc: EmailAddress[] | null;
  replyTo: EmailAddress[] | null;
  sentAt: string | null;
  messageId: string[] | null;
  inReplyTo: string[] | null;
  references: string[] | null;
  textBody: BodyPart[];
  htmlBody: BodyPart[];
  attachments: BodyPart[];
  bodyValues: Record<string, BodyValue>;
  /** Whether it is the brand's own, or only claims to be; of a server with our extension. */
  voice?: 'genuine' | 'pretended' | null;
}

/** The keywords this client knows. RFC 8621 §4.1.1. */
export const KEYWORD = {
  seen: '$seen',
  flagged: '$flagged',
  answered: '$answered',
  draft: '$draft',
  forwarded: '$forwarded',
} as const;

const ROW_PROPERTIES = [
  'id',
  'threadId',
  'mailboxIds',
  'keywords',
  'from',
  'to',
  'subject',
  'receivedAt',
  'preview',
  'hasAttachment',
  'size',
];
const FULL_PROPERTIES = [
  ...ROW_PROPERTIES,
  'blobId',
  'cc',
  'bcc',
  'replyTo',
  'sentAt',
  'messageId',
  'inReplyTo',
  'references',
  'textBody',
  'htmlBody',
  'attachments',
  'bodyValues',
];
const BODY_PROPERTIES = ['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid'];

/** Longest body we show; the rest is behind "download". In bytes of each text part. */
export const BODY_BYTES_MAX = 2_000_000;

export interface EmailFilter {
  inMailbox?: MailboxId;
  text?: string;
}

/** Newest first: the only order the list has. */
const SORT = [{ property: 'receivedAt', isAscending: false }];

export function emailQuery(
  client: JmapClient,
  filter: EmailFilter,
  window: { position: number; limit: number; calculateTotal: boolean },
): Call<QueryAnswer> {
  return client.call('Email/query', { filter, sort: SORT, collapseThreads: false, ...window });
}

export function emailQueryChanges(
  client: JmapClient,
  filter: EmailFilter,
  since: { sinceQueryState: StateString; upToId: EmailId | null },
): Call<QueryChangesAnswer> {
  const upToId = since.upToId === null ? {} : { upToId: since.upToId };
  return client.call('Email/queryChanges', {
    filter,
    sort: SORT,
    collapseThreads: false,
    calculateTotal: true,
    sinceQueryState: since.sinceQueryState,
    ...upToId,
  });
}

/** Rows by id, or by reference to a query of the same request. */
export function emailRows(client: JmapClient, ids: EmailId[] | ResultReference): Call<GetAnswer<EmailRow>> {
  const which = Array.isArray(ids) ? { ids } : { '#ids': ids };
  return client.call('Email/get', { ...which, properties: ROW_PROPERTIES });
}

export function emailFull(client: JmapClient, id: EmailId): Call<GetAnswer<EmailFull>> {
  return client.call('Email/get', {
    ids: [id],
    properties: offersService(client) ? [...FULL_PROPERTIES, 'voice'] : FULL_PROPERTIES,
    bodyProperties: BODY_PROPERTIES,
    fetchTextBodyValues: true,
    fetchHTMLBodyValues: true,
    maxBodyValueBytes: BODY_BYTES_MAX,
  });
}

export function emailChanges(client: JmapClient, sinceState: StateString): Call<ChangesAnswer> {
  return client.call('Email/changes', { sinceState, maxChanges: 500 });
}

/** JSON pointers to new values; null takes the key away. RFC 8620 §5.3. */
export type EmailPatch = Record<string, true | null>;

/** RFC 8621 §4.6: either a part of its own text, or a blob. */
export type BodyPartCreate =
  | { partId: string; type: string }
  | { blobId: BlobId; type: string; name: string | null; disposition: string; cid?: string };

export interface EmailCreate {
  mailboxIds: Record<MailboxId, true>;
  keywords: Record<string, true>;
  from: EmailAddress[];
  to: EmailAddress[];
  cc?: EmailAddress[];
  bcc?: EmailAddress[];
  subject: string;
  inReplyTo?: string[];
  references?: string[];
  textBody?: BodyPartCreate[];
  htmlBody?: BodyPartCreate[];
  attachments?: BodyPartCreate[];
  bodyValues: Record<string, { value: string }>;
}

export function emailSet(
  client: JmapClient,
  change: { create?: Record<string, EmailCreate>; update?: Record<EmailId, EmailPatch>; destroy?: EmailId[] },
): Call<SetAnswer<{ id: EmailId; blobId: BlobId; threadId: ThreadId; size: number }>> {
  return client.call('Email/set', { ...change });
}
