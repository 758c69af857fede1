/**
 * Proves that every view is drawn at both widths, in both schemes and both languages; and takes its
 * picture.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Reader, startBrowser, type Look, type Size } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

const FOLDER = fileURLToPath(new URL('../../../target/photographs/', import.meta.url));
const LOOKS: Required<Look>[] = (['desk', 'phone'] as Size[]).flatMap((size) =>
  (['light', 'dark'] as const).flatMap((scheme) =>
    (['it', 'en'] as const).map((language) => ({ size, scheme, language })),
  ),
);

let world: World;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  world = await startWorld();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  world.close();
});

describe.each(LOOKS)('$size, $scheme, $language', (look) => {
  test('every view', async () => {
    const reader = await Reader.arrive(browser, look);
    const { page } = reader;
    const shoot = async (view: string) => {
      await page.waitForTimeout(120);
      await page.screenshot({ path: `${FOLDER}${look.size}-${look.scheme}-${look.language}-${view}.png` });
    };

    await page.goto(world.url);
    await page.locator('#login').waitFor();
    await shoot('1-login');
    await logIn(page, world);
    await page.locator('.mailrow a').first().waitFor();
    await shoot('2-list');
    await open(page, 'Preventivo infissi');
    await shoot('3-message');
    if (look.size === 'phone') await page.locator('article .bar button').first().click();
    await open(page, 'gomitoli');
    await page.locator('iframe').waitFor();
    await shoot('4-html');
    if (look.size === 'phone') await page.locator('article .bar button').first().click();
    if (look.size === 'phone') {
      await page.locator('nav.bar button').nth(2).click();
      await shoot('5-folders');
      await own(page);
      await shoot('9-own');
      await page.keyboard.press('Escape');
      await page.locator('.dialog').waitFor({ state: 'detached' });
      await page.locator('.bar .write').click();
    } else {
      await page.keyboard.press('?');
      await page.locator('.dialog').waitFor();
      await shoot('5-keys');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.locator('.menu-item').first().waitFor();
      await shoot('6-commands');
      await page.keyboard.press('Escape');
      await page.locator('.dialog').waitFor({ state: 'detached' });
      await own(page);
      await shoot('9-own');
      await page.keyboard.press('Escape');
      await page.locator('.dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('c');
    }
    await page.locator('.sheet').waitFor();
    await page.locator('.sheet input').first().fill('Bruno Conti <bruno@virgola.example>');
    await page.locator('.sheet textarea').fill('Ciao Bruno,\n\nci vediamo giovedì?\n');
    await shoot('7-compose');
    expect(reader.problems).toEqual([]);
    await reader.leave();
  });

  test('a fault', async () => {
    const anna = [...(world.fake?.accounts.values() ?? [])].find(({ address }) => address === world.account);
    if (!anna) throw new Error('these tests break the server on purpose');
    const reader = await Reader.arrive(browser, look);
    await logIn(reader.page, world);
    await reader.page.locator('.mailrow a').first().waitFor();
    anna.fault(look.language === 'it' ? 'Ricevuti durante il guasto' : 'Received during the fault');
    await reader.page.locator('.band').waitFor();
    await reader.page.screenshot({
      path: `${FOLDER}${look.size}-${look.scheme}-${look.language}-8-fault.png`,
    });
    anna.faultOver();
    await reader.page.locator('.band').waitFor({ state: 'detached' });
    await reader.leave();
  });
});

/** What is known of the mailbox. */
async function own(page: Page): Promise<void> {
  await page.getByRole('button', { name: /La tua casella|Your mailbox/ }).click();
  await page.getByText(/Nessuno è andato perso|None was lost/).waitFor();
}

async function open(page: Page, subject: string): Promise<void> {
  await page.locator('.mailrow a', { hasText: subject }).first().click();
  await page.locator('#subject').waitFor();
}
