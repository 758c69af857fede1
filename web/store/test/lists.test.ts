/** Proves that mailboxes, rows and lists show what the server says, at the cost of what is in view. */
import { expect, test, vi } from 'vitest';
import { EmailList, Emails, Mailboxes, place } from '../src/index.ts';
import { Dialogue } from '../../jmap/test/dialogue.ts';
import { row } from './play.ts';

const read = (name: string) => Dialogue.read(import.meta.url, name);

function listOf(d: Dialogue) {
  const client = d.client();
  const emails = new Emails(client);
  return { emails, list: new EmailList(client, emails, { inMailbox: 'inbox' }) };
}

test('mailboxes stand in their order, and stay when the server goes away', async () => {
  const d = read('mailboxes.txt');
  const mailboxes = new Mailboxes(d.client());

  await mailboxes.load();
  expect(mailboxes.list.map(({ name, depth }) => `${depth} ${name}`)).toEqual([
    '0 Inbox',
    '0 Trash',
    '0 Casa',
    '1 Bollette',
    '0 Zattere',
  ]);

  await mailboxes.load();
  expect(mailboxes.list).toHaveLength(5);
  expect(mailboxes.state.value).toMatchObject({ name: 'ready', failure: { kind: 'unavailable' } });
  d.over();
});

test('mailboxes whose parents run in a circle are shown all the same', () => {
  const one = { name: 'x', role: null, sortOrder: 0, totalEmails: 0, unreadEmails: 0 };

  const placed = place([
    { ...one, id: 'a', parentId: 'b' },
    { ...one, id: 'b', parentId: 'a' },
    { ...one, id: 'c', parentId: 'nobody' },
  ]);

  expect(placed.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
});

test('a list is read by windows, each once', async () => {
  const d = read('list.txt');
  const { list, emails } = listOf(d);

  await list.reload();
  expect(list.state.value).toMatchObject({ name: 'ready', total: 120 });
  expect([list.at(0), list.at(2), list.at(3)]).toEqual(['e0', 'e2', undefined]);
  expect(emails.row('e1')?.id).toBe('e1');

  await Promise.all([list.need(50, 52), list.need(50, 52)]);
  expect(list.at(51)).toBe('e51');

  await list.need(2, 5);
  expect(list.at(4)).toBe('e4');
  await list.need(100, 120);
  expect(list.state.value).toMatchObject({ name: 'ready', total: 100 });
  await list.need(100, 120);
  d.over();
});

test('a list follows the changes of its places, and is read anew when they cannot be told', async () => {
  const d = read('list-changes.txt');
  const { list } = listOf(d);
  const rows = () => Array.from({ length: list.total }, (_, at) => list.at(at));

  await list.reload();
  await list.catchUp();
  expect(rows()).toEqual(['n', 'a', 'c']);

  await list.catchUp();
  expect(rows()).toEqual(['x', 'y']);

  await list.catchUp();
  expect(rows()).toEqual(['x', 'y']);
  expect(list.state.value).toMatchObject({ name: 'ready', failure: null });
  d.over();
});

test('a list that cannot be read at all says why', async () => {
  const d = Dialogue.of('C: Email/query { … }\nC: Email/get { … }\nS: status 503');
  const { list } = listOf(d);

  await list.reload();

  expect(list.state.value).toMatchObject({ name: 'failed', failure: { kind: 'unavailable' } });
  d.over();
});

test('known rows follow the changes of the server', async () => {
  const d = read('emails.txt');
  const emails = new Emails(d.client());
  emails.learn([row('a'), row('b')], 's1');
  const redrawn = vi.fn();
  emails.of('a').subscribe(redrawn);

  expect(await emails.catchUp()).toBe(true);
  expect(emails.row('a')?.keywords).toEqual({ $flagged: true });
  expect(emails.of('b').value.name).toBe('gone');
  expect(redrawn).toHaveBeenCalledTimes(1);

  expect(await emails.catchUp()).toBe(false);
  d.over();
});

test('what the reader did stays on a row while the server still says otherwise', () => {
  const emails = new Emails(Dialogue.of('').client());
  emails.learn([row('a')], 's1');

  const settle = emails.expect(['a'], { 'keywords/$seen': true });
  emails.learn([row('a', { subject: 'later' })], 's1');

  expect(emails.row('a')).toMatchObject({ subject: 'later', keywords: { $seen: true } });
  settle(false);
  expect(emails.row('a')?.keywords).toEqual({});
});
