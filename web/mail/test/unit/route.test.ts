/** Proves that what the address bar says comes back as what was on screen, and that nonsense is the inbox. */
import { expect, test } from 'vitest';
import { INBOX, readRoute, withEmail, writeRoute, type Route } from '../../src/route.ts';

const routes: Route[] = [
  INBOX,
  { name: 'mailbox', mailbox: 'inbox', email: 'e1' },
  { name: 'mailbox', mailbox: 'mb/with?odd#signs', email: 'e/1' },
  { name: 'mailbox', mailbox: 'search', email: null },
  { name: 'search', text: 'città & 50%/2', email: null },
  { name: 'search', text: 'x', email: 'e1' },
  { name: 'folders' },
];

test.each(routes)('%j', (route) => {
  expect(readRoute(writeRoute(route))).toEqual(route);
});

test.each(['', '#', '#/', '#/nowhere/e1', '#/search', '#/folder', '#/%E0%A4%A'])(
  '%j is the inbox',
  (hash) => {
    expect(readRoute(hash)).toEqual(INBOX);
  },
);

test('opening an email keeps the list it is in', () => {
  expect(withEmail({ name: 'search', text: 'x', email: null }, 'e1')).toEqual({
    name: 'search',
    text: 'x',
    email: 'e1',
  });
  expect(withEmail({ name: 'folders' }, 'e1')).toEqual({ ...INBOX, email: 'e1' });
});
