/**
 * The day it happens, in front of a running server whose engine and vaults answer nobody: an operator opens
 * an incident at the console, an owner reads it where they are and is told how their mailbox is, and the
 * status page has it.
 *
 *   CASELLA_CONSOLE_URL      where the console is
 *   CASELLA_CONSOLE_WEBMAIL  where owners are, e.g. http://127.0.0.1:8080/
 *   CASELLA_CONSOLE_STAFF    an operator who also does support, name:password   (carla:casella)
 *   CASELLA_CONSOLE_ACCOUNT  a mailbox there is; its password is `casella`     (anna@posta.example)
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../../../../kit/test/axe.ts';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { confirm, dialog } from '../world.ts';

const CONSOLE = process.env['CASELLA_CONSOLE_URL'] ?? '';
const WEBMAIL = process.env['CASELLA_CONSOLE_WEBMAIL'] ?? '';
const [NAME = '', PASSWORD = ''] = (process.env['CASELLA_CONSOLE_STAFF'] ?? 'carla:casella').split(':');
const ACCOUNT = process.env['CASELLA_CONSOLE_ACCOUNT'] ?? 'anna@posta.example';
const FOLDER = fileURLToPath(new URL('../../../target/photographs-real/', import.meta.url));
const TITLE = 'Le caselle non si aprono';

let browser: Browser;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
});

async function arrive(size: 'desk' | 'phone', language: 'it' | 'en'): Promise<Reader> {
  const reader = await Reader.arrive(browser, { size, language });
  reader.context.setDefaultTimeout(30_000);
  return reader;
}

async function shoot(reader: Reader, name: string): Promise<void> {
  expect(await faults(reader.page), name).toEqual([]);
  await reader.page.screenshot({ path: `${FOLDER}${name}.png` });
}

test('an operator sees what is wrong and opens an incident', async () => {
  const operator = await arrive('desk', 'en');
  const { page } = operator;
  await page.goto(CONSOLE);
  await page.locator('#login').fill(NAME);
  await page.locator('#password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('Can people work?').waitFor();
  await shoot(operator, 'fault-overview');

  await page.goto(`${CONSOLE}#/incidents`);
  await page.locator('main .page > header .deeds button').first().click();
  await page.getByLabel('What is the matter, in Italian').fill(TITLE);
  await page.getByLabel('What is the matter, in English').fill('Mailboxes do not open');
  await dialog(page).getByRole('button', { name: 'See what would happen' }).click();
  await dialog(page)
    .getByText(/^Said by:/)
    .waitFor();
  await confirm(page, 'all brands', 'Publish');
  await dialog(page).waitFor({ state: 'detached' });
  await page
    .getByRole('link', { name: 'Mailboxes do not open' })
    .or(page.getByRole('link', { name: TITLE }))
    .first()
    .waitFor();
  expect(operator.problems).toEqual([]);
  await operator.leave();
}, 180_000);

test('an owner reads it at the log-in and in the webmail, with how their own mailbox is', async () => {
  const owner = await arrive('phone', 'it');
  const { page } = owner;
  await page.goto(WEBMAIL);
  await page.locator('.notice', { hasText: TITLE }).waitFor();
  await shoot(owner, 'fault-login');
  await page.locator('#login').fill(ACCOUNT);
  await page.locator('#password').fill('casella');
  await page.locator('button[type=submit]').click();
  await page.locator('.band.said', { hasText: TITLE }).waitFor();
  await page.locator('.band', { hasText: 'Ricevuti durante il guasto' }).waitFor();
  await shoot(owner, 'fault-webmail');
  await owner.leave();
}, 120_000);

test('whoever asks is told the same by the console and by the status page', async () => {
  const operator = await arrive('desk', 'en');
  const { page } = operator;
  await page.goto(CONSOLE);
  await page.locator('#login').fill(NAME);
  await page.locator('#password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.side nav a').first().waitFor();
  await page.goto(`${CONSOLE}#/accounts`);
  await page.locator('#find').fill(ACCOUNT.slice(0, 4));
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: ACCOUNT }).first().click();
  await page.getByText('Ricevuti durante il guasto').first().waitFor();
  await shoot(operator, 'fault-account');

  await page.goto(`${WEBMAIL}status/it/`);
  await page.getByText(TITLE).first().waitFor();
  await shoot(operator, 'fault-status');
  await operator.leave();
}, 120_000);
