/** Proves that no view has a fault axe-core can find, in either scheme: names, roles, order, contrast. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../../../../kit/test/axe.ts';
import { Reader, startBrowser, type Look } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

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
    await page.getByRole('button', { name: 'La tua casella' }).click();
    await page.getByText('Nessuno è andato perso.').waitFor();
    await check('own');
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
    await page.getByRole('button', { name: 'La tua casella' }).click();
    await page.getByText('Nessuno è andato perso.').waitFor();
    await check('own');
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
    await page.locator('.bar .write').click();
  }
  await page.locator('.sheet textarea').fill('Ciao');
  await page.locator('.sheet').getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('alert').filter({ hasText: 'indirizzo' }).waitFor();
  await check('compose');

  expect(all).toEqual({});
  await reader.leave();
});
