/**
 * Proves the console's own rules: words in both languages, the size of the first load, what its page may do.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { en } from '../../src/words/en/index.ts';
import { it } from '../../src/words/it/index.ts';

const CONSOLE = fileURLToPath(new URL('../..', import.meta.url));
const DIST = join(CONSOLE, 'dist');
const FIRST_BYTES_MAX = 130 * 1024;

test('the two languages say the same things, and none says nothing', () => {
  const walk = (a: unknown, b: unknown, path: string): void => {
    expect(typeof b, path).toBe(typeof a);
    if (typeof a === 'string') expect(String(b).trim(), path).not.toBe('');
    if (typeof a !== 'object' || a === null) return;
    expect(Object.keys(b as object).sort(), path).toEqual(Object.keys(a).sort());
    for (const [key, value] of Object.entries(a)) {
      walk(value, (b as Record<string, unknown>)[key], `${path}.${key}`);
    }
  };
  walk(en, it, 'words');
});

const assets = () => readdirSync(join(DIST, 'assets'));

test('the overview comes with little: page, frame, plots, one language', () => {
  const later =
    /^(Accounts|Audit|Brands|Compensation|Complaints|Drills|Incidents|Privacy|Queue|Vaults|Tabs|it)-/;
  const scripts = assets().filter((name) => name.endsWith('.js') && !later.test(name));
  const bytes = scripts.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(DIST, 'assets', name))).length,
    0,
  );

  expect(scripts.length).toBeGreaterThan(5);
  expect(bytes).toBeLessThanOrEqual(FIRST_BYTES_MAX);
  process.stdout.write(`console, first scripts: ${bytes} bytes of at most ${FIRST_BYTES_MAX}, gzip\n`);
});

test('the page runs nothing written into it, takes nothing from elsewhere, and works in any folder', () => {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');

  expect(page.replaceAll('&#39;', "'")).toContain("script-src 'self'; style-src 'self';");
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|<style|\sstyle=/);
  expect(page).not.toMatch(/(src|href)="(https?:|\/)/);
  for (const name of assets()) expect(name).toMatch(/-[\w-]{8}\.(js|css)$/);
  expect(statSync(join(DIST, 'index.html')).size).toBeLessThan(4_000);
});
