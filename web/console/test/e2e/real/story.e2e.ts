/**
 * The console in front of a running server. What it needs to know comes by the environment:
 *
 *   CASELLA_CONSOLE_URL       where the console is, e.g. http://127.0.0.1:8090/console/
 *   CASELLA_CONSOLE_STAFF     who previews, name:password; operator, support, billing    (carla:casella)
 *   CASELLA_CONSOLE_SECOND    who approves; billing, data-protection                       (dario:casella)
 *   CASELLA_CONSOLE_ACCOUNT   a mailbox there is                                       (anna@posta.example)
 *   CASELLA_CONSOLE_INCIDENT  one that is open, with a fault in its time; without it one is opened
 *   CASELLA_CONSOLE_MAILED    what the list calls a complaint that came by mail; without it one is entered
 *   CASELLA_CONSOLE_RULES     rules of compensation, as a file; without it every plan there is gets more room
 *   CASELLA_CONSOLE_PDF       where the exported breach is kept, for whoever looks at it
 *   CASELLA_CHROMIUM          the browser
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../../../../kit/test/axe.ts';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { confirm, dialog } from '../world.ts';

const asked = process.env['CASELLA_CONSOLE_URL'] ?? '';
const CONSOLE = asked.endsWith('/') ? asked : `${asked}/`;
const FIRST = (process.env['CASELLA_CONSOLE_STAFF'] ?? 'carla:casella').split(':');
const SECOND = (process.env['CASELLA_CONSOLE_SECOND'] ?? 'dario:casella').split(':');
const ACCOUNT = process.env['CASELLA_CONSOLE_ACCOUNT'] ?? 'anna@posta.example';
const RULES = process.env['CASELLA_CONSOLE_RULES'];
const OPEN = process.env['CASELLA_CONSOLE_INCIDENT'];
const PDF = process.env['CASELLA_CONSOLE_PDF'];
const MAILED = process.env['CASELLA_CONSOLE_MAILED'];
const FOLDER = fileURLToPath(new URL('../../../target/photographs-real/', import.meta.url));
/** A real server counts, writes and tells. */
const PATIENCE = 30_000;
const TITLE = `Prova della console ${Date.now()}`;

let browser: Browser;
let first: Reader;
let second: Reader;
let incident = '';

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await startBrowser();
  first = await Reader.arrive(browser, { language: 'en' });
  second = await Reader.arrive(browser, { language: 'en' });
  for (const one of [first, second]) one.context.setDefaultTimeout(PATIENCE);
});
afterAll(async () => {
  await browser.close();
});

async function logIn(page: Page, [name = '', password = '']: string[]): Promise<void> {
  await page.goto(CONSOLE);
  await page.locator('#login').fill(name);
  await page.locator('#password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.side nav a').first().waitFor();
}

const at = (page: Page, place: string) => page.goto(`${CONSOLE}${place}`);

async function shoot(page: Page, name: string): Promise<void> {
  expect(await faults(page), name).toEqual([]);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}

/** The rules asked for, or more room for every plan there is. */
async function rules(page: Page): Promise<string> {
  if (RULES) return readFileSync(RULES, 'utf8');
  await at(page, '#/brands');
  const plans = page.locator('section', { has: page.locator('#plans') }).locator('.rows strong');
  await plans.first().waitFor();
  const names = (await plans.allInnerTexts()).map((name) => name.trim());
  return [
    'version: 1',
    'rules:',
    '  - rule: everybody',
    '    brands: all',
    `    plans: [${names.join(', ')}]`,
    '    away: mailbox',
    '    longer-than: 0m',
    '    quota: 1GiB',
    '',
  ].join('\n');
}

test('two people log in; every view each may see draws what the server says', async () => {
  await logIn(first.page, FIRST);
  await logIn(second.page, SECOND);
  for (const { page } of [first, second]) {
    const links = await page
      .locator('.side nav a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      await at(page, link ?? '');
      await page.locator('main h1').waitFor();
      await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null);
      // What the page does not understand, it says in these words.
      const odd = await page.getByText('something this page does not understand').count();
      expect(odd, link ?? '').toBe(0);
    }
  }
  await at(first.page, '#/overview');
  await first.page.getByText('Can people work?').waitFor();
  await shoot(first.page, 'overview');
}, 180_000);

test('an account’s card says a sentence to read aloud', async () => {
  const { page } = first;
  await at(page, '#/accounts');
  await page.locator('#find').fill(ACCOUNT.slice(0, 4));
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: ACCOUNT }).first().click();
  await page.locator('blockquote').first().waitFor();
  expect((await page.locator('blockquote').allInnerTexts()).every((text) => text.trim() !== '')).toBe(true);
  await shoot(page, 'account');
}, 90_000);

/** Opens an incident after a preview, and returns its number. */
async function opened(page: Page): Promise<string> {
  await at(page, '#/incidents');
  await page.locator('main .page > header .deeds button').first().click();
  await page.getByLabel('What is the matter, in Italian').fill(TITLE);
  await page.getByLabel('What is the matter, in English').fill(TITLE);
  await dialog(page).getByRole('button', { name: 'See what would happen' }).click();
  await dialog(page)
    .getByText(/^Said by:/)
    .waitFor();
  await shoot(page, 'incident-preview');
  await confirm(page, 'all brands', 'Publish');
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: TITLE }).click();
  await page.getByText('What was done and said, when').waitFor();
  const number = /#\/incidents\/(\d+)/.exec(page.url())?.[1] ?? '';
  expect(number).not.toBe('');
  return number;
}

test('an incident is said to be over', async () => {
  const { page } = first;
  if (OPEN) {
    incident = OPEN;
    await at(page, `#/incidents/${OPEN}`);
  } else {
    incident = await opened(page);
  }
  await page.getByText('What was done and said, when').waitFor();
  await page.getByRole('button', { name: 'Say that it is over' }).click();
  await dialog(page).getByRole('button', { name: 'See what would happen' }).click();
  await confirm(page, incident, 'Publish');
  await page.getByText('Over since').waitFor();
  await shoot(page, 'incident');
}, 120_000);

test('a compensation is previewed by one, refused to the same, approved by the other and given', async () => {
  const { page } = first;
  const text = await rules(page);
  await at(page, `#/compensation/${incident}`);
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByLabel('Rules').fill(text);
  await dialog(page).getByRole('button', { name: 'Preview', exact: true }).click();
  await dialog(page).getByText('would get something').waitFor();
  await dialog(page).locator('.choice').getByRole('button', { name: 'Close' }).click();
  await page.getByText('Number of the preview').waitFor();
  const digest = (await page.locator('dd.mono').innerText()).trim();
  await page.getByRole('button', { name: 'Approve' }).click();
  await confirm(page, digest, 'Approve');
  await dialog(page).getByRole('alert').waitFor();
  await page.keyboard.press('Escape');

  const other = second.page;
  await at(other, `#/compensation/${incident}`);
  await other.getByRole('button', { name: 'Approve' }).click();
  await confirm(other, digest, 'Approve');
  await dialog(other).waitFor({ state: 'detached' });
  await other.getByRole('button', { name: 'Give it' }).click();
  await confirm(other, incident, 'Give it');
  await dialog(other)
    .getByText(/given it, .* told/)
    .waitFor({ timeout: 90_000 });
  await dialog(other).locator('.choice').getByRole('button', { name: 'Close' }).click();
  await other.getByRole('button', { name: 'Give what is missing' }).waitFor();
  await shoot(other, 'compensation');
}, 240_000);

/** Enters a complaint that came by letter. */
async function entered(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Enter one' }).click();
  await page.getByLabel('Protocol number').fill(String(Date.now()));
  await page.getByLabel('Mailbox', { exact: true }).fill(ACCOUNT);
  await page.getByLabel('Name', { exact: true }).fill(TITLE);
  await page.getByLabel('Text', { exact: true }).fill('Per tre giorni non ho potuto leggere la posta.');
  await dialog(page).getByRole('button', { name: 'Enter one' }).click();
  await dialog(page).waitFor({ state: 'detached' });
}

test('a complaint is answered', async () => {
  const { page } = first;
  await at(page, '#/complaints');
  if (!MAILED) await entered(page);
  await page.getByRole('link', { name: new RegExp(MAILED ?? TITLE) }).click();
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  await page.getByLabel('Text', { exact: true }).fill('La sua posta è tutta al sicuro.');
  await dialog(page).getByRole('button', { name: 'Answer', exact: true }).click();
  await page.getByText('We answered').waitFor();
  await page.getByText('La sua posta è tutta al sicuro.').waitFor();
  await shoot(page, 'complaint');
}, 120_000);

test('a breach is entered, noted and exported as a PDF', async () => {
  const { page } = second;
  await at(page, '#/privacy');
  await page.getByRole('button', { name: 'Enter a breach' }).click();
  await page.getByLabel('What happened, in a line').fill(TITLE);
  await page.getByLabel('Number of the incident').fill(incident);
  await dialog(page).getByRole('button', { name: 'Enter a breach' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: TITLE }).click();
  await page.getByText(/of 72 hours left/).waitFor();
  await page.getByRole('button', { name: 'Note what is new' }).click();
  await page.getByLabel('What was broken: availability').check();
  await page.getByLabel('What happened', { exact: true }).fill('Le caselle non si aprivano.');
  await dialog(page).getByRole('button', { name: 'Note what is new' }).click();
  await page.getByText('Le caselle non si aprivano.').first().waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  await dialog(page).getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page).getByRole('link', { name: 'Download' }).click(),
  ]);
  const pdf = readFileSync(await file.path());
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  if (PDF) writeFileSync(PDF, pdf);
  await page.keyboard.press('Escape');
  await shoot(page, 'breach');
}, 120_000);

test('nothing was against the page’s policy, and nothing broke', () => {
  expect(first.problems).toEqual([]);
  expect(second.problems).toEqual([]);
});
