/**
 * Proves that every row of a list of any length can be reached, and that a wheel’s step is always the same.
 */
import { describe, expect, test } from 'vitest';
import { Geometry, layoutY, SCROLL_HEIGHT_MAX, Scroller, scrollY } from '../src/geometry.ts';

const VIEW = 800;

describe.each([0, 1, 5, 100, 234_375, 1_000_000, 40_000_000])('%i rows', (rows) => {
  const geometry = new Geometry(rows, 64, VIEW);

  test('the scrollbar is never longer than a browser allows', () => {
    expect(geometry.scrollHeight).toBeLessThanOrEqual(SCROLL_HEIGHT_MAX);
  });

  test('its ends are the first and the last row', () => {
    const scrollMax = Math.max(0, geometry.scrollHeight - VIEW);

    expect(geometry.drawn(geometry.toLayout(scrollY(0))).from).toBe(0);
    expect(geometry.drawn(geometry.toLayout(scrollY(scrollMax))).until).toBe(rows);
  });

  test('only rows near the view are drawn', () => {
    const { from, until } = geometry.drawn(geometry.toLayout(scrollY(geometry.scrollHeight / 2)));

    expect(until - from).toBeLessThanOrEqual(Math.ceil(VIEW / 64) + 13);
  });

  test('a row that is revealed is in view', () => {
    for (const row of [0, Math.floor(rows / 2), rows - 1].filter((row) => row >= 0)) {
      const top = geometry.reveal(row, layoutY(0));
      expect(geometry.topOf(row)).toBeGreaterThanOrEqual(top);
      expect(geometry.topOf(row) + 64).toBeLessThanOrEqual(top + VIEW);
    }
  });
});

test('small steps move as far in a squeezed list as in any other', () => {
  const long = new Geometry(1_000_000, 64, VIEW);
  const scroller = new Scroller();

  scroller.moved(long, scrollY(100));
  scroller.moved(long, scrollY(250));

  expect(scroller.top).toBe(250);
});

test('dragging the bar goes by its length, and rest puts the bar where the rows are', () => {
  const long = new Geometry(1_000_000, 64, VIEW);
  const scroller = new Scroller();

  scroller.moved(long, scrollY(long.scrollHeight / 2));
  expect(scroller.top / 64).toBeCloseTo(500_000, -2);
  for (let step = 1; step <= 50; step++) scroller.moved(long, scrollY(long.scrollHeight / 2 + step * 100));
  const before = scroller.top;
  const bar = scroller.rest(long);

  expect(scroller.top).toBe(before);
  expect(long.toLayout(bar)).toBeCloseTo(before, -1);
});

test('the ends of the bar are the ends of the list, however one gets there', () => {
  const long = new Geometry(1_000_000, 64, VIEW);
  const scroller = new Scroller();
  scroller.jump(long, layoutY(30_000));

  scroller.moved(long, scrollY(0));

  expect(scroller.top).toBe(0);
});
