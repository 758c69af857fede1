/** The JMAP methods the webmail calls, answered from memory. For tests only: it trusts its caller. */
import type { EmailAddress, Service } from '@casella/jmap';
import { ownList } from './own.ts';
import type { FakeAccount, FakeEmail, FakePart } from './state.ts';

type Args = Record<string, unknown>;
export interface World {
  accounts: Map<string, FakeAccount>;
}
type Answer = [name: string, args: object];

const error = (type: string): Answer => ['error', { type }];
const day = 86_400_000;

export function run(world: World, me: FakeAccount, method: string, args: Args): Answer[] {
  if (me.received !== null && isClosed(me.received, method, args)) return [error('serverUnavailable')];
  const own = ownList(method);
  const kept = me.helps.answer(method, args) ?? me.second.answer(method, args);
  if (kept) return [[method, kept]];
  if (own) return [[method, { state: '1', list: own, notFound: [] }]];
  switch (method) {
    case 'Service/get':
      return [[method, { state: me.state, list: [service(me.received)], notFound: [] }]];
    case 'Notice/get':
      return [[method, { state: 'none', list: [], notFound: [] }]];
    case 'Mailbox/get':
      return [
        [
          method,
          { state: me.state, list: [...me.mailboxes.values()].map((m) => me.counted(m)), notFound: [] },
        ],
      ];
    case 'Mailbox/changes':
    case 'Email/changes': {
      const changes = me.changes(
        method === 'Email/changes' ? 'Email' : 'Mailbox',
        String(args['sinceState']),
      );
      if (!changes) return [error('cannotCalculateChanges')];
      return [
        [method, { ...changes, oldState: args['sinceState'], newState: me.state, hasMoreChanges: false }],
      ];
    }
    case 'Email/query':
      return [[method, query(me, args)]];
    case 'Email/queryChanges':
      return [error('cannotCalculateChanges')];
    case 'Email/get':
      return [[method, get(me, args)]];
    case 'Email/set':
      return [[method, set(me, args)]];
    case 'Identity/get':
      return [
        [
          method,
          {
            state: '1',
            notFound: [],
            list: [
              {
                id: 'i1',
                name: me.name,
                email: me.address,
                replyTo: null,
                textSignature: '',
                htmlSignature: '',
              },
            ],
          },
        ],
      ];
    case 'EmailSubmission/set':
      return submit(world, me, method, args);
    default:
      return [error('unknownMethod')];
  }
}

/** In a fault no change is told or taken, and one folder is read. */
function isClosed(received: string, method: string, args: Args): boolean {
  const filter = (args['filter'] ?? {}) as { inMailbox?: string };
  return (
    ['Email/changes', 'Email/set', 'EmailSubmission/set', 'Reckoning/get'].includes(method) ||
    (method === 'Email/query' && filter.inMailbox !== received)
  );
}

function service(received: string | null): Service {
  const whole = received === null;
  return {
    id: 'singleton',
    state: whole ? 'live' : 'continuation',
    since: whole ? null : '2026-11-22T08:00:00Z',
    reduced: !whole,
    mayReadEarlier: whole,
    mayReadContents: true,
    mayChange: whole,
    maySubmit: whole,
    receivedMailboxId: received,
  };
}

function query(me: FakeAccount, args: Args): object {
  const filter = (args['filter'] ?? {}) as { inMailbox?: string; text?: string };
  const position = Number(args['position'] ?? 0);
  const limit = Number(args['limit'] ?? 50);
  const base = { queryState: me.state, canCalculateChanges: false, position };
  const endless = filter.inMailbox === undefined ? undefined : me.endless.get(filter.inMailbox);
  if (endless !== undefined) {
    const length = Math.max(0, Math.min(limit, endless - position));
    return { ...base, total: endless, ids: Array.from({ length }, (_, at) => `endless-${position + at}`) };
  }
  const ids = me.list(filter.inMailbox, filter.text);
  return { ...base, total: ids.length, ids: ids.slice(position, position + limit) };
}

function get(me: FakeAccount, args: Args): object {
  const ids = (args['ids'] ?? []) as string[];
  const wanted = args['properties'] as (keyof FakeEmail)[];
  const found = ids.map((id) => me.emails.get(id) ?? madeUp(id)).filter((email) => email !== undefined);
  const list = found.map((email) =>
    Object.fromEntries(wanted.map((property) => [property, email[property]])),
  );
  return { state: me.state, list, notFound: ids.filter((id) => !found.some((email) => email.id === id)) };
}

/** Row `n` of a million. */
function madeUp(id: string): FakeEmail | undefined {
  const row = /^endless-(\d+)$/.exec(id)?.[1];
  if (row === undefined) return undefined;
  const receivedAt = new Date(Date.now() - Number(row) * 60_000).toISOString();
  return {
    ...bare(id),
    subject: `Numero ${row}`,
    preview: `Riga ${row} di un elenco molto lungo.`,
    receivedAt,
    from: [{ name: `Mittente ${row}`, email: `m${row}@posta.example` }],
    keywords: { $seen: true },
    mailboxIds: { 'mb-archive': true },
  };
}

function bare(id: string): FakeEmail {
  return {
    id,
    blobId: `b-${id}`,
    threadId: `t-${id}`,
    mailboxIds: {},
    keywords: {},
    from: null,
    to: null,
    cc: null,
    bcc: null,
    replyTo: null,
    subject: null,
    receivedAt: new Date().toISOString(),
    sentAt: null,
    preview: '',
    hasAttachment: false,
    size: 100,
    messageId: [`${id}@posta.example`],
    inReplyTo: null,
    references: null,
    textBody: [],
    htmlBody: [],
    attachments: [],
    bodyValues: {},
  };
}

function set(me: FakeAccount, args: Args): object {
  const answer = {
    oldState: me.state,
    newState: '',
    created: {} as Record<string, object>,
    updated: {} as Record<string, null>,
    destroyed: [] as string[],
    notCreated: {} as Record<string, object>,
    notUpdated: {} as Record<string, object>,
    notDestroyed: {} as Record<string, object>,
  };
  for (const [key, value] of Object.entries((args['create'] ?? {}) as Record<string, Args>)) {
    const email = create(me, value);
    me.put(email);
    answer.created[key] = { id: email.id, blobId: email.blobId, threadId: email.threadId, size: email.size };
  }
  for (const [id, patch] of Object.entries((args['update'] ?? {}) as Record<string, Args>)) {
    if (change(me, id, patch)) answer.updated[id] = null;
    else answer.notUpdated[id] = { type: 'notFound' };
  }
  for (const id of (args['destroy'] ?? []) as string[]) {
    if (me.drop(id)) answer.destroyed.push(id);
    else answer.notDestroyed[id] = { type: 'notFound' };
  }
  return { ...answer, newState: me.state };
}

export function change(me: FakeAccount, id: string, patch: Args): boolean {
  const email = me.emails.get(id);
  if (!email) return false;
  const next = { ...email, keywords: { ...email.keywords }, mailboxIds: { ...email.mailboxIds } };
  for (const [pointer, value] of Object.entries(patch)) {
    const [property, key = ''] = pointer.split('/');
    const target: Record<string, true> = property === 'keywords' ? next.keywords : next.mailboxIds;
    if (value === null) delete target[key];
    else target[key] = true;
  }
  me.put(next);
  return true;
}

/** RFC 8621 §4.6, as far as drafts and test mail need it. */
export function create(me: FakeAccount, from: Args): FakeEmail {
  const id = me.freshId('e');
  const values = (from['bodyValues'] ?? {}) as Record<string, { value: string }>;
  const part = (given: Partial<FakePart> & { type: string }): FakePart => ({
    partId: given.partId ?? null,
    blobId: given.blobId ?? `b-${id}-${given.partId}`,
    name: given.name ?? null,
    size: given.blobId
      ? (me.blobs.get(given.blobId)?.bytes.length ?? 0)
      : (values[given.partId ?? '']?.value.length ?? 0),
    type: given.type,
    charset: 'utf-8',
    disposition: given.disposition ?? null,
    cid: given.cid ?? null,
  });
  const parts = (name: string) => ((from[name] ?? []) as FakePart[]).map(part);
  const people = (name: string) => (from[name] as EmailAddress[] | undefined) ?? null;
  const text = parts('textBody');
  const html = parts('htmlBody');
  const body = Object.values(values)
    .map(({ value }) => value.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' '))
    .join(' ');
  const email: FakeEmail = {
    ...bare(id),
    mailboxIds: (from['mailboxIds'] ?? {}) as Record<string, true>,
    keywords: (from['keywords'] ?? {}) as Record<string, true>,
    from: people('from'),
    to: people('to'),
    cc: people('cc'),
    bcc: people('bcc'),
    replyTo: people('replyTo'),
    subject: (from['subject'] as string | undefined) ?? null,
    receivedAt: (from['receivedAt'] as string | undefined) ?? new Date().toISOString(),
    sentAt: (from['sentAt'] as string | undefined) ?? new Date().toISOString(),
    preview: body.replace(/\s+/g, ' ').trim().slice(0, 200),
    inReplyTo: (from['inReplyTo'] as string[] | undefined) ?? null,
    references: (from['references'] as string[] | undefined) ?? null,
    textBody: text.length > 0 ? text : html,
    htmlBody: html.length > 0 ? html : text,
    attachments: parts('attachments'),
    hasAttachment: parts('attachments').some(({ disposition }) => disposition === 'attachment'),
    bodyValues: Object.fromEntries(
      Object.entries(values).map(([key, { value }]) => [
        key,
        { value, isEncodingProblem: false, isTruncated: false },
      ]),
    ),
  };
  return { ...email, size: body.length + 400 };
}

function submit(world: World, me: FakeAccount, method: string, args: Args): Answer[] {
  const created: Record<string, object> = {};
  const notCreated: Record<string, object> = {};
  const patches: [string, Args][] = [];
  for (const [key, value] of Object.entries((args['create'] ?? {}) as Record<string, Args>)) {
    const email = me.emails.get(String(value['emailId']));
    const people = [...(email?.to ?? []), ...(email?.cc ?? []), ...(email?.bcc ?? [])];
    if (!email || people.length === 0) {
      notCreated[key] = { type: email ? 'noRecipients' : 'invalidProperties' };
      continue;
    }
    for (const { email: address } of people) {
      const other = [...world.accounts.values()].find((account) => account.address === address.toLowerCase());
      if (other) deliver(other, me, email);
    }
    created[key] = { id: me.freshId('s') };
    const patch = ((args['onSuccessUpdateEmail'] ?? {}) as Record<string, Args>)[`#${key}`];
    if (patch) patches.push([email.id, patch]);
  }
  for (const [id, patch] of patches) change(me, id, patch);
  const answer: Answer[] = [[method, { newState: me.state, created, notCreated }]];
  if (patches.length > 0) answer.push(['Email/set', { newState: me.state, updated: {} }]);
  return answer;
}

export function deliver(to: FakeAccount, from: FakeAccount, email: FakeEmail): void {
  for (const { blobId } of email.attachments) {
    const blob = from.blobs.get(blobId);
    if (blob) to.blobs.set(blobId, blob);
  }
  to.put({
    ...email,
    id: to.freshId('e'),
    bcc: null,
    keywords: {},
    mailboxIds: { 'mb-inbox': true },
    receivedAt: new Date(Math.min(Date.now(), Date.now() + day)).toISOString(),
  });
}
