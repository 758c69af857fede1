/**
 * Proves that somebody of support looks inside a mailbox with its owner's code alone, as text, until it ends,
 * and that nobody else has the place for it. Takes pictures.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../../../kit/test/axe.ts';
import { startBrowser } from '../../../kit/test/browser.ts';
import { arrive, startWorld, type World } from './world.ts';

const PICTURES = fileURLToPath(new URL('../../target/photographs/', import.meta.url));
const ANNA = '#/accounts/a1k7q0000000001';

let world: World;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  world = await startWorld();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  world.fake.close();
});

test('a code opens folders, lists and mails to one person, until it ends', async () => {
  const reader = await arrive(browser, world, 'sara', ANNA);
  const { page } = reader;
  const inside = page.locator('.inside');
  await inside.getByLabel('The owner’s code').fill('00000-00000');
  await inside.getByRole('button', { name: 'Begin' }).click();
  await inside.getByRole('alert').filter({ hasText: 'code: is not good' }).waitFor();
  await inside.getByLabel('The owner’s code').fill('abcde-fghjk');
  await inside.getByRole('button', { name: 'Begin' }).click();
  await inside.getByText('The owner reads of every look.').waitFor();
  expect(await inside.getByRole('alert').count()).toBe(0);

  await inside.getByRole('button', { name: 'Folders' }).click();
  await inside.getByText('Casa <b>nuova</b>').waitFor();
  expect(await faults(page)).toEqual([]);
  await inside.getByRole('button', { name: 'INBOX' }).click();
  await inside.getByText('Il tuo <b>codice</b>').waitFor();
  expect(await inside.locator('.rows li').count()).toBe(50);
  await inside.getByRole('button', { name: 'More' }).click();
  await inside.getByText('Numero 50').waitFor();
  await inside.scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${PICTURES}help-1-list-desk.png` });
  await inside.getByRole('button', { name: 'Il tuo <b>codice</b>' }).click();
  await inside.getByText('Il codice è 424242.').waitFor();
  expect(await inside.locator('b, script').count()).toBe(0);
  expect(await inside.innerText()).toContain('a.pdf');
  expect(await faults(page)).toEqual([]);
  await page.screenshot({ path: `${PICTURES}help-2-message-desk.png` });

  // The owner ends it: the next look finds out, and what was seen is gone.
  world.fake.state.helper = null;
  await inside.getByRole('button', { name: 'Folders' }).click();
  await inside.getByLabel('The owner’s code').waitFor();
  await expect.poll(() => inside.getByText('Il codice è 424242.').count()).toBe(0);
  expect(world.fake.given.filter(({ name }) => name === 'help-message')).toHaveLength(1);
  expect(reader.problems).toEqual([]);
  await reader.leave();

  const phone = await arrive(browser, world, 'sara', ANNA, { size: 'phone', language: 'it', scheme: 'dark' });
  await phone.page.locator('.inside').scrollIntoViewIfNeeded();
  await phone.page.screenshot({ path: `${PICTURES}help-3-code-phone.png` });
  await phone.leave();
});

test('whoever is not of support has no place for a code', async () => {
  for (const name of ['bice', 'paola']) {
    const reader = await arrive(browser, world, name, ANNA);
    await reader.page.locator('blockquote').first().waitFor();
    expect(await reader.page.locator('.inside').count()).toBe(0);
    await reader.leave();
  }
});
