/**
 * Proves that who has no script logs in, is told how the mailbox is, and logs out; that status
 * page and form for complaints work as well; that each page is small; and that axe-core finds no
 * fault with any. Takes pictures.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../../../../kit/test/axe.ts';
import { Reader, startBrowser, type Look } from '../../../../kit/test/browser.ts';
import { startWorld, type World } from '../world.ts';

const PICTURES = fileURLToPath(new URL('../../../target/photographs/', import.meta.url));
const BYTES_MAX = 50 * 1024;

let world: World;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  world = await startWorld();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  world.close();
});

async function plain(look: Look, story: (page: Page) => Promise<void>): Promise<void> {
  const reader = await Reader.arrive(browser, look, false);
  await story(reader.page);
  expect(reader.problems).toEqual([]);
  await reader.leave();
}

/** Fills in the form and sends it. */
async function enter(page: Page, password: string): Promise<void> {
  await page.locator('#login').fill(world.account);
  await page.locator('#password').fill(password);
  await page.keyboard.press('Enter');
}

/** Nothing is wider than the page. */
async function fits(page: Page): Promise<void> {
  const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(wide).toBeLessThanOrEqual(width ?? 0);
}

test('without script a wrong password is said, the right one opens, and logging out ends it', async () => {
  for (const size of ['desk', 'phone'] as const) {
    await plain({ size }, async (page) => {
      await page.goto(world.url);
      expect(await page.locator('#login').evaluate((field) => document.activeElement === field)).toBe(true);
      await page.screenshot({ path: `${PICTURES}plain-1-login-${size}.png` });
      await fits(page);
      await enter(page, 'not this');
      await page.getByRole('alert').filter({ hasText: 'non corrispondono' }).waitFor();
      expect(await page.locator('#login').inputValue()).toBe(world.account);
      expect(await page.locator('#password').inputValue()).toBe('');
      await page.locator('#password').fill(world.password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'La tua casella' }).waitFor();
      await page.getByText('Tutto funziona.').waitFor();
      expect(await page.locator('tr', { hasText: 'IMAP' }).count()).toBeGreaterThan(0);
      await page.screenshot({ path: `${PICTURES}plain-2-mailbox-${size}.png`, fullPage: true });
      await fits(page);

      await page.getByRole('button', { name: 'Esci' }).click();
      await page.getByText('Sei uscito.').waitFor();
      await page.goto(`${world.url}/mailbox/`);
      await page.locator('#login').waitFor();
    });
  }
});

test('without script news are asked for, and everybody reads the same', async () => {
  await plain({ size: 'phone' }, async (page) => {
    await page.goto(world.url);
    await page.getByRole('link', { name: 'Non riesci a entrare?' }).click();
    const said: string[] = [];
    for (const mailbox of [world.account, 'nessuno@posta.example']) {
      await page.goto(`${world.url}/news/it/`);
      await fits(page);
      await page.getByLabel('La tua casella').fill(mailbox);
      await page.getByLabel('Il tuo secondo indirizzo').fill('anna@altrove.example');
      await page.screenshot({ path: `${PICTURES}plain-5-news-phone.png` });
      await page.getByRole('button', { name: 'Chiedi notizie' }).click();
      await page.getByRole('heading', { name: 'Richiesta ricevuta' }).waitFor();
      said.push(await page.locator('main').innerText());
    }
    expect(said[0]).toEqual(said[1]);
  });
});

test('who reads English is spoken to in English, and changes the language by a link', async () => {
  await plain({ language: 'en' }, async (page) => {
    await page.goto(world.url);
    await page.getByRole('heading', { name: 'Log in to your mailbox' }).waitFor();
    await page.getByRole('link', { name: 'Italiano' }).click();
    await page.getByRole('heading', { name: 'Entra nella tua casella' }).waitFor();
    await page.getByRole('link', { name: 'Stato del servizio' }).click();
    await page.locator('.verdict').waitFor();
  });
});

test('what was typed before the script was there stays, and a form sent before it leads into the webmail', async () => {
  const reader = await Reader.arrive(browser);
  const { page } = reader;
  let release = () => undefined as void;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/assets/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(world.url, { waitUntil: 'commit' });
  await page.locator('.door #login').fill(world.account);
  await page.locator('.door #password').fill('not all of it');
  release();
  await page.locator('.door').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Mostra la password' }).waitFor();
  expect(await page.locator('#login').inputValue()).toBe(world.account);
  expect(await page.locator('#password').inputValue()).toBe('not all of it');
  expect(await page.locator('#password').evaluate((field) => document.activeElement === field)).toBe(true);

  await page.unroute('**/assets/*.js');
  await page.goto(`${world.url}/login/it/`);
  await enter(page, world.password);
  await page.locator('nav.folders a').first().waitFor();
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('every page without script is small', async () => {
  for (const path of ['/', '/login/en/', '/mailbox/', '/status/it/', '/complaints/it/', '/news/it/']) {
    await plain({}, async (page) => {
      if (path === '/mailbox/') {
        await page.goto(`${world.url}/login/it/`);
        await enter(page, world.password);
        await page.getByText('Tutto funziona.').waitFor();
      }
      const bodies: Promise<number>[] = [];
      page.on('response', (response) =>
        bodies.push(
          response.body().then(
            (body) => body.length,
            () => 0,
          ),
        ),
      );
      await page.goto(world.url + path, { waitUntil: 'load' });
      const bytes = (await Promise.all(bodies)).reduce((sum, one) => sum + one, 0);
      expect(bytes, path).toBeGreaterThan(1_000);
      expect(bytes, path).toBeLessThan(BYTES_MAX);
    });
  }
});

test('axe-core finds no fault with any of them, in both languages, light and dark', async () => {
  for (const [language, scheme] of [
    ['it', 'light'],
    ['en', 'dark'],
  ] as const) {
    // axe-core is a script itself; none of these pages has one of its own.
    const reader = await Reader.arrive(browser, { language, scheme });
    const { page } = reader;
    for (const path of [
      `/login/${language}/`,
      `/status/${language}/`,
      `/complaints/${language}/`,
      `/news/${language}/`,
    ]) {
      await page.goto(world.url + path);
      expect(await page.locator('script').count(), path).toBe(0);
      expect(await faults(page), path).toEqual([]);
    }
    await page.goto(`${world.url}/login/${language}/`);
    await enter(page, 'not this');
    await page.locator('#complaint').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}plain-4-refused-${language}-${scheme}.png` });
    await page.locator('#password').fill(world.password);
    await page.keyboard.press('Enter');
    await page.locator('nav.folders a').first().waitFor();
    await page.goto(`${world.url}/mailbox/${language}/`);
    expect(await faults(page)).toEqual([]);
    await reader.leave();
  }
});
