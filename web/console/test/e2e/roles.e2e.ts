/** Proves that each role sees the views it may and no other, and the buttons likewise. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../../../kit/test/browser.ts';
import { arrive, startWorld, type World } from './world.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  world.fake.close();
});

/** Everybody sees how things are. */
const ALL = ['Overview', 'Vaults and ladder', 'Queue', 'Incidents', 'Compensation', 'Brands and plans'];

const SEES: Record<string, string[]> = {
  dario: [
    'Overview',
    'Accounts',
    'Vaults and ladder',
    'Queue',
    'Incidents',
    'Compensation',
    'Complaints',
    'Privacy',
    'Brands and plans',
    'Drills',
    'Audit log',
  ],
  olga: ['Overview', 'Accounts', ...ALL.slice(1), 'Drills', 'Audit log'],
  sara: ['Overview', 'Accounts', ...ALL.slice(1, 5), 'Complaints', 'Brands and plans'],
  paola: [
    'Overview',
    'Accounts',
    ...ALL.slice(1, 5),
    'Complaints',
    'Privacy',
    'Brands and plans',
    'Audit log',
  ],
  bice: ['Overview', 'Accounts', ...ALL.slice(1)],
  remo: ALL,
};

test.each(Object.entries(SEES))('%s', async (name, views) => {
  const reader = await arrive(browser, world, name);
  const { page } = reader;
  expect((await page.locator('.side nav a').allInnerTexts()).map((text) => text.trim())).toEqual(views);
  const first = views[0] ?? '';
  await page.getByRole('heading', { level: 1, name: first }).waitFor();

  const drills = name === 'dario' || name === 'olga' ? 'Drills' : 'This view is not for your roles';
  await page.goto(`${world.url}#/drills`);
  await page.getByText(drills).first().waitFor();
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('whoever may only read has nothing to press that changes something', async () => {
  const reader = await arrive(browser, world, 'remo');
  const { page } = reader;
  await page.getByText('Copies that are missing are made').waitFor();
  expect(await page.getByRole('button', { name: /Pause|Resume/ }).count()).toBe(0);
  await page.goto(`${world.url}#/incidents/1`);
  await page.getByText('What was done and said, when').waitFor();
  expect(await page.locator('main .page > header .deeds button').count()).toBe(0);
  await page.goto(`${world.url}#/vaults/pack-new`);
  await page.getByText('The way up').waitFor();
  expect(await page.locator('main .page > header .deeds button').count()).toBe(0);
  await reader.leave();
});
