/**
 * Proves the rules of this house: sizes of files and of the first load, words in both languages, no
 * host names.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands.ts';
import { en } from '../../src/words/en.ts';
import { it } from '../../src/words/it.ts';

const WEB = fileURLToPath(new URL('../../..', import.meta.url));
const DIST = join(WEB, 'mail/dist');
const COMPONENT_LINES_MAX = 250;
const FILE_LINES_MAX = 400;
const INITIAL_SCRIPT_BYTES_MAX = 120 * 1024;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', 'target'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

const sources = files(WEB).filter((path) => /\.(ts|svelte|css|mjs|js|json|html)$/.test(path));
const lines = (path: string) => readFileSync(path, 'utf8').split('\n').length - 1;

test('there is something to check', () => {
  expect(sources.length).toBeGreaterThan(80);
});

test('a component fits on a few screens', () => {
  const long = sources.filter((path) => path.endsWith('.svelte') && lines(path) > COMPONENT_LINES_MAX);

  expect(long.map((path) => relative(WEB, path))).toEqual([]);
});

test('a file holds one idea', () => {
  const long = sources.filter((path) => !path.endsWith('package-lock.json') && lines(path) > FILE_LINES_MAX);

  expect(long.map((path) => relative(WEB, path))).toEqual([]);
});

test('every dependency is pinned, and no file names where packages come from', () => {
  for (const path of sources.filter((source) => source.endsWith('package.json'))) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as Record<
      string,
      object
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, `${relative(WEB, path)}: ${name}`).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
  const lock = readFileSync(join(WEB, 'package-lock.json'), 'utf8');
  expect(lock.match(/"resolved": "http/g)).toBeNull();
});

test('the rooms import only what lies below them', () => {
  const below: Record<string, string[]> = {
    jmap: [],
    store: ['jmap'],
    kit: [],
    mail: ['jmap', 'store', 'kit'],
    console: ['kit'],
  };
  for (const [room, allowed] of Object.entries(below)) {
    for (const path of files(join(WEB, room, 'src'))) {
      for (const [, other = ''] of readFileSync(path, 'utf8').matchAll(/from '@casella\/(\w+)/g)) {
        expect(allowed, relative(WEB, path)).toContain(other);
      }
    }
  }
  for (const path of [...files(join(WEB, 'jmap/src')), ...files(join(WEB, 'store/src'))]) {
    expect(readFileSync(path, 'utf8'), relative(WEB, path)).not.toMatch(/from 'svelte|document\.|window\./);
  }
});

test('the two languages say the same things, and none says nothing', () => {
  const walk = (a: unknown, b: unknown, path: string): void => {
    expect(typeof b, path).toBe(typeof a);
    if (typeof a === 'string' && path !== 'compose.states.untouched')
      expect(String(b).trim(), path).not.toBe('');
    if (typeof a !== 'object' || a === null || a instanceof RegExp) return;
    expect(Object.keys(b as object).sort(), path).toEqual(Object.keys(a).sort());
    for (const [key, value] of Object.entries(a)) {
      walk(value, (b as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
    }
  };
  walk(en, it, '');
});

test('no key means two things', () => {
  const keys = COMMANDS.filter(({ name }) => name !== 'commands').flatMap((command) => command.keys);

  expect(new Set(keys).size).toBe(keys.length);
});

describe('the built page', () => {
  const page = () => readFileSync(join(DIST, 'index.html'), 'utf8');

  test('loads little before it can be used', () => {
    // All that the reader needs for log-in and list: the entry and what it imports, in one language.
    const later = /^(Sheet|HtmlBody|Dialogs|it)-/;
    const scripts = readdirSync(join(DIST, 'assets')).filter(
      (name) => name.endsWith('.js') && !later.test(name),
    );
    const bytes = scripts.reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(DIST, 'assets', name))).length,
      0,
    );

    expect(scripts.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThanOrEqual(INITIAL_SCRIPT_BYTES_MAX);
    process.stdout.write(`initial scripts: ${bytes} bytes of at most ${INITIAL_SCRIPT_BYTES_MAX}, gzip\n`);
  });

  test('says what it may do, runs nothing written into it, and names its files by their content', () => {
    expect(page()).toContain('http-equiv="Content-Security-Policy"');
    expect(page().replaceAll('&#39;', "'")).toContain("script-src 'self'");
    expect(page()).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=/);
    expect(page()).not.toMatch(/(src|href)="https?:/);
    for (const name of readdirSync(join(DIST, 'assets'))) expect(name).toMatch(/-[\w-]{8}\.(js|css)$/);
    expect(statSync(join(DIST, 'index.html')).size).toBeLessThan(4_000);
  });
});
