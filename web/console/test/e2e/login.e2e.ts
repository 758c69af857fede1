/**
 * Proves that the way in and out works, and that a session that ends takes nothing from whoever was writing.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../kit/test/browser.ts';
import { dialog, logIn, startWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let reader: Reader;
let page: Page;

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
  world.fake.close();
});

test('a wrong password is said, empty fields are, and the right one opens', async () => {
  await page.goto(world.url);
  await page.locator('button[type=submit]').click();
  await page.getByRole('alert').filter({ hasText: 'Scrivi il tuo nome' }).waitFor();
  await page.locator('#login').fill('carla');
  await page.locator('#password').fill('not this');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'non corrispondono' }).waitFor();
  expect(await page.locator('#password').inputValue()).toBe('');
  await page.locator('#password').fill('casella');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Situazione' }).waitFor();
  await page.locator('.whoever').getByText('operatore, assistenza, fatturazione').waitFor();
});

test('too many attempts are said with when to come again', async () => {
  await page.goto(world.url);
  await page.locator('#login').fill('often');
  await page.locator('#password').fill('x');
  await page.keyboard.press('Enter');

  await page.getByRole('alert').filter({ hasText: 'Riprova fra 2 minuti' }).waitFor();
});

test('the page holds neither password nor cookie; a reload stays, logging out ends it', async () => {
  await logIn(page, world, 'carla', '#/brands');
  const held = await page.evaluate(
    () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
  );
  expect(held).not.toMatch(/casella-staff|password/);
  await page.reload();
  await page.getByRole('heading', { name: 'Marchi e piani' }).waitFor();

  await page.getByRole('button', { name: 'Esci' }).click();
  await page.getByText('Sei uscito.').waitFor();
  await page.reload();
  await page.locator('#login').waitFor();
});

test('the language stays chosen', async () => {
  await page.goto(world.url);
  await page.getByRole('button', { name: 'Switch to English' }).click();
  await page.getByRole('heading', { name: 'Operators’ console' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Operators’ console' }).waitFor();
});

test('a session that ends leaves the page, and what was written in it', async () => {
  await logIn(page, world, 'carla', '#/incidents');
  await page.getByRole('button', { name: 'Apri un incidente', exact: true }).first().click();
  await page.getByLabel('Che cosa succede, in italiano').fill('Le caselle non si aprono');
  world.fake.forgetEverybody();
  await dialog(page).getByRole('button', { name: 'Guarda che cosa succederebbe' }).click();

  await page.getByRole('dialog', { name: 'L’accesso è scaduto' }).waitFor();
  await page.locator('#password').fill('casella');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'L’accesso è scaduto' }).waitFor({ state: 'detached' });
  expect(await page.getByLabel('Che cosa succede, in italiano').inputValue()).toBe(
    'Le caselle non si aprono',
  );
  await dialog(page).getByRole('button', { name: 'Guarda che cosa succederebbe' }).click();
  await dialog(page).getByText('Si dice da').waitFor();
});
