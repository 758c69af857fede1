/**
 * Proves the console's daily work from end to end: overview, card, incident, compensation, complaint,
 * breach.
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

const ordered = (name: string) => world.fake.given.filter((one) => one.name === name);

test('the overview answers four questions, draws the last hours, and says the same in tables', async () => {
  const reader = await arrive(browser, world, 'carla');
  const { page } = reader;
  await page.getByText('1 thing is wrong.').waitFor();
  await page.getByText('1,840 objects have fewer copies than they should.').waitFor();
  await page.getByText('2 mails wait.').waitFor();
  await page.locator('.uplot canvas').nth(2).waitFor();
  const queue = page.locator('figure').filter({ hasText: 'Mail waiting' });
  await queue.getByText('The same as a table').click();
  expect(await queue.locator('tbody tr').count()).toBeGreaterThan(20);

  await page.getByRole('button', { name: 'Pause: Copies that are missing are made' }).click();
  const button = dialog(page).getByRole('button', { name: 'Pause', exact: true });
  expect(await button.isDisabled()).toBe(true);
  await page.locator('#deed-target').fill('standby');
  expect(await button.isDisabled()).toBe(true);
  await confirm(page, 'healer', 'Pause');
  await page.getByText('by carla, since').waitFor();
  expect(ordered('automation-pause')).toMatchObject([{ by: 'carla', fields: { work: 'healer' } }]);
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('somebody who calls is found, told where they stand, and their mailbox is held', async () => {
  const reader = await arrive(browser, world, 'paola', '#/accounts');
  const { page } = reader;
  await page.locator('#find').fill('ann');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'anna@posta.example' }).click();
  await page.getByText('You are number 12 in the line').waitFor();
  await page.getByText('number 12', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Change the plan' }).count()).toBe(0);

  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Hold', exact: true }).click();
  await page.getByText('held: nothing of it is deleted').waitFor();

  await page.getByRole('button', { name: 'Bring deleted mail back' }).click();
  await page.getByLabel('As it was at').fill('2026-11-20T08:00');
  await confirm(page, 'anna@posta.example', 'Bring deleted mail back');
  await dialog(page).getByText('14 mails are back').waitFor();
  expect(ordered('restore')[0]?.fields['asOf']).toBe('2026-11-20T08:00:00+01:00');
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('whoever goes from a card to an incident asks for the incident, and for no account of that number', async () => {
  const reader = await arrive(browser, world, 'dario', '#/accounts/a1k7q0000000001');
  const { page } = reader;
  await page.locator('blockquote').first().waitFor();
  const before = world.fake.given.length;
  await page.evaluate(() => (location.hash = '#/incidents/1'));
  await page.getByText('What was done and said, when').waitFor();
  await page.evaluate(() => (location.hash = '#/vaults/pack-new'));
  await page.getByText('The way up').waitFor();
  const asked = world.fake.given.slice(before).filter(({ name }) => name.endsWith('-show'));
  expect(asked.map(({ name, fields }) => [name, ...Object.values(fields)])).toEqual([
    ['incident-show', 1],
    ['vault-show', 'pack-new'],
  ]);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('an incident is looked at before it is published; what it assures must be proven', async () => {
  const reader = await arrive(browser, world, 'carla', '#/incidents');
  const { page } = reader;
  await page.getByRole('button', { name: 'Open an incident', exact: true }).first().click();
  const look = dialog(page).getByRole('button', { name: 'See what would happen' });
  await look.click();
  await dialog(page).getByText('needed', { exact: true }).waitFor();
  await page.getByLabel('What is the matter, in Italian').fill('Le caselle non si aprono');
  await page.getByLabel('What is the matter, in English').fill('Mailboxes do not open');
  // A click beside it must not throw away what was written.
  await page.mouse.click(8, 500);
  await page.getByLabel('What is said, in Italian').fill('Nessun dato è andato perso.');
  await look.click();
  await dialog(page).getByText('cite the run that proves it').waitFor();
  await page.getByLabel('The run that proves it').fill('verify --all: 0 wrong');
  await look.click();
  await dialog(page).getByText('posta, Italian: Le caselle non si aprono. Nessun dato').waitFor();
  await dialog(page).getByText('Concerns 22,040 accounts.').waitFor();
  await page.getByLabel('virgola', { exact: true }).check();
  await look.click();
  await dialog(page).getByText('virgola, Italian: Le caselle').waitFor();
  expect(await dialog(page).getByText('posta, Italian').count()).toBe(0);
  await page.getByLabel('posta', { exact: true }).check();
  await page.getByLabel('Cohorts').fill('slice-07, staff');
  await page.getByLabel('IMAP', { exact: true }).check();
  await page.getByLabel('Only who uses these programs').fill('Thunderbird');
  await look.click();
  await dialog(page).getByText('They use: Thunderbird 31 %').waitFor();
  await dialog(page).getByText('posta, Italian: Le caselle').waitFor();
  expect(ordered('incident-open').filter(({ fields }) => fields['preview'] === false)).toEqual([]);

  await confirm(page, 'posta, virgola', 'Publish');
  await page.getByRole('link', { name: 'Mailboxes do not open' }).click();
  await page.getByText('posta, virgola', { exact: true }).waitFor();
  const opened = ordered('incident-open').filter(({ fields }) => fields['preview'] === false);
  expect(opened.map(({ fields }) => fields['brands'])).toEqual([['posta', 'virgola']]);
  expect(opened).toMatchObject([
    { fields: { cohorts: ['slice-07', 'staff'], doors: ['imap'], apps: ['Thunderbird'] } },
  ]);
  await page.getByText('slice-07, staff, IMAP, Thunderbird', { exact: true }).waitFor();
  await page.getByText('Proof: verify --all: 0 wrong').waitFor();
  await page.getByRole('button', { name: 'Say more' }).click();
  await page.getByLabel('Expected to be over').fill('2026-11-24T09:30');
  await dialog(page).getByRole('button', { name: 'See what would happen' }).click();
  await confirm(page, '2', 'Publish');
  await page.getByText('confidence low').first().waitFor();
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('compensation: one previews, the same is refused, another approves, it is given', async () => {
  const first = await arrive(browser, world, 'carla', '#/compensation/1');
  await first.page.getByRole('button', { name: 'Preview' }).click();
  await first.page.getByLabel('Rules').fill('version: 1\nrules: []\n');
  await dialog(first.page).getByRole('button', { name: 'Preview', exact: true }).click();
  await dialog(first.page).getByText('is named by no rule').waitFor();
  await first.page.getByLabel('Rules').fill('version: 1\nrules:\n  - rule: a\n    plans: [free]\n');
  await dialog(first.page).getByRole('button', { name: 'Preview', exact: true }).click();
  await dialog(first.page).getByText('812 accounts would get something').waitFor();
  await dialog(first.page).locator('.choice').getByRole('button', { name: 'Close' }).click();
  await first.page.getByRole('cell', { name: 'long-away' }).waitFor();
  await first.page.getByRole('cell', { name: 'nothing: They pay nothing.' }).waitFor();
  await first.page.getByRole('button', { name: 'Approve' }).click();
  await confirm(first.page, '3f1c9a0b', 'Approve');
  await dialog(first.page).getByText('somebody else must approve it').waitFor();
  await first.leave();

  const second = await arrive(browser, world, 'dario', '#/compensation/1');
  const { page } = second;
  await page.getByRole('button', { name: 'Approve' }).click();
  await confirm(page, '3f1c9a0b', 'Approve');
  await page.getByRole('button', { name: 'Give it' }).click();
  await confirm(page, '1', 'Give it');
  await dialog(page).getByText('812 accounts were given it, 812 told.').waitFor();
  await dialog(page).locator('.choice').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('heading', { name: '812 of 812 accounts were given it' }).waitFor();

  await page.getByRole('button', { name: 'CSV for billing' }).click();
  await dialog(page).getByRole('button', { name: 'CSV for billing' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page).getByRole('link', { name: 'Download' }).click(),
  ]);
  const csv = readFileSync(await file.path(), 'utf8');
  expect(csv.split('\r\n')[0]).toBe(
    'key,incident,account,address,brand,plan,rule,months,quotaBytes,state,at,ended',
  );
  expect(csv).toContain('annalisa.deluca@posta.example');
  expect(second.problems).toEqual([]);
  await second.leave();
});

test('complaints stand by their deadlines; one is answered', async () => {
  const reader = await arrive(browser, world, 'sara', '#/complaints');
  const { page } = reader;
  await page.getByRole('heading', { name: 'Late (1)' }).waitFor();
  await page.getByRole('heading', { name: 'Due in three days (1)' }).waitFor();
  await page.getByRole('link', { name: /Marta Galli/ }).click();
  await page.getByText('Chiedo che cosa è successo').waitFor();
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  await page.getByLabel('Text').fill('Gentile Marta, la sua posta è tutta al sicuro.');
  await dialog(page).getByRole('button', { name: 'Answer', exact: true }).click();
  await page.getByText('Gentile Marta').waitFor();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.getByRole('heading', { name: 'Answered or closed (2)' }).waitFor();
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('a breach is noted, decided, and exported as a file', async () => {
  const reader = await arrive(browser, world, 'paola', '#/privacy/1');
  const { page } = reader;
  await page.getByText(/of 72 hours left/).waitFor();
  await page.getByText('likely consequences (c)').waitFor();
  await page.getByRole('button', { name: 'Note what is new' }).click();
  await page.getByLabel('Likely consequences').fill('Ritardi nella corrispondenza.');
  await dialog(page).getByRole('button', { name: 'Note what is new' }).click();
  await page.getByText('Ritardi nella corrispondenza.').waitFor();
  expect(ordered('breach-update')[0]?.fields).toEqual({
    breach: 1,
    kinds: [],
    count: false,
    mails: false,
    consequences: 'Ritardi nella corrispondenza.',
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await dialog(page).getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page).getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('breach-1.pdf');
  expect(readFileSync(await file.path(), 'utf8')).toMatch(/^%PDF/);
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('a vault is added after a dry run, and a drill asks for its name', async () => {
  const reader = await arrive(browser, world, 'carla', '#/vaults');
  const { page } = reader;
  await page.getByRole('button', { name: 'Add a vault' }).click();
  await page.getByLabel('Name').fill('files-new');
  await dialog(page).getByRole('button', { name: 'See what would happen' }).click();
  await dialog(page).getByText('files-new (files) in /srv/casella/vaults/files-new').waitFor();
  expect(ordered('vault-add').every(({ fields }) => fields['dryRun'] === true)).toBe(true);
  await confirm(page, 'files-new', 'Add a vault');
  await page.getByText('Added.').waitFor();

  await page.goto(`${world.url}#/drills`);
  await page.getByRole('button', { name: 'Run: engine-hung' }).click();
  await page.getByLabel('Whose calls suffer').fill('slice-07');
  await confirm(page, 'engine-hung', 'Run');
  await dialog(page).getByText('All was well.').waitFor();
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

test('what can’t be had is said in the place where it would be, and comes again', async () => {
  world.fake.weather.orders = 'away';
  const reader = await arrive(browser, world, 'carla', '#/brands');
  const { page } = reader;
  await page.getByText('is not there now').first().waitFor();
  world.fake.weather.orders = 'fine';
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.getByText('Virgola Mail').waitFor();
  await reader.context.setOffline(true);
  await page.getByText('You are not connected.').waitFor();
  await reader.context.setOffline(false);
  await reader.leave();
});
