/** Proves that readers leave a second address, confirm it by a code, and take it away. Takes pictures. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../../../../kit/test/axe.ts';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

const PICTURES = fileURLToPath(new URL('../../../target/photographs/', import.meta.url));

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

test('an address counts once its code came back, and goes when it is taken away', async () => {
  const reader = await Reader.arrive(browser);
  const { page } = reader;
  await logIn(page, world);
  await page.getByRole('button', { name: 'La tua casella' }).click();
  const second = page.locator('.dialog .second');
  await second.getByLabel('Indirizzo e-mail').fill('bruno@posta.example');
  await second.getByRole('button', { name: 'Manda il codice' }).click();
  await second.getByRole('alert').getByText('di un altro fornitore').waitFor();
  await second.getByLabel('Indirizzo e-mail').fill('anna@altrove.example');
  await second.getByRole('button', { name: 'Manda il codice' }).click();
  await second.getByText('Abbiamo mandato un codice a anna@altrove.example').waitFor();
  await second.getByLabel('Il codice').fill('000000');
  await second.getByRole('button', { name: 'Conferma' }).click();
  await second.getByRole('alert').getByText('non è quello').waitFor();
  expect(await faults(page)).toEqual([]);
  await second.scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${PICTURES}second-1-code-desk.png` });
  await second.getByLabel('Il codice').fill('123456');
  await page.keyboard.press('Enter');
  await second.getByText('Le notizie vanno a anna@altrove.example.').waitFor();
  expect(reader.problems).toEqual([]);
  await reader.leave();

  const phone = await Reader.arrive(browser, { size: 'phone', language: 'en', scheme: 'dark' });
  await logIn(phone.page, world);
  await phone.page.locator('nav.bar button').nth(2).click();
  await phone.page.getByRole('button', { name: 'Your mailbox' }).click();
  const there = phone.page.locator('.dialog .second');
  await there.getByText('News go to anna@altrove.example.').waitFor();
  await there.scrollIntoViewIfNeeded();
  await phone.page.screenshot({ path: `${PICTURES}second-2-phone.png` });
  expect(await faults(phone.page)).toEqual([]);
  const wide = await phone.page.locator('.dialog').evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await there.getByRole('button', { name: 'Remove the address' }).click();
  await there.getByLabel('Email address').waitFor();
  expect(await there.getByText('News go to').count()).toBe(0);
  await phone.leave();
});
