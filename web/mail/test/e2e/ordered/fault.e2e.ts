/**
 * Proves what an owner sees in a browser while engine and all vaults of a real server are gone: one line that
 * says so, the new mail in a folder of its own, and all in its place afterwards. Takes pictures.
 *
 *   CASELLA_COMMAND    the words of a command that gives the server orders, as JSON
 *   CASELLA_SMTP_PORT  where mail from outside comes in
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader, startBrowser, type Size } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

const PICTURES = fileURLToPath(new URL('../../../target/photographs/', import.meta.url));
const COMMAND = JSON.parse(process.env['CASELLA_COMMAND'] ?? '[]') as string[];
const SMTP_PORT = Number(process.env['CASELLA_SMTP_PORT'] ?? '0');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RECEIVED = 'Ricevuti durante il guasto';
const BACK_MILLIS_MAX = 90_000;

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

/** Gives an order and returns what is said to it, whatever its exit code. */
function casella(...order: string[]): string {
  const [program = '', ...words] = COMMAND;
  try {
    return execFileSync(program, [...words, ...order], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (e) {
    const { stdout, stderr } = e as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

/** Brings a mail from outside; it is taken. */
async function deliver(subject: string, text: string): Promise<void> {
  const socket = connect(SMTP_PORT, '127.0.0.1');
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const say = async (line: string | null, expected: string) => {
    if (line !== null) socket.write(`${line}\r\n`);
    let reply = '';
    do reply = ((await replies.next()).value as string | undefined) ?? 'gone';
    while (reply[3] === '-');
    if (!reply.startsWith(expected)) throw new Error(`${line ?? 'greeting'}: ${reply}`);
  };
  await say(null, '220');
  await say('EHLO test.example', '250');
  await say('MAIL FROM:<banca@test.example>', '250');
  await say(`RCPT TO:<${world.account}>`, '250');
  await say('DATA', '354');
  const head = `From: Banca <banca@test.example>\r\nTo: <${world.account}>\r\nSubject: ${subject}`;
  await say(`${head}\r\nMessage-ID: <${Date.now()}@test.example>\r\n\r\n${text}\r\n.`, '250');
  socket.end();
}

async function goTo(page: Page, size: Size, folder: string): Promise<void> {
  if (size === 'phone') await page.locator('nav.bar button').nth(2).click();
  await page
    .locator(size === 'phone' ? 'a' : 'nav.folders a', { hasText: folder })
    .first()
    .click();
}

/** An operator says what is the matter: it is read in the webmail, at the log-in and on the status page. */
async function told(readers: Map<Size, Reader>): Promise<void> {
  const title = 'Le cartelle <b>sono</b> chiuse';
  const order = [
    '--title',
    title,
    '--title-en',
    'Folders are closed',
    '--severity',
    'major',
    '--brand',
    'all',
  ];
  expect(casella('incident', 'open', ...order)).toContain('incident 1 is investigating');
  for (const [size, { page }] of readers) {
    await page.locator('.band.said', { hasText: title }).waitFor();
    await page.screenshot({ path: `${PICTURES}incident-1-webmail-${size}.png` });
    const stranger = await Reader.arrive(browser, { size });
    await stranger.page.goto(world.url);
    await stranger.page.locator('.notice', { hasText: title }).waitFor();
    await stranger.page.screenshot({ path: `${PICTURES}incident-2-login-${size}.png` });
    await stranger.page.locator('.notice a').click();
    await stranger.page.locator('h2', { hasText: title }).waitFor();
    expect(await stranger.page.locator('.verdict').textContent()).toBe('Qualcosa non funziona');
    expect(await stranger.page.locator('script').count()).toBe(0);
    expect(await stranger.page.locator('h2 b').count()).toBe(0);
    // Nothing is wider than the page.
    const [wide, width] = await stranger.page.evaluate(() => [
      document.documentElement.scrollWidth,
      window.innerWidth,
    ]);
    expect(wide).toBeLessThanOrEqual(width ?? 0);
    await stranger.page.screenshot({ path: `${PICTURES}incident-3-status-${size}.png`, fullPage: true });
    expect(await faults(stranger.page)).toEqual([]);
    await complains(stranger, size);
    await stranger.leave();
    await plainly(size, title);
  }
}

/** Who has no script is told the same, logs in, and is told how the mailbox is. */
async function plainly(size: Size, title: string): Promise<void> {
  const plain = await Reader.arrive(browser, { size }, false);
  const { page } = plain;
  await page.goto(world.url);
  await page.locator('.notice', { hasText: title }).waitFor();
  await page.locator('#login').fill(world.account);
  await page.locator('#password').fill(world.password);
  await page.keyboard.press('Enter');
  await page.locator('.state.less', { hasText: `La nuova posta arriva in “${RECEIVED}”` }).waitFor();
  expect(await page.locator('.notice').textContent()).toContain(title);
  expect(await page.locator('script, .notice b').count()).toBe(0);
  await page.screenshot({ path: `${PICTURES}plain-3-fault-${size}.png`, fullPage: true });
  await plain.leave();
}

/** Somebody complains while everything is away, and has a number. */
async function complains({ page }: Reader, size: Size): Promise<void> {
  await page.goto(`${world.url}/complaints/it/`);
  await page.getByLabel('La casella di cui si tratta').fill(world.account);
  await page.getByLabel('Nome e cognome').fill(`Anna ${size}`);
  await page.getByLabel('Che cosa è successo').fill('Le cartelle <b>sono</b> chiuse.');
  await page.screenshot({ path: `${PICTURES}complaint-1-form-${size}.png`, fullPage: true });
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Invia il reclamo' }).click();
  await page.getByText(/R-\d{4}-\d{6}/).waitFor();
  await page.screenshot({ path: `${PICTURES}complaint-2-taken-${size}.png`, fullPage: true });
  expect(await faults(page)).toEqual([]);
  expect(await page.locator('script').count()).toBe(0);
}

/** What was learned is published, and read as text by whoever follows the status page. */
async function learned(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'casella-'));
  const text = '# Il disco <b>pieno</b>\n\nCartelle chiuse.\n\n## Che cosa cambia\n\n- Un avviso prima.\n';
  writeFileSync(join(folder, 'it.md'), text);
  writeFileSync(join(folder, 'en.md'), text.replace('Il disco', 'The disk'));
  const files = ['--file', join(folder, 'it.md'), '--file-en', join(folder, 'en.md')];
  expect(casella('incident', 'postmortem', '1', ...files)).toContain('version 1 is at');
  for (const size of ['desk', 'phone'] as const) {
    const stranger = await Reader.arrive(browser, { size });
    const { page } = stranger;
    await page.goto(`${world.url}/status/it/`);
    await page.getByRole('link', { name: 'Che cosa abbiamo imparato' }).first().click();
    await page.locator('h1', { hasText: 'Il disco <b>pieno</b>' }).waitFor();
    expect(await page.locator('script, article b').count()).toBe(0);
    const [wide, width] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      window.innerWidth,
    ]);
    expect(wide).toBeLessThanOrEqual(width ?? 0);
    await page.screenshot({ path: `${PICTURES}incident-4-learned-${size}.png`, fullPage: true });
    expect(await faults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Reclami' }).click();
    await page.getByLabel('Nome e cognome').waitFor();
    await stranger.leave();
  }
}

/** What axe-core finds wrong with a page. */
async function faults(page: Page): Promise<string[]> {
  // The page runs no script of its own; this one comes from outside it.
  await page.evaluate(AXE);
  return await page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.map((one) => one.id))`,
  );
}

test(
  'an owner reads on through a fault of engine and vaults, and finds all in its place',
  { timeout: 180_000 },
  async () => {
    const sizes = ['desk', 'phone'] as const;
    const readers = new Map<(typeof sizes)[number], Reader>();
    for (const size of sizes) {
      const reader = await Reader.arrive(browser, { size });
      readers.set(size, reader);
      await logIn(reader.page, world);
      await reader.page.locator('.mailrow').first().waitFor();
      expect(await reader.page.locator('.band').count()).toBe(0);
    }
    const shoot = async (view: string) => {
      for (const [size, { page }] of readers) {
        await page.waitForTimeout(120);
        await page.screenshot({ path: `${PICTURES}fault-${view}-${size}.png` });
      }
    };

    expect(
      casella('drill', 'run', 'everything-gone', '--cohort', 'all', '--for', '2m', '--background'),
    ).toContain('runs, cohort all');
    for (const { page } of readers.values()) {
      await page.locator('.band', { hasText: `La nuova posta arriva in “${RECEIVED}”` }).waitFor();
      // What was on screen stays.
      expect(await page.locator('.mailrow').count()).toBeGreaterThan(0);
    }
    await shoot('1-begins');
    await deliver('Il tuo codice', 'Il codice è 424242.');
    for (const [size, { page }] of readers) {
      await goTo(page, size, RECEIVED);
      await page.locator('.mailrow a', { hasText: 'Il tuo codice' }).click();
      await page.getByText('Il codice è 424242.').last().waitFor();
    }
    await shoot('2-read');
    await told(readers);
    // Who only reads is told of nothing that did not work.
    for (const { page } of readers.values()) expect(await page.getByText('Non segnato').count()).toBe(0);

    expect(casella('incident', 'resolve', '1')).toContain('incident 1 is resolved');
    for (const { page } of readers.values()) await page.locator('.band.said').waitFor({ state: 'detached' });
    await learned();
    expect(casella('drill', 'stop')).toContain('is over');
    const whole = () => casella('status', '--json').includes('"name":"engine","state":"whole"');
    await expect.poll(whole, { timeout: BACK_MILLIS_MAX, interval: 500 }).toBe(true);
    const returned = () => {
      casella('standby', 'return', '--all');
      return casella('standby', 'list');
    };
    await expect
      .poll(returned, { timeout: BACK_MILLIS_MAX, interval: 500 })
      .toContain('0 accounts on standby');
    for (const [size, { page }] of readers) {
      await page.locator('.band').waitFor({ state: 'detached' });
      await page.screenshot({ path: `${PICTURES}fault-3-over-${size}.png` });
      const back = page.locator('article .bar button').first();
      if (size === 'phone' && (await back.count()) > 0) await back.click();
      await goTo(page, size, 'Posta in arrivo');
      await page.locator('.mailrow a', { hasText: 'Il tuo codice' }).click();
      await page.getByText('Il codice è 424242.').last().waitFor();
      expect(await page.locator('nav.folders a', { hasText: RECEIVED }).count()).toBe(0);
    }
    await shoot('4-all-is-back');
    for (const reader of readers.values()) {
      expect(reader.problems).toEqual([]);
      await reader.leave();
    }
  },
);
