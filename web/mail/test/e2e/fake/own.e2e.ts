/**
 * Proves that readers see what is known of their own mailbox, take it with them, and are told what cannot
 * be said now.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reader, startBrowser, type Look } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

let world: World;
let browser: Browser;
let reader: Reader;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  if (!world.fake) throw new Error('these tests break the server on purpose');
  browser = await startBrowser();
});
beforeEach(() => arrive());
afterEach(async () => {
  expect(reader.problems).toEqual([]);
  await reader.leave();
});
afterAll(async () => {
  await browser.close();
  world.close();
});

async function arrive(look: Look = {}): Promise<void> {
  reader = await Reader.arrive(browser, look);
  page = reader.page;
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
}

async function fromTheMenu(): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.locator('.menu-input').fill('La tua casella');
  await page.keyboard.press('Enter');
  await page.locator('.dialog h3').first().waitFor();
}

const said = async () => (await page.locator('.dialog').innerText()).replace(/\s+/g, ' ');

test('hours, what came meanwhile, who tried, proof and what was given, all as text', async () => {
  await fromTheMenu();
  await page.getByText('Nessuno è andato perso.').waitFor();

  const text = await said();
  expect(text).toContain('Gli ultimi 90 giorni');
  expect(text).toContain('Le caselle <b>non</b> si aprono');
  expect(text).toContain('Casella non raggiungibile 26 h 15 min');
  expect(text).toContain('Non arrivavano gli avvisi di nuova posta 0 h 1 min');
  expect(text).toContain('Intanto sono arrivati 12 messaggi.');
  expect(text).toContain('Invio lento');
  expect(text).toContain('Tutto ha funzionato per tutto il tempo.');
  expect(text).toContain('abbiamo chiesto di riprovare più tardi; poi non è arrivato nulla');
  expect(text).toContain('un avviso di consegna');
  expect(text).toContain('e altri 2, nel file');
  expect(text).toContain('Di 1204 messaggi accettati da sempre');
  expect(text).toContain('2 GB di spazio in più, per sempre, 6 mesi gratis');
  expect(await page.locator('.dialog b').count()).toBe(0);
});

test('all of it is taken as one file', async () => {
  await page.getByRole('button', { name: 'La tua casella' }).click();
  const button = page.getByRole('button', { name: 'Portalo via in un file' });
  await button.and(page.locator(':enabled')).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);

  expect(download.suggestedFilename()).toBe(`${world.account}.json`);
  const file = JSON.parse(readFileSync(await download.path(), 'utf8')) as Record<string, unknown[]>;
  expect(file['address']).toBe(world.account);
  expect(file['absences']).toHaveLength(3);
  expect(file['attempts']).toHaveLength(22);
  expect(file['compensations']).toHaveLength(1);
  expect(file['reckoning']).toMatchObject({
    lost: 0,
    statement: expect.stringContaining('signature') as string,
  });
});

test('what cannot be counted in a fault is said, and the rest is there', async () => {
  const anna = [...(world.fake?.accounts.values() ?? [])].find(({ address }) => address === world.account);
  anna?.fault('Ricevuti durante il guasto');
  await page.locator('.band').waitFor();
  await fromTheMenu();

  await page.getByText('Adesso non si possono contare.').waitFor();
  expect(await said()).toContain('26 h 15 min');
  anna?.faultOver();
  await page.keyboard.press('Escape');
  await page.locator('.band').waitFor({ state: 'detached' });
});

test('a server that is away is said, and tried again', async () => {
  if (!world.fake) return;
  world.fake.weather.jmap = 'down';
  await page.getByRole('button', { name: 'La tua casella' }).click();
  await page.locator('.dialog [role=alert]').waitFor();

  world.fake.weather.jmap = 'fine';
  await page.locator('.dialog').getByRole('button', { name: 'Riprova' }).click();
  await page.getByText('Nessuno è andato perso.').waitFor();
});

test('on the phone it is beside the folders, and nothing is wider than the page', async () => {
  await reader.leave();
  await arrive({ size: 'phone', language: 'en' });
  await page.locator('nav.bar button').nth(2).click();
  await page.getByRole('button', { name: 'Your mailbox' }).click();
  await page.getByText('None was lost.').waitFor();

  const wide = await page.locator('.dialog').evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  expect(await said()).toContain('Mailbox out of reach 26 h 15 min');
});
