/**
 * Proves that every view is drawn at both widths, in both schemes and both languages; and takes its picture.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Reader, startBrowser, type Look, type Size } from '../../../kit/test/browser.ts';
import { previewed, SEEN } from './views.ts';
import { logIn, startWorld, type World } from './world.ts';

const FOLDER = fileURLToPath(new URL('../../target/photographs/', import.meta.url));
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
  await previewed(world.url);
});
afterAll(async () => {
  await browser.close();
  world.fake.close();
});

describe.each(LOOKS)('$size, $scheme, $language', (look) => {
  test('every view', async () => {
    const reader = await Reader.arrive(browser, look);
    const { page } = reader;
    const shoot = async (view: string) => {
      await page.waitForTimeout(80);
      await page.screenshot({ path: `${FOLDER}${look.size}-${look.scheme}-${look.language}-${view}.png` });
    };
    await page.goto(world.url);
    await page.locator('#login').waitFor();
    await shoot('login');
    await logIn(page, world, 'dario');
    for (const { name, place, ready, open } of SEEN) {
      await page.goto(world.url + place);
      await page.locator(ready).first().waitFor();
      if (open) await open(page);
      const wide = await page.locator('main#content').evaluate((main) => main.scrollWidth > main.clientWidth);
      expect(wide, `${name} is wider than its window`).toBe(false);
      await shoot(name);
      if (open) await page.keyboard.press('Escape');
    }
    expect(reader.problems).toEqual([]);
    await reader.leave();
  }, 120_000);
});
