/**
 * Proves that every email of the corpus, however broken, is opened and shown, runs nothing, and asks nobody.
 * Needs a real server, which reads the bytes; the one in memory does not.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mailboxGet, upload, type JmapClient } from '@casella/jmap';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { Outside } from '../outside.ts';
import { clientOf, logIn, startWorld, type World } from '../world.ts';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));
const OWN = join(ROOT, 'quality/testkit/src/main/resources/casella/corpus');
/** Beside the checkout; not part of the repository. */
const SHARED = join(ROOT, '../shared/data');
const PICTURES = fileURLToPath(new URL('../../../target/photographs/', import.meta.url));
/** Those worth a look: one of each kind of oddness. */
const PICTURED = new Set(['html-hostile', 'newsletter', 'related-inline', 'right-to-left', 'emoji', 'long-line',
  'many-recipients', 'header-missing-from', 'reply-quoted', 'invoice-xml', 'nul-bytes', 'digest']); // prettier-ignore
const EACH_MILLIS_MAX = 5_000;

let world: World;
let browser: Browser;
const outside = new Outside();

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  world = await startWorld();
  browser = await startBrowser(await outside.listen());
});
afterAll(async () => {
  await browser.close();
  outside.close();
  world.close();
});

function corpus(): string[] {
  const folders = [OWN, ...(existsSync(SHARED) ? [SHARED] : [])];
  if (folders.length === 1)
    process.stdout.write(`no shared data beside the checkout (${basename(SHARED)})\n`);
  return folders.flatMap((folder) =>
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => name.endsWith('.eml'))
      .map((name) => join(folder, name))
      // An email of no bytes is none; the server says so.
      .filter((file) => statSync(file).size > 0)
      .sort(),
  );
}

async function bringIn(client: JmapClient, file: string, mailbox: string): Promise<string> {
  const { blobId } = await upload(client, new Blob([readFileSync(file)], { type: 'message/rfc822' }));
  const emails = { e: { blobId, mailboxIds: { [mailbox]: true }, keywords: { $seen: true } } };
  const answer = await client.one(
    client.call<{ created: Record<string, { id: string }> | null; notCreated: object | null }>(
      'Email/import',
      {
        emails,
      },
    ),
  );
  const id = answer.created?.['e']?.id;
  if (id === undefined)
    throw new Error(`${basename(file)} was not taken: ${JSON.stringify(answer.notCreated)}`);
  return id;
}

async function show(page: Page, id: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/inbox/${id}`);
  const open = page.locator(`article[data-email="${id}"]`);
  await open.locator('#subject').waitFor({ timeout: EACH_MILLIS_MAX });
  await open.locator('iframe, .body').waitFor({ timeout: EACH_MILLIS_MAX });
}

test('every email of the corpus', { timeout: 600_000 }, async () => {
  const client = await clientOf(world);
  const { list } = await client.one(mailboxGet(client, null));
  const inbox = list.find(({ role }) => role === 'inbox')?.id ?? '';
  const reader = await Reader.arrive(browser);
  await logIn(reader.page, world);

  const files = corpus();
  const troubles: string[] = [];
  for (const file of files) {
    const name = basename(file, '.eml');
    try {
      await show(reader.page, await bringIn(client, file, inbox));
      if (PICTURED.has(name)) await reader.page.screenshot({ path: `${PICTURES}corpus-${name}.png` });
    } catch (thrown) {
      troubles.push(`${name}: ${String(thrown).slice(0, 300)}`);
    }
    for (const problem of reader.problems.splice(0)) {
      // The policy saying that it stopped something is the policy at work; all else is ours.
      if (!/Content Security Policy/.test(problem)) troubles.push(`${name}: ${problem}`);
    }
    outside.asked.length = 0;
    const drawn = (await reader.page.locator('iframe').all())[0];
    const markup = (await drawn?.getAttribute('srcdoc')) ?? '';
    if (/<[^>]+\son\w+\s*=/i.test(markup)) troubles.push(`${name}: a handler is left`);
    for (const url of outside.urls()) troubles.push(`${name}: asked ${url}`);
  }

  expect(files.length).toBeGreaterThan(90);
  expect(troubles).toEqual([]);
  expect(await reader.page.evaluate(() => 'hacked' in window)).toBe(false);
  process.stdout.write(`${files.length} emails shown\n`);
  await reader.leave();
});
