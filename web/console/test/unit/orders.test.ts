/**
 * Proves that no order is forgotten: each that a role may give has a place in the console, or a reason in
 * docs/operations/console.md why it has none.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ORDERS } from '../../src/api/order.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DOCS = at('../../../../docs/operations/');

interface Described {
  paths: Record<string, { post?: { 'x-roles'?: string[] } }>;
}

/** The orders that the API takes from somebody. */
function given(): string[] {
  const { paths } = JSON.parse(readFileSync(join(DOCS, 'openapi.json'), 'utf8')) as Described;
  return Object.entries(paths)
    .filter(([path, { post }]) => path.startsWith('/api/v1/orders/') && (post?.['x-roles'] ?? []).length > 0)
    .map(([path]) => path.slice('/api/v1/orders/'.length));
}

/** Those that docs/operations/console.md says have no place, with a reason. */
function excepted(): string[] {
  const page = readFileSync(join(DOCS, 'console.md'), 'utf8');
  const [, part = ''] = page.split('## What it does not give');
  return [...(part.split('\n## ')[0] ?? '').matchAll(/^- `([a-z-]+)`: \w.{20}/gm)].map(
    ([, name]) => name ?? '',
  );
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

test('each order that somebody may give is in the console, or has a reason not to be', () => {
  const all = given();

  expect(all.length).toBeGreaterThan(80);
  expect([...ORDERS, ...excepted()].sort()).toEqual(all.sort());
});

test('each order of the console is given by something in a view', () => {
  const views = [...files(at('../../src/views')), ...files(at('../../src/frame'))].join('\n');
  const api = files(at('../../src/api')).flatMap((text) => text.split(/^(?=export )/m));
  const unused = ORDERS.filter((order) => {
    const givers = api
      .filter((part) => part.includes(`'${order}'`) && !part.startsWith('export const ORDERS'))
      .map((part) => /^export (?:const|function) (\w+)/.exec(part)?.[1] ?? '');
    return !givers.some((giver) => new RegExp(`\\b${giver}\\(|\\b${giver}\\b[,)]`).test(views));
  });

  expect(unused).toEqual([]);
});
