/**
 * Proves that every view says the truth when it is empty, loading, failing or cut off, and that a
 * million rows scroll.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';
import type { FakeServer } from '../../fake/server.ts';

let world: World;
let fake: FakeServer;
let browser: Browser;
let reader: Reader;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  if (!world.fake) throw new Error('these tests break the server on purpose');
  fake = world.fake;
  browser = await startBrowser();
});
beforeEach(async () => {
  reader = await Reader.arrive(browser);
  page = reader.page;
});
afterEach(async () => {
  Object.assign(fake.weather, { jmap: 'fine', delay: 0 });
  expect(reader.problems).toEqual([]);
  await reader.leave();
});
afterAll(async () => {
  await browser.close();
  world.close();
});

test('too many attempts say when to try again', async () => {
  await page.goto(world.url);
  await page.locator('#login').fill('often@posta.example');
  await page.locator('#password').fill('x');
  await page.keyboard.press('Enter');

  await page.getByText('Troppi tentativi. Riprova fra 2 minuti.').waitFor();
});

test('a server that is away is said on the log-in page, and tried again', async () => {
  await reader.context.route(/\/(auth|brand)/, (route) => route.abort());
  await page.goto(world.url);
  await page.getByText('Il servizio di posta non si raggiunge.').waitFor();

  await reader.context.unroute(/\/(auth|brand)/);
  await page.getByRole('button', { name: 'Riprova' }).click();
  await page.locator('#login').waitFor();
});

test('the log-in page leads to the form for complaints where the brand has one', async () => {
  await page.goto(world.url);
  const link = page.getByRole('link', { name: 'Reclami' });
  expect(await link.getAttribute('href')).toBe('/complaints/it/');

  const { complaints, ...brand } = fake.weather.brand;
  fake.weather.brand = brand;
  await page.reload();
  await page.locator('#login').waitFor();
  expect(await link.count()).toBe(0);
  Object.assign(fake.weather.brand, { complaints });
});

test('rows have their true height while they load', async () => {
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  fake.weather.delay = 1_500;

  await page.locator('nav.folders a', { hasText: 'Casa' }).click();
  const skeleton = page.locator('.skeletons > div').first();
  await skeleton.waitFor();
  expect((await skeleton.boundingBox())?.height).toBe(64);
  await page.getByText('La cartella è vuota').waitFor();
});

test('a folder that cannot be read says so and is tried again', async () => {
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  fake.weather.jmap = 'down';
  await page.locator('nav.folders a', { hasText: 'Archivio' }).click();
  await page.getByRole('alert').filter({ hasText: 'Ora questa cartella non si può mostrare' }).waitFor();

  fake.weather.jmap = 'fine';
  await page.getByRole('button', { name: 'Riprova' }).click();
  await page.getByText('La cartella è vuota').waitFor();
});

test('an email that cannot be opened says so; the list stays, and trying again opens it', async () => {
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  fake.weather.jmap = 'down';
  await page.locator('.mailrow a', { hasText: 'Sabato al lago?' }).click();
  await page.getByText('Ora questo messaggio non si può aprire').waitFor();
  expect(await page.locator('.mailrow').count()).toBeGreaterThan(5);

  fake.weather.jmap = 'fine';
  await page.getByRole('button', { name: 'Riprova' }).click();
  await page.getByText('partenza alle 9 da casa nostra').last().waitFor();
});

test('a change the server does not take is taken back and told', async () => {
  await logIn(page, world);
  const row = page.locator('.mailrow', { hasText: 'Preventivo infissi' }).first();
  await row.locator('a').click();
  fake.weather.jmap = 'down';
  await page.keyboard.press('s');
  await page.getByText('Non segnato.').waitFor();
  expect(await row.locator('.flag').count()).toBe(0);
});

test('being cut off is one quiet line, and what is here can still be read', async () => {
  await logIn(page, world);
  await page.locator('.mailrow a', { hasText: 'Sabato al lago?' }).click();
  await page.getByText('partenza alle 9 da casa nostra').last().waitFor();

  await reader.context.setOffline(true);
  await page.getByText('Non sei in linea.').waitFor();
  await page.keyboard.press('u');
  await page.keyboard.press('Enter');
  await page.getByText('partenza alle 9 da casa nostra').last().waitFor();
  await reader.context.setOffline(false);
  await page.getByText('Non sei in linea.').waitFor({ state: 'detached' });
});

test('a fault is one quiet line that names the folder that is open, and goes by itself', async () => {
  const anna = [...fake.accounts.values()].find(({ address }) => address === world.account);
  const letter = [...(anna?.emails.values() ?? [])][0];
  if (!anna || !letter) throw new Error('nobody has mail');
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  expect(await page.locator('.band').count()).toBe(0);
  const before = await page.locator('.mailrow').count();

  const received = anna.fault('Ricevuti durante il guasto');
  const band = page.locator('.band', { hasText: 'La nuova posta arriva in “Ricevuti durante il guasto”' });
  await band.waitFor();
  expect(await page.locator('.mailrow').count()).toBe(before);

  // What comes is shown where the line says, also while that folder is on screen.
  await page.locator('nav.folders a', { hasText: 'Ricevuti durante il guasto' }).click();
  await page.getByText('La cartella è vuota').waitFor();
  anna.put({ ...letter, id: anna.freshId('e'), subject: 'Nel guasto', mailboxIds: { [received]: true } });
  await page.locator('.mailrow', { hasText: 'Nel guasto' }).waitFor();

  await page.locator('nav.folders a', { hasText: 'Posta in arrivo' }).click();
  anna.faultOver();
  await band.waitFor({ state: 'detached' });
  await page.locator('.mailrow', { hasText: 'Nel guasto' }).waitFor();
  await page.locator('nav.folders a', { hasText: 'Ricevuti' }).waitFor({ state: 'detached' });
});

test('a log-in that ends brings back the log-in page and keeps what was being written', async () => {
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  await page.keyboard.press('c');
  await page.locator('.sheet textarea').fill('Non perdermi.');
  fake.forgetEverybody();
  await page.getByText('L’accesso è scaduto.').waitFor();

  await page.locator('#login').fill(world.account);
  await page.locator('#password').fill(world.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Continua a scrivere' }).click();
  expect(await page.locator('.sheet textarea').inputValue()).toBe('Non perdermi.');
  await page.locator('.sheet').getByRole('button', { name: 'Butta via' }).click();
});

test('an email that is gone says so', async () => {
  await logIn(page, world);
  await page.goto(`${world.url}/#/inbox/no-such-email`);

  await page.getByText('Questo messaggio non c’è più').waitFor();
});

test('nothing found is said', async () => {
  await logIn(page, world);
  await page.locator('#search').fill('introvabilissimo');
  await page.keyboard.press('Enter');

  await page.getByText('Nessun risultato').waitFor();
});

test('a million rows scroll to the very last, by wheel and by bar, and stay few in the page', async () => {
  await logIn(page, world);
  await page.locator('nav.folders a', { hasText: 'Un milione' }).click();
  await page.getByText('1.000.000 messaggi').waitFor();
  await page.locator('.mailrow', { hasText: 'Numero 0' }).waitFor();
  const box = page.locator('.list .box');
  const top = async () =>
    (await page.locator('.mailrow .subject').first().innerText()).replace('Numero ', '');

  // A wheel's step moves as far as in any other list: ten rows of 64 pixels.
  await box.hover();
  await page.mouse.wheel(0, 640);
  await page.locator('.mailrow', { hasText: 'Numero 14' }).waitFor();
  expect(Number(await top())).toBeLessThan(12);

  await box.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  await expect.poll(async () => Math.abs(Number(await top()) - 500_000)).toBeLessThan(50);
  await box.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await page.locator('.mailrow', { hasText: 'Numero 999999' }).waitFor();
  const last = await page.locator('.mailrow', { hasText: 'Numero 999999' }).boundingBox();
  const frame = await box.boundingBox();
  expect(Math.round((last?.y ?? 0) + (last?.height ?? 0))).toBe(
    Math.round((frame?.y ?? 0) + (frame?.height ?? 0)),
  );
  expect(await page.locator('.mailrow').count()).toBeLessThan(40);
});
