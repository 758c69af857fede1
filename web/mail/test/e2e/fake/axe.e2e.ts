/** Proves that no view has a fault axe-core can find, in either scheme: names, roles, order, contrast. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader, startBrowser, type Look } from '../browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  world.close();
});

interface Found {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

async function faults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const found = (await page.evaluate(
    // The frame of an email holds what others wrote; its own faults are not ours.
    `axe.run({ exclude: ['iframe'] }, { resultTypes: ['violations'] })`,
  )) as Found;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  );
}

const LOOKS: Look[] = [
  { size: 'desk', scheme: 'light' },
  { size: 'desk', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
];

test.each(LOOKS)('%j', async (look) => {
  const reader = await Reader.arrive(browser, look);
  const { page } = reader;
  const desk = look.size === 'desk';
  const all: Record<string, string[]> = {};
  const check = async (view: string) => {
    await page.waitForTimeout(100);
    const found = await faults(page);
    if (found.length > 0) all[view] = found;
  };

  await page.goto(world.url);
  await page.locator('button[type=submit]').click();
  await page.getByRole('alert').filter({ hasText: 'Scrivi' }).waitFor();
  await check('login');
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  await check('list');
  await page.locator('.mailrow a', { hasText: 'Comune di Treviso' }).click();
  await page.locator('#subject').waitFor();
  if (desk) await page.locator('.names').click();
  await check('message');
  await page.goto(`${world.url}/#/inbox`);
  await page.locator('.mailrow a', { hasText: 'Bottega' }).click();
  await page.locator('iframe').waitFor();
  await check('html');
  if (desk) {
    await page.keyboard.press('?');
    await page.locator('.dialog').waitFor();
    await check('keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.locator('.menu-item').first().waitFor();
    await check('commands');
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('x');
    await page.getByText('1 selezionato').waitFor();
    await check('selection');
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
  } else {
    await page.goto(`${world.url}/#/folders`);
    await page.locator('nav.folders a').first().waitFor();
    await check('folders');
    await page.locator('.bar .write').click();
  }
  await page.locator('.sheet textarea').fill('Ciao');
  await page.locator('.sheet').getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('alert').filter({ hasText: 'indirizzo' }).waitFor();
  await check('compose');

  expect(all).toEqual({});
  await reader.leave();
});
