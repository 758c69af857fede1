/** Proves that what the reader does shows at once, can be undone, and is taken back when it is refused. */
import type { Mailbox } from '@casella/jmap';
import { expect, test } from 'vitest';
import { Actions, EmailList, Emails, Mailboxes, place, Selection } from '../src/index.ts';
import { Dialogue } from '../../jmap/test/dialogue.ts';
import { row } from './play.ts';

const mailbox = (id: string, role: string | null, unreadEmails = 0): Mailbox => ({
  id,
  name: id,
  parentId: null,
  role,
  sortOrder: 0,
  totalEmails: 9,
  unreadEmails,
});

function deskOf(d: Dialogue) {
  const client = d.client();
  const emails = new Emails(client);
  const mailboxes = new Mailboxes(client);
  const list = place([mailbox('inbox', 'inbox', 4), mailbox('arc', 'archive'), mailbox('tr', 'trash')]);
  mailboxes.state.set({ name: 'ready', list, failure: null });
  const shown = new EmailList(client, emails, { inMailbox: 'inbox' });
  const actions = new Actions(client, emails, mailboxes, () => shown);
  emails.learn([row('a'), row('b', { keywords: { $seen: true } })], 's1');
  return { actions, emails, mailboxes, unread: (id: string) => mailboxes.byId(id)?.unreadEmails };
}

test('archiving shows at once, counts at once, and can be undone', async () => {
  const d = Dialogue.read(import.meta.url, 'archive-undo.txt');
  const { actions, emails, unread } = deskOf(d);

  const going = actions.archive(['a', 'b']);
  expect(emails.row('a')?.mailboxIds).toEqual({ arc: true });
  expect([unread('inbox'), unread('arc')]).toEqual([3, 1]);
  await going;

  const notice = actions.notice.value;
  expect(notice).toMatchObject({ name: 'done', deed: 'archived', count: 2 });
  if (notice.name === 'done') await notice.undo?.();
  expect(actions.notice.value).toMatchObject({ name: 'undone' });
  expect(emails.row('a')?.mailboxIds).toEqual({ inbox: true });
  expect([unread('inbox'), unread('arc')]).toEqual([4, 0]);
  d.over();
});

test('a refused change is taken back and told', async () => {
  const d = Dialogue.read(import.meta.url, 'refused.txt');
  const { actions, emails } = deskOf(d);

  await actions.flag(['a'], true);

  expect(emails.row('a')?.keywords).toEqual({});
  expect(actions.notice.value).toMatchObject({ name: 'failed', failure: { code: 'forbidden' } });
  d.over();
});

test('nothing is sent for what is so already', async () => {
  const d = Dialogue.of('');
  const { actions } = deskOf(d);

  await actions.markSeen(['b'], true);

  d.over();
});

test('a role without a mailbox is told and changes nothing', async () => {
  const d = Dialogue.of('');
  const { actions, emails } = deskOf(d);

  await actions.junk(['a']);

  expect(actions.notice.value).toMatchObject({ name: 'failed', deed: 'junked' });
  expect(emails.row('a')?.mailboxIds).toEqual({ inbox: true });
});

test('many emails go in parts the server allows', async () => {
  const ids = Array.from({ length: 1_200 }, (_, at) => `m${at}`);
  const sizes: number[] = [];
  const base = Dialogue.of('').client();
  const client = Object.assign(Object.create(base) as typeof base, {
    one: async (call: { args: { update?: object } }) => {
      sizes.push(Object.keys(call.args.update ?? {}).length);
      return { newState: '1' };
    },
  });
  const emails = new Emails(client);
  emails.learn(
    ids.map((id) => row(id)),
    's1',
  );
  const actions = new Actions(client, emails, new Mailboxes(client), () => null);

  await actions.markSeen(ids, true);

  expect(sizes).toEqual([500, 500, 200]);
});

test('a selection grows by single ticks and by stretches', () => {
  const selection = new Selection();
  const between = (from: string, to: string) => [from, 'c', to];

  selection.toggle('b');
  selection.extend('d', between);
  expect([...selection.ids.value]).toEqual(['b', 'c', 'd']);

  selection.toggle('c');
  selection.drop(['d', 'unknown']);
  expect([...selection.ids.value]).toEqual(['b']);
});
