/**
 * Proves that a partly known list answers as a fully known one does, over random changes with a
 * printed seed.
 */
import { expect, test } from 'vitest';
import { Segments } from '../src/index.ts';

const known = (s: Segments, length: number) => Array.from({ length }, (_, at) => s.at(at));

test('windows that touch become one stretch', () => {
  const s = new Segments();
  s.put(2, ['c', 'd']);
  s.put(0, ['a', 'b']);

  expect(s.onlyPrefix).toBe(true);
  expect(s.prefix).toBe(4);
  expect(s.missing(0, 6)).toEqual([{ from: 4, until: 6 }]);
});

test('removing and inserting move what comes after, known or not', () => {
  const s = new Segments();
  s.put(0, ['a', 'b']);
  s.put(100, ['x', 'y']);

  s.remove('a');
  expect([s.at(0), s.at(99), s.at(100)]).toEqual(['b', 'x', 'y']);
  s.insert(0, 'n');
  expect([s.at(0), s.at(1), s.at(100)]).toEqual(['n', 'b', 'x']);
});

test('an id that comes back elsewhere leaves a gap where it was', () => {
  const s = new Segments();
  s.put(0, ['a', 'b', 'c']);
  s.put(10, ['b', 'z']);

  expect(s.indexOf('b')).toBe(10);
  expect(known(s, 3)).toEqual(['a', undefined, 'c']);
});

test('a million rows cost what is known', () => {
  const s = new Segments();
  for (let start = 0; start < 1_000_000; start += 50_000)
    s.put(
      start,
      Array.from({ length: 50 }, (_, i) => `${start + i}`),
    );

  s.insert(0, 'new');
  expect(s.at(950_001)).toBe('950000');
  expect(s.known).toBe(1001);
  s.keepOnly(900_000, 1_000_000);
  expect(s.known).toBe(100);
});

test('it answers as a full list does, whatever is done to it', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = mulberry(seed);
  const pick = (n: number) => Math.floor(random() * n);
  let full = Array.from({ length: 40 }, (_, i) => `e${i}`);
  let fresh = 40;
  const s = new Segments();

  for (let step = 0; step < 3_000; step++) {
    const at = pick(full.length + 1);
    switch (pick(5)) {
      case 0:
      case 1:
        s.put(at, full.slice(at, at + pick(12)));
        break;
      case 2: {
        const id = full[at];
        if (id !== undefined && s.remove(id)) full = full.filter((other) => other !== id);
        break;
      }
      case 3: {
        const id = `e${fresh++}`;
        s.insert(at, id);
        full.splice(at, 0, id);
        break;
      }
      default:
        if (pick(40) === 0) s.keepOnly(at, at + 15);
    }
    full.forEach((id, index) => {
      const seen = s.at(index);
      if (seen !== undefined) expect(seen, `seed ${seed}, step ${step}, index ${index}`).toBe(id);
    });
    const gaps = s.missing(0, full.length).reduce((sum, gap) => sum + gap.until - gap.from, 0);
    expect(gaps + s.known, `seed ${seed}, step ${step}`).toBe(full.length);
  }
});

function mulberry(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
