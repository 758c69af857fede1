/** Proves that every view and every address is whole: who sees what, and where the address bar leads. */
import { expect, test } from 'vitest';
import { ORDERS } from '../../src/api/order.ts';
import { HOME, parted, readRoute, to, VIEWS, writeRoute, type Route } from '../../src/route.ts';
import { SHOWN, visible } from '../../src/views.ts';

test.each(VIEWS)('%s is there for whoever has one of its orders, and for nobody else', (view) => {
  for (const order of SHOWN[view].needs) expect(visible(new Set([order]))).toContain(view);
  const others = ORDERS.filter((order) => !SHOWN[view].needs.includes(order));

  expect(visible(new Set(others))).not.toContain(view);
});

test('whoever may do nothing sees nothing; whoever may do all sees all, in their order', () => {
  expect(visible(new Set())).toEqual([]);
  expect(visible(new Set(ORDERS))).toEqual([...VIEWS]);
});

const routes: Route[] = [
  HOME,
  { view: 'accounts', what: 'find/anna@posta.example' },
  { view: 'vaults', what: 'odd name/50%#?' },
  { view: 'incidents', what: '12' },
];

test.each(routes)('%j comes back as it was', (route) => {
  expect(readRoute(writeRoute(route))).toEqual(route);
});

test.each(['', '#', '#/', '#/nowhere', '#/%E0%A4%A'])('%j is the overview', (hash) => {
  expect(readRoute(hash)).toEqual(HOME);
});

test('a link names one thing', () => {
  expect(to('incidents', 3)).toBe('#/incidents/3');
  expect(parted('find/a/b')).toEqual(['find', 'a/b']);
  expect(parted('3')).toEqual(['3', '']);
  // As somebody writes it by hand.
  expect(readRoute('#/accounts/find/anna')).toEqual({ view: 'accounts', what: 'find/anna' });
});
