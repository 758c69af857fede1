/**
 * Proves that the list follows the mailbox by itself and that mouse, keyboard and search do what they
 * say.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../kit/test/browser.ts';
import { logIn, seed, startWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let reader: Reader;
let page: Page;

const unique = (name: string) => `${name} ${Math.random().toString(36).slice(2, 8)}`;
const row = (subject: string) => page.locator('.mailrow', { hasText: subject });

beforeAll(async () => {
  world = await startWorld();
  browser = await startBrowser();
});
beforeEach(async () => {
  reader = await Reader.arrive(browser);
  page = reader.page;
});
afterEach(async () => {
  expect(reader.problems).toEqual([]);
  await reader.leave();
});
afterAll(async () => {
  await browser.close();
  world.close();
});

test('new mail appears by itself, on top and unread; opening it reads it', async () => {
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  const subject = unique('Arrivo');

  await seed(world, { subject });
  await row(subject).waitFor();
  expect(await page.locator('.mailrow').first().innerText()).toContain(subject);
  expect(await row(subject).getAttribute('class')).toContain('unread');

  await row(subject).locator('a').click();
  await page.getByRole('heading', { name: subject }).waitFor();
  await page.locator('.mailrow:not(.unread)', { hasText: subject }).waitFor();
});

test('archived mail leaves at once, comes back by undo, and stays away without it', async () => {
  const subject = unique('Archivio');
  await seed(world, { subject });
  await logIn(page, world);
  await row(subject).locator('a').click();
  await page.getByRole('heading', { name: subject }).waitFor();

  await page.keyboard.press('e');
  await page.getByText('Archiviato.').waitFor();
  await row(subject).waitFor({ state: 'detached' });
  await page.keyboard.press('z');
  await row(subject).waitFor();

  await row(subject).hover();
  await row(subject).locator('.quick button').first().click();
  await row(subject).waitFor({ state: 'detached' });
  await page.locator('nav.folders a[href="#/archive"]').click();
  await row(subject).waitFor();
});

test('several are ticked, marked, moved and deleted together', async () => {
  const subjects = [unique('Uno'), unique('Due')];
  for (const subject of subjects) await seed(world, { subject });
  await logIn(page, world);
  for (const subject of subjects) {
    await row(subject).hover();
    await row(subject).getByRole('checkbox').check({ force: true });
  }
  await page.getByText('2 selezionati').waitFor();

  await page.getByRole('button', { name: 'Segna come letto' }).click();
  for (const subject of subjects) await page.locator('.mailrow:not(.unread)', { hasText: subject }).waitFor();
  await page.keyboard.press('v');
  await page.locator('.menu-input').fill('cesti');
  await page.keyboard.press('Enter');
  for (const subject of subjects) await row(subject).waitFor({ state: 'detached' });

  await page.locator('nav.folders a[href="#/trash"]').click();
  for (const subject of subjects) {
    await row(subject).hover();
    await row(subject).getByRole('checkbox').check({ force: true });
  }
  await page.keyboard.press('Delete');
  await page.getByRole('heading', { name: 'Eliminare 2 messaggi per sempre?' }).waitFor();
  await page.getByRole('button', { name: 'Elimina per sempre' }).click();
  for (const subject of subjects) await row(subject).waitFor({ state: 'detached' });
});

test('the keyboard walks, opens, marks and closes', async () => {
  const [older, newer] = [unique('Prima'), unique('Dopo')];
  await seed(world, { subject: older });
  await seed(world, { subject: newer });
  await logIn(page, world);
  await row(older).waitFor();

  await page.keyboard.press('j');
  await page.locator('.mailrow.cursor', { hasText: newer }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: older }).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('heading', { name: newer }).waitFor();
  await page.keyboard.press('s');
  await row(newer).locator('.flag').waitFor();
  await page.keyboard.press('Shift+U');
  await page.locator('.mailrow.unread', { hasText: newer }).waitFor();
  await page.keyboard.press('u');
  await page.getByText('Nessun messaggio aperto').waitFor();
});

test('searching finds by word and by sender, and the way back is one key', async () => {
  const word = unique('zibaldone').replace(' ', '');
  await seed(world, { subject: 'Un libro', bodyValues: { t: { value: `Ti presto lo ${word}.` } } });
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();

  await page.keyboard.press('/');
  await page.keyboard.type(word);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Risultati per «${word}»` }).waitFor();
  await row('Un libro').waitFor();
  expect(await page.locator('.mailrow').count()).toBe(1);

  await page.locator('#search').focus();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Posta in arrivo' }).waitFor();
});

test('compact rows are lower, and are remembered', async () => {
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();

  await page.getByRole('button', { name: 'Righe compatte' }).click();
  expect((await page.locator('.mailrow').first().boundingBox())?.height).toBe(40);
  await page.reload();
  await page.locator('.mailrow').first().waitFor();
  expect((await page.locator('.mailrow').first().boundingBox())?.height).toBe(40);
});

test('the back button goes back through what was on screen', async () => {
  const subject = unique('Indietro');
  await seed(world, { subject });
  await logIn(page, world);
  await row(subject).locator('a').click();
  await page.getByRole('heading', { name: subject }).waitFor();

  await page.goBack();
  await page.getByText('Nessun messaggio aperto').waitFor();
});
