/** Proves that what is written is kept, sent once, and found again by sender and recipient. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../kit/test/browser.ts';
import { logIn, seed, startWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let reader: Reader;
let page: Page;

const unique = (name: string) => `${name} ${Math.random().toString(36).slice(2, 8)}`;
const row = (subject: string, where = page) => where.locator('.mailrow', { hasText: subject });
const field = (name: string) => page.locator('.sheet').getByLabel(name, { exact: true });

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

test('an email with an attachment goes to the other mailbox, and a copy is in Sent', async () => {
  const subject = unique('Lago');
  await logIn(page, world);
  await page.keyboard.press('c');
  await field('A').fill(world.peer);
  await field('Oggetto').fill(subject);
  await field('Testo').fill('Ci vediamo sabato?');
  await page.locator('.sheet input[type=file]').setInputFiles({
    name: 'mappa.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('di qua'),
  });
  await page.locator('.sheet').getByText('mappa.txt').waitFor();

  await page.keyboard.press('Control+Enter');
  await page.getByText('Inviato.', { exact: true }).waitFor();
  await page.locator('nav.folders a[href="#/sent"]').click();
  await row(subject).waitFor();
  await page.locator('nav.folders a[href="#/drafts"]').click();
  expect(await row(subject).count()).toBe(0);

  const peer = await Reader.arrive(browser);
  await logIn(peer.page, world, world.peer);
  await row(subject, peer.page).first().locator('a').click();
  await peer.page.getByText('Ci vediamo sabato?').last().waitFor();
  await peer.page.getByRole('link', { name: 'Scarica mappa.txt' }).waitFor();
  await peer.leave();
});

test('what is in the way of sending is said, and nothing is sent', async () => {
  await logIn(page, world);
  await page.keyboard.press('c');
  await page.locator('.sheet').getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('alert').filter({ hasText: 'Aggiungi almeno un indirizzo.' }).waitFor();

  await field('A').fill('bruno');
  await page.locator('.sheet').getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('alert').filter({ hasText: 'Controlla questo indirizzo: bruno' }).waitFor();

  await field('A').fill(world.peer);
  await field('Testo').fill('Ti mando in allegato la mappa.');
  await page.locator('.sheet').getByRole('button', { name: 'Invia' }).click();
  await page.getByRole('alert').filter({ hasText: 'non ce n’è nessuno' }).waitFor();
  await page.locator('.sheet').getByRole('button', { name: 'Butta via' }).click();
});

test('an answer quotes, goes to the sender, and marks what it answers', async () => {
  const subject = unique('Domanda');
  const value = 'Vieni domani?\nCarla';
  await seed(world, { subject, from: [{ name: 'Bruno', email: world.peer }], bodyValues: { t: { value } } });
  await logIn(page, world);
  await row(subject).locator('a').click();
  await page.getByText('Vieni domani?').last().waitFor();

  await page.keyboard.press('r');
  await page.locator('.sheet').waitFor();
  expect(await field('A').inputValue()).toBe(`Bruno <${world.peer}>`);
  expect(await field('Oggetto').inputValue()).toBe(`Re: ${subject}`);
  const text = await field('Testo').inputValue();
  expect(text).toContain('Bruno ha scritto:\n> Vieni domani?\n> Carla');
  await field('Testo').fill(`Sì!\n${text}`);
  await page.locator('.sheet').getByRole('button', { name: 'Invia' }).click();
  await page.getByText('Inviato.', { exact: true }).waitFor();
  await row(subject).getByTitle('Hai risposto').waitFor();
});

test('an unfinished email is on the server within seconds and can be gone on with', async () => {
  const subject = unique('Bozza');
  await logIn(page, world);
  await page.keyboard.press('c');
  await field('Oggetto').fill(subject);
  await field('Testo').fill('Prima parte.');
  await page
    .locator('.sheet')
    .getByText(/Salvato alle/)
    .waitFor();
  await field('Testo').fill('Prima parte. Seconda parte.');
  await page.keyboard.press('Escape');
  await page.locator('.sheet').waitFor({ state: 'detached' });

  await page.locator('nav.folders a[href="#/drafts"]').click();
  await row(subject).waitFor();
  await page.reload();
  await row(subject).locator('a').click();
  await page.locator('.sheet').waitFor();
  expect(await field('Testo').inputValue()).toBe('Prima parte. Seconda parte.');
  expect(await row(subject).count()).toBe(1);

  await page.locator('.sheet').getByRole('button', { name: 'Butta via' }).click();
  await row(subject).waitFor({ state: 'detached' });
});

test('words typed while the server is away survive a closed page', async () => {
  const subject = unique('Lampo');
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();
  await page.keyboard.press('c');
  await reader.context.route(/\/jmap\//, (route) => route.abort());
  await field('Oggetto').fill(subject);
  await field('Testo').fill('Non perdermi.');
  await page.locator('.sheet').getByText('Il testo è su questo dispositivo').waitFor();
  await page.close();

  await reader.context.unroute(/\/jmap\//);
  page = await reader.context.newPage();
  await page.goto(world.url);
  await page.getByRole('button', { name: 'Continua a scrivere' }).click();
  expect(await field('Oggetto').inputValue()).toBe(subject);
  expect(await field('Testo').inputValue()).toBe('Non perdermi.');
  await page.locator('.sheet').getByRole('button', { name: 'Butta via' }).click();
});

test('a discarded draft can be brought back', async () => {
  await logIn(page, world);
  await page.keyboard.press('c');
  await field('Testo').fill('Forse no.');
  await page.locator('.sheet').getByRole('button', { name: 'Butta via' }).click();
  await page.getByText('Bozza buttata via.').waitFor();

  await page.getByRole('button', { name: 'Annulla' }).click();
  expect(await field('Testo').inputValue()).toBe('Forse no.');
  await page.locator('.sheet').getByRole('button', { name: 'Butta via' }).click();
});
