/** Proves how times, spans and deadlines read, and what is drawn of a plot. */
import { expect, test } from 'vitest';
import { billingCsv, type Credit } from '../../src/api/compensation.ts';
import { complaintExport, type ComplaintLine } from '../../src/api/complaints.ts';
import { Facts } from '../../src/api/facts.ts';
import type { Draft } from '../../src/api/breaches.ts';
import { missing, typedRight } from '../../src/desk/deed.ts';
import { aligned, rows, spread, top } from '../../src/parts/plot.ts';
import { due, moment, span, withOffset } from '../../src/time.ts';
import { byDeadline } from '../../src/views/complaints/deadlines.ts';
import { newestRuns } from '../../src/views/compensation/newest.ts';
import { changes } from '../../src/views/privacy/deeds.ts';

const UNITS = { d: 'd', h: 'h', min: 'min', s: 's' };

test.each([
  [-3, '0 s'],
  [0, '0 s'],
  [59.4, '59 s'],
  [60, '1 min'],
  [3_599, '59 min'],
  [3_600, '1 h'],
  [3_660, '1 h 1 min'],
  [86_399, '23 h 59 min'],
  [86_400, '1 d'],
  [93_600, '1 d 2 h'],
])('%s seconds are %s', (seconds, said) => {
  expect(span(seconds, UNITS)).toBe(said);
});

test('a moment says its year where it is another one', () => {
  const now = new Date('2026-11-23T12:00:00');

  expect(moment('en-GB', '2026-11-20T09:05:00', now)).not.toContain('2026');
  expect(moment('en-GB', '2025-11-20T09:05:00', now)).toContain('2025');
  expect(moment('en-GB', 'nonsense', now)).toBe('nonsense');
});

test('what a field holds is said with the offset of that day', () => {
  const local = '2026-07-01T09:30';

  expect(withOffset('')).toBe('');
  expect(withOffset('nonsense')).toBe('');
  expect(withOffset(local)).toMatch(/^2026-07-01T09:30:00[+-]\d\d:\d\d$/);
  expect(new Date(withOffset(local)).getTime()).toBe(new Date(local).getTime());
});

test('a deadline is late, soon or later', () => {
  const now = new Date('2026-11-23T12:00:00Z');

  expect(due('2026-11-23T11:59:59Z', now)).toBe('late');
  expect(due('2026-11-23T12:00:00Z', now)).toBe('soon');
  expect(due('2026-11-26T12:00:00Z', now)).toBe('soon');
  expect(due('2026-11-26T12:00:01Z', now)).toBe('later');
});

test('complaints stand by their deadlines; who waits for nobody stands apart', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const one = (complaint: number, deadline: string, state = 'open', overdue = false) =>
    ({ complaint, deadline, state, overdue, received: deadline }) as ComplaintLine;
  const groups = byDeadline(
    [
      one(1, '2026-12-20T00:00:00Z'),
      one(2, '2026-11-25T00:00:00Z'),
      one(3, '2026-11-24T00:00:00Z'),
      // The server's clock is right, whatever the reader's says.
      one(4, '2026-11-24T00:00:00Z', 'open', true),
      one(5, '2026-11-01T00:00:00Z', 'answered'),
      one(6, '2026-11-02T00:00:00Z', 'closed'),
    ],
    now,
  );
  const ids = (some: ComplaintLine[]) => some.map(({ complaint }) => complaint);

  expect(ids(groups.late)).toEqual([4]);
  expect(ids(groups.soon)).toEqual([3, 2]);
  expect(ids(groups.later)).toEqual([1]);
  expect(ids(groups.rest)).toEqual([6, 5]);
});

const LINES = [
  {
    label: 'a',
    points: [
      [10, 1],
      [20, 5],
      [30, 2],
    ] as [number, number][],
  },
  {
    label: 'b',
    points: [
      [20, 7],
      [40, 0],
    ] as [number, number][],
  },
];

test('lines over different times are one table, with holes where nothing was measured', () => {
  expect(aligned(LINES)).toEqual([
    [10, 20, 30, 40],
    [1, 5, 2, null],
    [null, 7, null, 0],
  ]);
  expect(rows(LINES, 2)).toEqual([
    { at: 40, values: [null, 0] },
    { at: 20, values: [5, 7] },
  ]);
  expect(top(LINES)).toBe(7);
  expect(top([])).toBe(1);
});

test('labels at the ends keep apart, and stay in the plot', () => {
  expect(spread([50, 52, 10], 15, 200)).toEqual([50, 65, 10]);
  expect(spread([195, 198], 15, 200)).toEqual([185, 200]);
});

test('what must be typed is typed: case and spaces are let be', () => {
  expect(typedRight(' Anna@Posta.example ', 'anna@posta.example')).toBe(true);
  expect(typedRight('anna', 'anna@posta.example')).toBe(false);
  expect(missing([{ name: 'a', label: 'A', kind: 'text', required: true }], { a: '  ' })).toEqual(['a']);
});

test('the file for billing is what the command writes, and a spreadsheet computes nothing in it', () => {
  const credit: Credit = {
    key: 'i/1',
    incident: 1,
    account: 'a1',
    address: '=cmd@posta.example',
    brand: 'po,sta',
    plan: 'say "plus"',
    rule: 'r',
    months: 6,
    quotaBytes: 0,
    state: 'credited',
    at: null,
    ended: null,
  };

  expect(billingCsv([credit])).toBe(
    'key,incident,account,address,brand,plan,rule,months,quotaBytes,state,at,ended\r\n' +
      'i/1,1,a1,\'=cmd@posta.example,"po,sta","say ""plus""",r,6,0,credited,,\r\n',
  );
});

test('cases are exported as the command writes them', () => {
  const row = Facts.of({ number: 'R-1', channel: 'form', inTime: true, months: 6, awayMillis: 5_400_000 });
  const { csv } = complaintExport().read({ facts: Facts.of({ cases: 1 }), rows: [row], more: false });
  const [head = '', first = ''] = csv.split('\r\n');

  expect(head.split(',').slice(-2)).toEqual(['months', 'awayHours']);
  expect(first).toBe('R-1,form,,,,,,true,,,,,,,,6,1.5');
});

test('of a breach only what is new is noted', () => {
  const before: Draft = {
    kinds: ['availability'],
    nature: 'x',
    peopleCategories: '',
    people: 3,
    recordCategories: '',
    records: -1,
    contact: '',
    consequences: '',
    measures: '',
    delay: '',
    counted: [],
  };
  const same = { 'kind.availability': 'yes', nature: 'x', people: '3', records: '' };

  expect(changes(1, before, same)).toEqual({ breach: 1 });
  expect(changes(1, before, { ...same, 'kind.integrity': 'yes', nature: 'y', records: '0' })).toEqual({
    breach: 1,
    kinds: ['availability', 'integrity'],
    nature: 'y',
    records: 0,
  });
});

test('of each incident its newest run is shown', () => {
  const run = (incident: number, run: number) =>
    ({ incident, run }) as Parameters<typeof newestRuns>[1][number];

  expect(newestRuns([{ incident: 1 }, { incident: 3 }], [run(1, 1), run(1, 2), run(2, 3)])).toEqual([
    [3, null],
    [2, run(2, 3)],
    [1, run(1, 2)],
  ]);
});
