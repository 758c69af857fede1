/** Proves that no view has a fault axe-core can find, in either scheme, on desk and phone. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../../../kit/test/axe.ts';
import { Reader, startBrowser, type Look } from '../../../kit/test/browser.ts';
import { previewed, SEEN } from './views.ts';
import { logIn, startWorld, type World } from './world.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld();
  browser = await startBrowser();
  await previewed(world.url);
});
afterAll(async () => {
  await browser.close();
  world.fake.close();
});

const LOOKS: Look[] = [
  { size: 'desk', scheme: 'light' },
  { size: 'desk', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
];

test.each(LOOKS)(
  '%j',
  async (look) => {
    const reader = await Reader.arrive(browser, look);
    const { page } = reader;
    const all: Record<string, string[]> = {};
    await page.goto(world.url);
    await page.locator('button[type=submit]').click();
    const check = async (view: string) => {
      const found = await faults(page);
      if (found.length > 0) all[view] = found;
    };
    await check('login');
    await logIn(page, world, 'dario');
    for (const { name, place, ready, open } of SEEN) {
      await page.goto(world.url + place);
      await page.locator(ready).first().waitFor();
      if (open) await open(page);
      await check(name);
      if (open) await page.keyboard.press('Escape');
    }
    if (look.size === 'phone') {
      await page.locator('nav.bar button').click();
      await page.getByRole('dialog').waitFor();
      await check('menu');
    }

    expect(all).toEqual({});
    expect(reader.problems).toEqual([]);
    await reader.leave();
  },
  120_000,
);
