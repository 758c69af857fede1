/** Proves that no typed word is lost and that nothing is sent twice. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  Draft,
  EMPTY_DRAFT,
  Leftovers,
  type DraftContent,
  type DraftDesk,
  type Holds,
} from '../src/index.ts';
import { Dialogue, SESSION } from '../../jmap/test/dialogue.ts';
import { JmapClient } from '@casella/jmap';
import { MemoryStorage } from './play.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const identity = {
  id: 'i1',
  name: 'Anna',
  email: 'anna@posta.example',
  replyTo: null,
  textSignature: '',
  htmlSignature: '',
};

function start(d: Dialogue, content: Partial<DraftContent> = {}, storage = new MemoryStorage()) {
  const desk: DraftDesk = {
    client: d.client(),
    leftovers: new Leftovers(storage, 'anna@posta.example'),
    identity: () => identity,
    mailbox: (role) => (role === 'drafts' ? 'dr' : 'se'),
  };
  return { desk, storage, draft: new Draft(desk, 'k1', { ...EMPTY_DRAFT, ...content }, null) };
}

test('words are kept here at a pause, on the server after seconds, and the older copy goes last', async () => {
  const d = Dialogue.read(import.meta.url, 'draft-save.txt');
  const { draft, desk } = start(d);
  const here = () => desk.leftovers.all()[0]?.content.text;

  draft.edit({ subject: 'Lago', text: 'Ci' });
  draft.edit({ text: 'Ciao' });
  expect(draft.state.value.name).toBe('edited');
  await vi.advanceTimersByTimeAsync(400);
  expect(draft.state.value.name).toBe('keptHere');
  expect(here()).toBe('Ciao');
  await vi.advanceTimersByTimeAsync(2_700);
  expect(draft.state.value.name).toBe('kept');
  expect(here()).toBeUndefined();

  draft.edit({ text: 'Ciao Bruno' });
  await vi.advanceTimersByTimeAsync(3_100);
  expect(draft.serverId).toBe('d2');

  draft.edit({ text: 'Ciao Bruno,' });
  await vi.advanceTimersByTimeAsync(3_100);
  expect(draft.state.value).toMatchObject({ name: 'notKept', here: true });
  expect(here()).toBe('Ciao Bruno,');
  await vi.advanceTimersByTimeAsync(10_100);
  expect(draft.state.value.name).toBe('kept');
  expect(here()).toBeUndefined();
  d.over();
});

test('a browser without room is told, and the server still gets the words', async () => {
  const d = Dialogue.of('C: Email/set { … }\nS: status 503');
  const storage = new MemoryStorage();
  storage.full = true;
  const { draft } = start(d, {}, storage);

  draft.edit({ text: 'Ciao' });
  await vi.advanceTimersByTimeAsync(3_100);

  expect(draft.state.value).toMatchObject({ name: 'notKept', here: false });
  d.over();
});

test('a draft closed while the server is away still gets there', async () => {
  const d = Dialogue.of(`
C: Email/set { … }
S: lost
C: Email/set { … }
S: {"newState":"2", "created":{"d":{"id":"d1","blobId":"b1","threadId":"t1","size":10}}}`);
  const { draft, desk } = start(d);
  draft.edit({ text: 'Ciao' });

  await draft.close();
  expect(desk.leftovers.all()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_100);

  expect(draft.state.value.name).toBe('kept');
  expect(desk.leftovers.all()).toEqual([]);
  d.over();
});

test('an answer is sent, leaves the drafts in the same step and marks what it answers', async () => {
  const d = Dialogue.read(import.meta.url, 'send.txt');
  const { draft, desk } = start(d, {
    subject: 'Re: Lago',
    inReplyTo: ['<q@x>'],
    references: ['<q@x>'],
    about: { id: 'q', kind: 'answered' },
  });

  draft.edit({ to: 'bruno@virgola.example', text: 'Sì' });
  await draft.send();

  expect(draft.state.value.name).toBe('sent');
  expect(desk.leftovers.all()).toEqual([]);
  d.over();
});

test.each([
  ['send-lost.txt', 'it was sent after all'],
  ['send-lost-before.txt', 'it never arrived'],
])('a lost answer does not send twice (%s)', async (script) => {
  const d = Dialogue.read(import.meta.url, script);
  const { draft } = start(d);
  draft.edit({ to: 'bruno@virgola.example' });

  await draft.send();
  expect(draft.state.value).toMatchObject({ name: 'notSent', failure: { kind: 'unreachable' } });

  await draft.send();
  expect(draft.state.value.name).toBe('sent');
  d.over();
});

test('what the server refuses to send stays a draft', async () => {
  const d = Dialogue.read(import.meta.url, 'send-refused.txt');
  const { draft } = start(d);
  draft.edit({ to: 'bruno@virgola.example' });

  await draft.send();

  expect(draft.state.value).toMatchObject({ name: 'notSent', failure: { code: 'forbiddenToSend' } });
  d.over();
});

test('an email that is not ready says what is in the way', () => {
  const { draft, desk } = start(Dialogue.of(''));
  const way = (to: string) => {
    draft.edit({ to });
    return draft.obstacle()?.name ?? null;
  };

  expect(way('')).toBe('noRecipient');
  expect(way('bruno')).toBe('doubtful');
  expect(way(Array.from({ length: 501 }, (_, at) => `p${at}@x.example`).join(','))).toBe('tooManyRecipients');
  expect(way('Bruno <bruno@virgola.example>')).toBeNull();
  desk.identity = () => null;
  expect(way('bruno@virgola.example')).toBe('noIdentity');
});

test('a failed upload can be tried again and holds the sending back until then', async () => {
  let up = false;
  const storage = new MemoryStorage();
  const client = new JmapClient(SESSION, async () => {
    if (!up) throw new TypeError('network');
    return Response.json({ accountId: 'a', blobId: 'b7', type: 'text/plain', size: 2 });
  });
  const desk: DraftDesk = {
    client,
    leftovers: new Leftovers(storage, 'a'),
    identity: () => identity,
    mailbox: () => 'dr',
  };
  const draft = new Draft(desk, 'k', { ...EMPTY_DRAFT, to: 'bruno@virgola.example' }, null);

  await draft.attach(new File(['hi'], 'hi.txt', { type: 'text/plain' }));
  expect(draft.uploads.value[0]?.state).toMatchObject({ name: 'failed', failure: { kind: 'unreachable' } });
  expect(draft.obstacle()?.name).toBe('notUploaded');

  up = true;
  await draft.retryUpload(1);
  expect(draft.uploads.value).toEqual([]);
  expect(draft.content.value.attachments).toEqual([
    { blobId: 'b7', name: 'hi.txt', type: 'text/plain', size: 2 },
  ]);
  expect(draft.obstacle()).toBeNull();
});

test('sending waits for the files on their way', async () => {
  let arrive = (): void => undefined;
  const sent: string[] = [];
  const client = new JmapClient(SESSION, async (url, init) => {
    if (url !== SESSION.apiUrl) {
      await new Promise<void>((resolve) => (arrive = resolve));
      return Response.json({ accountId: 'a', blobId: 'b7', type: 'text/plain', size: 2 });
    }
    const [[method, args]] = (JSON.parse(String(init.body)) as { methodCalls: [[string, object]] })
      .methodCalls;
    sent.push(method === 'Email/set' && JSON.stringify(args).includes('b7') ? 'Email/set with file' : method);
    const created = { d: { id: 'd1' }, s: { id: 's1' } };
    return Response.json({ methodResponses: [[method, { created }, 'c0']], sessionState: '1' });
  });
  const { desk } = start(Dialogue.of(''));
  const draft = new Draft({ ...desk, client }, 'k', { ...EMPTY_DRAFT, to: 'bruno@virgola.example' }, null);

  void draft.attach(new File(['hi'], 'hi.txt', { type: 'text/plain' }));
  const sending = draft.send();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([draft.state.value.name, sent]).toEqual(['sending', []]);
  arrive();
  await sending;

  expect(draft.state.value.name).toBe('sent');
  expect(sent).toEqual(['Email/set with file', 'EmailSubmission/set']);
});

test('leftovers belong to one address, newest first, and what cannot be read is left alone', () => {
  const storage = new MemoryStorage();
  const anna = new Leftovers(storage, 'anna@posta.example');
  const content = { ...EMPTY_DRAFT, text: 'x' };

  anna.keep({ key: '1', content, serverId: null, savedAt: 1 });
  anna.keep({ key: '2', content, serverId: 'd', savedAt: 2 });
  storage.setItem('casella.draft.anna@posta.example.3', '{"version":99}');
  storage.setItem('casella.draft.anna@posta.example.4', 'not json');

  expect(anna.all().map(({ key }) => key)).toEqual(['2', '1']);
  expect(new Leftovers(storage, 'bruno@virgola.example').all()).toEqual([]);
  expect(storage.length).toBe(4);
});

test('a draft another page is writing is no leftover, until that page is gone', async () => {
  const storage = new MemoryStorage();
  const names = new Set<string>();
  const holds: Holds = {
    take: (name) => (names.add(name), () => void names.delete(name)),
    taken: async () => names,
  };
  const leftovers = new Leftovers(storage, 'anna@posta.example', holds);
  leftovers.keep({ key: '1', content: EMPTY_DRAFT, serverId: null, savedAt: 1 });

  const release = leftovers.hold('1');
  expect(await leftovers.abandoned()).toEqual([]);
  release();
  expect((await leftovers.abandoned()).map(({ key }) => key)).toEqual(['1']);
});
