/** Proves that on a phone there is one pane at a time, fingers do what they mean, and back goes back. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

let world: World;
let browser: Browser;
let reader: Reader;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  browser = await startBrowser();
});
beforeEach(async () => {
  reader = await Reader.arrive(browser, { size: 'phone' });
  page = reader.page;
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
});
afterEach(async () => {
  expect(reader.problems).toEqual([]);
  await reader.leave();
});
afterAll(async () => {
  await browser.close();
  world.close();
});

const row = (subject: string) => page.locator('.mailrow', { hasText: subject }).first();

/**
 * A finger put down on the row, moved in steps and lifted. After one, Chromium now and then takes the next
 * emulated tap for the end of a fling (it does so on an empty page too), so what follows is clicked.
 */
async function swipe(subject: string, by: number): Promise<void> {
  const box = await row(subject).boundingBox();
  if (!box) throw new Error('no such row');
  const touch = await reader.context.newCDPSession(page);
  const [x, y] = [box.x + (by > 0 ? 60 : box.width - 60), box.y + box.height / 2];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  for (let step = 1; step <= 8; step++) {
    await touch.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: [{ x: x + (by * step) / 8, y }],
    });
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

test('one pane at a time: list, message, folders', async () => {
  expect(await page.locator('nav.folders').count()).toBe(0);
  await row('Sabato al lago?').locator('a').tap();
  await page.getByText('partenza alle 9 da casa nostra').last().waitFor();
  expect(await page.locator('.mailrow').count()).toBe(0);

  await page.goBack();
  await row('Sabato al lago?').waitFor();
  await page.getByRole('button', { name: 'Cartelle' }).tap();
  await page.locator('nav.folders a', { hasText: 'Inviati' }).tap();
  await row('Preventivo infissi').waitFor();
  await page.getByRole('button', { name: 'Posta in arrivo' }).tap();
  await row('Sabato al lago?').waitFor();
});

test('a swipe to the right archives, to the left deletes, a short one does nothing; undo brings back', async () => {
  await swipe('Banca', -60);
  await row('Banca').waitFor();
  await swipe('Banca', -240);
  await page.getByText('Spostato nel cestino.').waitFor();
  await row('Banca').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Annulla' }).click();
  await row('Banca').waitFor();

  await swipe('Biblioteca', 240);
  await page.getByText('Archiviato.').waitFor();
  await row('Biblioteca').waitFor({ state: 'detached' });
  expect(await page.locator('#subject').count()).toBe(0);
});

test('a long press ticks, and then touches tick', async () => {
  const box = await row('Trenitalia').boundingBox();
  const touch = await reader.context.newCDPSession(page);
  const point = { x: 200, y: (box?.y ?? 0) + 30 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  await page.getByText('1 selezionato').waitFor();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });

  await row('Studio dentistico').locator('a').click();
  await page.getByText('2 selezionati').waitFor();
});

test('writing takes the whole page and comes back to the list', async () => {
  await page.getByRole('button', { name: 'Scrivi' }).tap();
  const sheet = await page.locator('.sheet').boundingBox();
  expect(sheet).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
  await page.getByRole('button', { name: 'Tieni come bozza e chiudi' }).tap();
  await row('Giulia Ferri').waitFor();
});

test('everything that can be touched is large enough and nothing is wider than the screen', async () => {
  for (const view of ['list', 'message', 'folders']) {
    if (view === 'message') await row('Sabato al lago?').locator('a').tap();
    if (view === 'folders') await page.goto(`${world.url}/#/folders`);
    await page.waitForTimeout(150);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, view).toBe(390);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, input')]
        .filter((element) => element.checkVisibility() && !element.closest('.unseen, .body, .quick'))
        .map((element) => ({
          name: element.textContent?.trim() || element.ariaLabel,
          box: element.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.height > 0 && (box.height < 36 || box.width < 36))
        .map(({ name, box }) => `${name} ${box.width}×${box.height}`),
    );
    expect(small, view).toEqual([]);
  }
});
