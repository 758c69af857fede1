/**
 * Proves that every number on every page is one that the API answers: each view is walked before a running
 * server that has something of everything, and what it shows is compared with what the test itself is told.
 * Says what it needs to know in `story.e2e.ts`; a vault on its way has to be called `nuovo`, a report of a
 * drill has to be kept, and incident, complaint and breach 1 to be there.
 */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { dialog } from '../world.ts';
import { en as w } from '../../../src/words/en/index.ts';
import {
  at,
  bytes,
  fmt,
  number,
  VIEWS,
  type Answers,
  type Given,
  type Json,
  type View,
} from './numbers-views.ts';

const asked = process.env['CASELLA_CONSOLE_URL'] ?? '';
const CONSOLE = asked.endsWith('/') ? asked : `${asked}/`;
const [NAME = '', PASSWORD = ''] = (process.env['CASELLA_CONSOLE_STAFF'] ?? 'carla:casella').split(':');
const TRIES = 4;

let browser: Browser;
let reader: Reader;
/** What of an order's answer is not as the server's own document has it. */
let odd: (given: unknown) => string[];

/** Reads the document that the server gives out, which has to be one. */
async function documented(): Promise<typeof odd> {
  const document = (await (await fetch(new URL('/api', CONSOLE))).json()) as Json;
  expect((await new Validator().validate(structuredClone(document))).errors).toBeUndefined();
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  const matches = ajv.compile(at(document, 'components.schemas.Outcome') as Json);
  return (given) => (matches(given) ? [] : (matches.errors ?? []).map((one) => JSON.stringify(one)));
}

beforeAll(async () => {
  odd = await documented();
  browser = await startBrowser();
  reader = await Reader.arrive(browser, { language: 'en' });
  reader.context.setDefaultTimeout(30_000);
  const { page } = reader;
  await page.goto(CONSOLE);
  await page.locator('#login').fill(NAME);
  await page.locator('#password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.side nav a').first().waitFor();
});
afterAll(async () => {
  await browser.close();
});

async function ask(page: Page, order: string, fields: Json = {}): Promise<Given> {
  const answer = await page.request.post(new URL(`/api/v1/orders/${order}`, CONSOLE).href, { data: fields });
  expect(answer.status(), `${order}: ${await answer.text()}`).toBe(200);
  const given = (await answer.json()) as Given;
  expect(odd(given), order).toEqual([]);
  return given;
}

/** Every number there is in answers, as the console may write it. */
function known(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value === 'number') {
    for (const one of [fmt(value), String(value), bytes(value), fmt(value / 1000)]) tokens(one, into);
    into.add(new Intl.NumberFormat(w.locale, { minimumFractionDigits: 1 }).format(value / 1000));
  } else if (typeof value === 'string') tokens(value, into);
  else if (Array.isArray(value)) {
    into.add(String(value.length));
    value.forEach((one) => known(one, into));
  } else if (value !== null && typeof value === 'object') {
    Object.entries(value).forEach(([name, one]) => (tokens(name, into), known(one, into)));
  }
  return into;
}

function tokens(words: string, into = new Set<string>()): Set<string> {
  for (const [token] of words.matchAll(/\d+(?:[.,]\d+)*/g)) into.add(token);
  return into;
}

/** What is read on the page; times of day and how long ago they were are made of times, and let be. */
async function read(page: Page): Promise<{ all: string; rest: string }> {
  return page.evaluate(() => {
    const main = document.querySelector<HTMLElement>('main#content')?.cloneNode(true) as HTMLElement;
    const flat = (element: Element) => (element.textContent ?? '').replace(/\s+/g, ' ');
    for (const cell of main.querySelectorAll('td, th, dt, dd, li, p, span, h2, summary')) cell.append(' ');
    const all = flat(main);
    for (const gone of main.querySelectorAll('time, figure, .fresh, input, select, nav, header h1'))
      gone.remove();
    return { all, rest: flat(main).replace(/\d+ (d|h|min|s)\b/g, '') };
  });
}

/** What is on the page and should not be, or should be and is not. */
async function differences(page: Page, view: View): Promise<string[]> {
  const answers: Answers = {};
  for (const [order, fields] of view.asks) answers[order] = await ask(page, order, fields);
  const { all, rest } = await read(page);
  const found = view
    .says(answers)
    .map((line) => line.replace(/\s+/g, ' '))
    .filter((line) => !all.replace(/ +/g, ' ').includes(line))
    .map((line) => `not read: ${line}`);
  for (const [selector, expected] of view.counts?.(answers) ?? []) {
    const there = await page.locator(selector).count();
    if (there !== expected) found.push(`${there} instead of ${expected} of ${selector}`);
  }
  const may = tokens(view.own?.(answers) ?? '', known(answers));
  for (const token of tokens(rest)) if (!may.has(token)) found.push(`nobody said: ${token}`);
  return found;
}

test.each(VIEWS)(
  '$place',
  async (view) => {
    const { page } = reader;
    let found: string[] = [];
    // Between the page's question and ours something may have changed: then both are asked again.
    for (let time = 0; time < TRIES; time++) {
      await page.goto('about:blank');
      await page.goto(CONSOLE + view.place);
      await page.locator(view.ready).first().waitFor();
      await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null);
      found = await differences(page, view);
      if (found.length === 0) break;
    }
    expect(found).toEqual([]);
  },
  120_000,
);

test('what was lost is reckoned as the API reckons it', async () => {
  const { page } = reader;
  await page.goto(`${CONSOLE}#/privacy/losses`);
  await page.getByRole('button', { name: w.privacy.reckon }).click();
  await dialog(page).getByRole('button', { name: w.privacy.reckon }).click();
  await dialog(page).getByText(w.deed.ended).waitFor();
  // The first line says from when to when.
  const shown = tokens((await dialog(page).locator('.told li').allInnerTexts()).slice(1).join(' '));
  const { facts } = await ask(page, 'losses');
  const may = known(facts);
  expect([...shown].filter((token) => !may.has(token))).toEqual([]);
  for (const name of ['accepted', 'filed', 'pending', 'lost'])
    expect(shown).toContain(fmt(number(facts, name)));
}, 60_000);

test('nothing was against the page’s policy, and nothing broke', () => {
  expect(reader.problems).toEqual([]);
});
