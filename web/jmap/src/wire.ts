/** The shapes that travel: requests, responses, ids. RFC 8620 §3. */

/** A JMAP id; each kind of record has a type of its own, so that two ids never change places. */
export type Id<Kind extends string> = string & { readonly __kind?: Kind };
export type AccountId = Id<'Account'>;
export type MailboxId = Id<'Mailbox'>;
export type EmailId = Id<'Email'>;
export type ThreadId = Id<'Thread'>;
export type BlobId = Id<'Blob'>;
export type IdentityId = Id<'Identity'>;
export type SubmissionId = Id<'EmailSubmission'>;
/** `YYYY-MM-DDTHH:MM:SSZ`. RFC 8620 §1.4. */
export type UtcDate = string;
/** The state of all records of one type, opaque. RFC 8620 §1.6.3 and §5.1. */
export type StateString = string;

export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue | undefined };

/** Points into the answer of an earlier call of the same request. RFC 8620 §3.7. */
export interface ResultReference {
  resultOf: string;
  name: string;
  path: string;
}

export type Invocation = [name: string, args: Record<string, unknown>, callId: string];

export interface RequestBody {
  using: string[];
  methodCalls: Invocation[];
}

export interface ResponseBody {
  methodResponses: Invocation[];
  sessionState: string;
}

/** RFC 8620 §5.3. `type` is an open set, so it stays a string. */
export interface SetError {
  type: string;
  description?: string | null;
  properties?: string[];
}

export interface GetAnswer<T> {
  accountId: AccountId;
  state: StateString;
  list: T[];
  notFound: string[];
}

export interface ChangesAnswer {
  accountId: AccountId;
  oldState: StateString;
  newState: StateString;
  hasMoreChanges: boolean;
  created: string[];
  updated: string[];
  destroyed: string[];
}

export interface SetAnswer<T> {
  accountId: AccountId;
  oldState?: StateString | null;
  newState: StateString;
  created?: Record<string, T> | null;
  updated?: Record<string, Partial<T> | null> | null;
  destroyed?: string[] | null;
  notCreated?: Record<string, SetError> | null;
  notUpdated?: Record<string, SetError> | null;
  notDestroyed?: Record<string, SetError> | null;
}

export interface QueryAnswer {
  accountId: AccountId;
  queryState: StateString;
  canCalculateChanges: boolean;
  position: number;
  ids: string[];
  total?: number;
  limit?: number;
}

export interface QueryChangesAnswer {
  accountId: AccountId;
  oldQueryState: StateString;
  newQueryState: StateString;
  total?: number;
  removed: string[];
  added: { id: string; index: number }[];
}

export const CAPABILITY = {
  core: 'urn:ietf:params:jmap:core',
  mail: 'urn:ietf:params:jmap:mail',
  submission: 'urn:ietf:params:jmap:submission',
  /** Not of every server: see service.ts. */
  service: 'https://casella.example/jmap/service',
} as const;
