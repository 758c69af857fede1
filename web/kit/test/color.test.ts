/**
 * Proves that text can be read: our own colours in both schemes, and any brand's accent once it is
 * fitted.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrast, fitAccent, parseColour, type Oklch, type Scheme } from '../src/color.ts';

const css = readFileSync(new URL('../src/tokens.css', import.meta.url), 'utf8');

/** The tokens of a scheme that are plain colours. */
function tokens(scheme: Scheme): Record<string, Oklch> {
  const [light = '', dark = ''] = css.split("[data-scheme='dark']");
  const read = (part: string) =>
    [...part.matchAll(/--([\w-]+):\s*(oklch\([^/)]*\))/g)].map(([, name, value]) => [
      name,
      parseColour(value ?? ''),
    ]);
  return Object.fromEntries([...read(light), ...(scheme === 'dark' ? read(dark) : [])]) as Record<
    string,
    Oklch
  >;
}

const colour = (all: Record<string, Oklch>, name: string): Oklch => {
  const found = all[name];
  if (!found) throw new Error(`no token --${name}`);
  return found;
};

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const all = tokens(scheme);

  test.each(['ink', 'ink-quiet', 'accent', 'good', 'note', 'warn', 'bad'])(
    '--%s is read on every ground',
    (ink) => {
      for (const ground of ['paper', 'raised', 'sunk']) {
        expect(contrast(colour(all, ink), colour(all, ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(
          4.5,
        );
      }
    },
  );

  test('the edge of a field is seen', () => {
    for (const ground of ['paper', 'raised', 'sunk']) {
      expect(contrast(colour(all, 'line-strong'), colour(all, ground)), ground).toBeGreaterThanOrEqual(3);
    }
  });

  test('what is written on the accent is read', () => {
    expect(contrast(colour(all, 'accent-ink'), colour(all, 'accent'))).toBeGreaterThanOrEqual(4.5);
  });

  test('any brand’s accent is read once it is fitted, and keeps its hue', () => {
    for (let r = 0; r <= 255; r += 51) {
      for (let g = 0; g <= 255; g += 51) {
        for (let b = 0; b <= 255; b += 51) {
          const asked = `#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`;
          const fitted = fitAccent(asked, scheme);
          const accent = parseColour(fitted?.accent ?? '');
          const ink = parseColour(fitted?.ink ?? '');
          if (!accent || !ink) throw new Error(`${asked} was not fitted`);
          for (const ground of ['paper', 'raised', 'sunk']) {
            expect(contrast(accent, colour(all, ground)), `${asked} on ${ground}`).toBeGreaterThanOrEqual(
              4.5,
            );
          }
          expect(contrast(ink, accent), `ink on ${asked}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
    expect(fitAccent('#1a6b5a', 'light')?.accent).toMatch(/oklch\([\d.]+% [\d.]+ 17\d/);
  });
});

test.each([
  ['#fff', { l: 1, c: 0 }],
  ['#000000', { l: 0, c: 0 }],
  ['oklch(50% 0.13 250)', { l: 0.5, c: 0.13, h: 250 }],
  ['oklch(0.5 0.13 250 / 40%)', { l: 0.5, c: 0.13, h: 250 }],
])('%s is read', (text, expected) => {
  const read = parseColour(text);
  for (const [key, value] of Object.entries(expected))
    expect(read?.[key as keyof Oklch]).toBeCloseTo(value, 3);
});

test.each(['red', '', '#12', 'oklch(500% 0.1 20)', 'url(https://evil.example/)', '#1a6b5a; color: red'])(
  'an accent of %j is no colour and changes nothing',
  (text) => expect(fitAccent(text, 'light')).toBeNull(),
);

test('black on white is 21', () => {
  expect(contrast({ l: 1, c: 0, h: 0 }, { l: 0, c: 0, h: 0 })).toBeCloseTo(21, 1);
});
