/** Proves that the way in and out works, and that the page never holds what proves who the reader is. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from './world.ts';

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
  world.close();
});

test('a wrong password is said, and the right one opens', async () => {
  await page.goto(world.url);
  await page.locator('#login').fill(world.account);
  await page.locator('#password').fill('not this');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'non corrispondono' }).waitFor();
  expect(await page.locator('#password').inputValue()).toBe('');
  expect(await page.locator('#login').inputValue()).toBe(world.account);

  await page.locator('#password').fill(world.password);
  await page.keyboard.press('Enter');
  await page.locator('nav.folders a').first().waitFor();
});

test('empty fields are said without asking the server', async () => {
  await page.goto(world.url);
  await page.locator('button[type=submit]').click();

  await page.getByRole('alert').filter({ hasText: 'Scrivi il tuo indirizzo' }).waitFor();
});

test('the page holds neither the password nor the cookie', async () => {
  await logIn(page, world);

  const held = await page.evaluate(
    () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
  );
  expect(held).not.toContain(world.password + '"');
  expect(held).not.toContain('casella-session');
  const [cookie] = (await reader.context.cookies()).filter(({ name }) => name === 'casella-session');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
});

test('a reload comes back to where the reader was, and logging out really ends it', async () => {
  await logIn(page, world);
  await page.locator('nav.folders a[href="#/sent"]').click();
  await page.reload();
  await page.locator('nav.folders a[aria-current][href="#/sent"]').waitFor();

  await page.getByRole('button', { name: 'Esci' }).click();
  await page.getByText('Sei uscito.').waitFor();
  await page.reload();
  await page.locator('#login').waitFor();
});

test('the language is the reader’s, and stays chosen', async () => {
  await page.goto(world.url);
  await page.getByRole('heading', { name: 'Entra nella tua casella' }).waitFor();

  await page.getByRole('button', { name: 'Switch to English' }).click();
  await page.getByRole('heading', { name: 'Log in to your mailbox' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await page.reload();
  await page.getByRole('heading', { name: 'Log in to your mailbox' }).waitFor();
});
