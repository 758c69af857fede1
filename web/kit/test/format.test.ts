/** Proves that times and sizes are written as the reader's language writes them. */
import { expect, test } from 'vitest';
import { longTime, shortTime, size } from '../src/format.ts';

const now = new Date(2026, 10, 22, 10, 30);

test.each([
  [new Date(2026, 10, 22, 0, 5), '00:05'],
  [new Date(2026, 10, 21, 23, 59), 'sab'],
  [new Date(2026, 10, 16, 12, 0), 'lun'],
  [new Date(2026, 10, 15, 12, 0), '15 nov'],
  [new Date(2025, 11, 31, 12, 0), '31/12/25'],
  [new Date(2026, 10, 24, 12, 0), '24 nov'],
  [new Date('nonsense'), ''],
])('%s is shown as %s', (date, expected) => {
  expect(shortTime('it-IT', date, now)).toBe(expected);
});

test('the long time says all', () => {
  expect(longTime('en-GB', new Date(2026, 10, 22, 9, 5))).toBe('Sun, 22 November 2026 at 09:05');
  expect(longTime('en-GB', new Date('nonsense'))).toBe('');
});

test.each([
  [0, '0 B', '0 B'],
  [999, '999 B', '999 B'],
  [1_000, '1 kB', '1 kB'],
  [184_220, '184 kB', '184 kB'],
  [1_450_000, '1,5 MB', '1.5 MB'],
  [999_600, '1 MB', '1 MB'],
  [52_428_800, '52 MB', '52 MB'],
])('%i bytes', (bytes, it, en) => {
  const plain = (text: string) =>
    text
      .replace(/byte/g, 'B')
      .replace(/\s|\u00a0/g, ' ')
      .replace(/(\d)B/, '$1 B');
  expect([plain(size('it-IT', bytes)), plain(size('en-GB', bytes))]).toEqual([it, en]);
});
