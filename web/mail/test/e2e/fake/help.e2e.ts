/** Proves that readers let somebody look inside, see who looks at what, and end it. Takes pictures. */
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

const anna = () => {
  const found = [...(world.fake?.accounts.values() ?? [])].find(({ address }) => address === world.account);
  if (!found) throw new Error('this test needs the fake');
  return found;
};

test('a code is made and told once, every look is listed, and ending it ends it', async () => {
  const reader = await Reader.arrive(browser);
  const { page } = reader;
  await logIn(page, world);
  await page.getByRole('button', { name: 'La tua casella' }).click();
  const help = page.locator('.dialog .help');
  await help.getByLabel('anche che cosa dice un messaggio').check();
  await help.getByRole('button', { name: 'Crea un codice' }).click();
  await help.getByText('ABCDE-FGHJK').waitFor();
  expect(await faults(page)).toEqual([]);
  await help.scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${PICTURES}help-1-code-desk.png` });

  const [email = ''] = anna().emails.keys();
  anna().helps.begin('<b>carla</b>', email);
  await help.getByText('<b>carla</b> può guardare').waitFor();
  expect(await help.locator('b').count()).toBe(0);
  expect(await help.getByText('ABCDE-FGHJK').count()).toBe(0);
  expect(await help.locator('.open li').allInnerTexts()).toEqual([
    expect.stringContaining('l’elenco delle cartelle') as string,
    expect.stringContaining('i messaggi in “Posta in arrivo”') as string,
    expect.stringContaining('un messaggio') as string,
  ]);
  await page.screenshot({ path: `${PICTURES}help-2-looks-desk.png` });
  await help.getByRole('button', { name: 'Interrompi' }).click();
  await help.getByText('ha guardato 3 volte').click();
  expect(anna().helps.list[0]?.open).toBe(false);
  await help.getByText('i messaggi in “Posta in arrivo”').waitFor();
  expect(await faults(page)).toEqual([]);
  expect(reader.problems).toEqual([]);
  await reader.leave();

  const phone = await Reader.arrive(browser, { size: 'phone', language: 'en', scheme: 'dark' });
  await logIn(phone.page, world);
  await phone.page.locator('nav.bar button').nth(2).click();
  await phone.page.getByRole('button', { name: 'Your mailbox' }).click();
  const there = phone.page.locator('.dialog .help');
  await there.getByText('looked 3 times').waitFor();
  await there.getByRole('button', { name: 'Make a code' }).click();
  await there.getByText('ABCDE-FGHJK').waitFor();
  await there.scrollIntoViewIfNeeded();
  await phone.page.screenshot({ path: `${PICTURES}help-3-phone.png` });
  const wide = await phone.page.locator('.dialog').evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await phone.leave();
});
