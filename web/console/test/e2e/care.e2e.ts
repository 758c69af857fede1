/**
 * Proves the work that is done seldom: new mailboxes, erasing one, proving and making anew, cleaning up, old
 * reports, what is given to whoever helps.
 */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../../../kit/test/browser.ts';
import { arrive, confirm, dialog, startWorld, type World } from './world.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  world.fake.close();
});

const ordered = (name: string) =>
  world.fake.given.filter((one) => one.name === name).map(({ fields }) => fields);

test('an operator who looks up nobody adds mailboxes, and sees each password once', async () => {
  const reader = await arrive(browser, world, 'olga', '#/accounts');
  const { page } = reader;
  await page.getByText('Your roles look up nobody here').waitFor();
  expect(await page.locator('#find').count()).toBe(0);
  await page.getByRole('button', { name: 'Add a mailbox' }).click();
  await page.getByLabel('Address').fill('dora.nuova@posta.example');
  await page.getByLabel('Plan').selectOption('plus');
  await dialog(page).getByRole('button', { name: 'Add a mailbox' }).click();
  await dialog(page).getByText('Its password: vela-corda-neve-pane').waitFor();
  expect(ordered('account-add')).toEqual([
    { address: 'dora.nuova@posta.example', plan: 'plus', language: 'it' },
  ]);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Add from a CSV file' }).click();
  await page.getByLabel('CSV file', { exact: true }).setInputFiles({
    name: 'new.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('address,name\na@posta.example,Città\n'),
  });
  await dialog(page).getByRole('button', { name: 'Add from a CSV file' }).click();
  await dialog(page).getByText('line 3: address: is taken').waitFor();
  expect(ordered('account-import')).toEqual([{ body: 'address,name\na@posta.example,Città\n' }]);
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('only a wiped mailbox is erased, after a look, with its address typed', async () => {
  const reader = await arrive(browser, world, 'dario', '#/accounts/a1k7q0000000001');
  const { page } = reader;
  await page.getByRole('button', { name: 'Remove an alias' }).click();
  await page.getByLabel('Alias', { exact: true }).fill('annina@posta.example');
  await confirm(page, 'annina@posta.example', 'Remove an alias');
  await dialog(page).waitFor({ state: 'detached' });
  expect(ordered('alias-remove')).toEqual([{ address: 'anna@posta.example', alias: 'annina@posta.example' }]);
  expect(await page.getByRole('button', { name: 'Erase for good' }).count()).toBe(0);

  await page.goto(`${world.url}#/accounts/a1k7q0000000005`);
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await dialog(page)
    .getByText('It would be erased from engine, queue, tail, vault.files, vault.pack.')
    .waitFor();
  const button = dialog(page).getByRole('button', { name: 'Erase for good', exact: true });
  expect(await button.isDisabled()).toBe(true);
  expect(ordered('account-erase')).toEqual([{ address: 'dora@posta.example', dryRun: true }]);
  await confirm(page, 'dora@posta.example', 'Erase for good');
  await dialog(page).getByText('vault.pack: has not confirmed yet').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page).getByRole('link', { name: 'Download the signed certificate' }).click(),
  ]);
  expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toEqual({ payload: 'e30', signature: 'x' });
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('mailboxes are proven and made anew, and what cleans up is answered', async () => {
  const reader = await arrive(browser, world, 'olga', '#/vaults/care');
  const { page } = reader;
  await page.getByRole('button', { name: 'Verify' }).click();
  await dialog(page).getByRole('button', { name: 'Verify', exact: true }).click();
  await dialog(page).getByText('anna@posta.example: a copy is missing in pack').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Make anew' }).click();
  await page.getByLabel('From vault').selectOption('pack');
  await confirm(page, 'all accounts', 'Make anew');
  await dialog(page).getByText('1 of 22,040 accounts made anew, 0 failed.').waitFor();
  expect(ordered('rebuild')).toEqual([{ from: 'pack' }]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Let in what was set aside' }).click();
  await page.getByLabel('Mailbox', { exact: true }).fill('anna@posta.example');
  await confirm(page, 'anna@posta.example', 'Let in what was set aside');
  await dialog(page).getByText('it is not set aside').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Clean up now' }).click();
  await dialog(page).getByRole('button', { name: 'Clean up now', exact: true }).click();
  await dialog(page).getByText('It stands, and asks:').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Answer yes' }).click();
  await confirm(page, 'volume', 'Answer yes');
  await dialog(page).getByText('22,040 accounts looked at, 41,200 mails may go').waitFor();
  expect(ordered('collect-run')).toEqual([{ confirm: false }, { confirm: true }]);
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('reports of past drills are read, a cohort is looked up, and whoever helps is given a bundle', async () => {
  const reader = await arrive(browser, world, 'olga', '#/drills');
  const { page } = reader;
  const reports = page.locator('section', { has: page.locator('#past') }).locator('.rows a');
  expect(await reports.allInnerTexts()).toEqual(['engine-hung', 'vault-lying']);
  await reports.nth(1).click();
  await page.getByText('118 mails taken, 0 refused, 2 lost').waitFor();
  await page.getByText('not held').waitFor();
  await page.getByText('62.3 s').waitFor();

  await page.goto(`${world.url}#/vaults/cohorts`);
  await page.getByRole('button', { name: 'Look up a cohort' }).click();
  await page.getByLabel('Cohort, address or id').fill('anna@posta.example');
  await dialog(page).getByRole('button', { name: 'Look up a cohort' }).click();
  await dialog(page).getByText('goes with volunteers; its id says slice-07').waitFor();

  await page.goto(world.url);
  await page.reload();
  await page.getByRole('button', { name: 'Test the alerts' }).click();
  await dialog(page).getByRole('button', { name: 'Test the alerts' }).click();
  await dialog(page).getByText('webhook: sent').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Support bundle' }).click();
  await dialog(page).getByRole('button', { name: 'Support bundle' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page).getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('casella-support.zip');
  expect(reader.problems).toEqual([]);
  await reader.leave();
});
