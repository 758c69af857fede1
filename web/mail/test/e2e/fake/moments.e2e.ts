/** Proves that the moments between the views can be drawn too, and takes their pictures. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Reader, startBrowser, type Look, type Size } from '../../../../kit/test/browser.ts';
import { logIn, startWorld, type World } from '../world.ts';

const FOLDER = fileURLToPath(new URL('../../../target/photographs/', import.meta.url));
const LOOKS: Look[] = (['desk', 'narrow', 'phone'] as Size[]).flatMap((size) =>
  (['light', 'dark'] as const).map((scheme) => ({ size, scheme })),
);

let world: World;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  world = await startWorld();
  browser = await startBrowser();
});
afterEach(() => {
  Object.assign(world.fake?.weather ?? {}, { jmap: 'fine', delay: 0 });
});
afterAll(async () => {
  await browser.close();
  world.close();
});

test.each(LOOKS)('%j', async (look) => {
  const reader = await Reader.arrive(browser, look);
  const { page } = reader;
  const weather = world.fake?.weather;
  if (!weather) throw new Error('needs the fake');
  const shoot = async (moment: string) => {
    await page.waitForTimeout(150);
    await page.screenshot({ path: `${FOLDER}${look.size}-${look.scheme}-moment-${moment}.png` });
  };
  const folder = (name: string) => openFolder(page, name, look.size === 'phone');

  await page.goto(world.url);
  await page.locator('#login').fill('anna@posta.example');
  await page.locator('#password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('non corrispondono').waitFor();
  await shoot('refused');
  await logIn(page, world);
  await page.locator('.mailrow').first().waitFor();

  for (const subject of ['Banca', 'Trenitalia']) {
    const row = page.locator('.mailrow', { hasText: subject });
    if (look.size === 'phone') await row.locator('input').evaluate((box: HTMLElement) => box.click());
    else await row.getByRole('checkbox').check({ force: true });
  }
  await shoot('selection');
  await page.getByRole('button', { name: 'Archivia', exact: true }).first().click();
  await page.getByText('2 messaggi archiviati.').waitFor();
  await shoot('notice');
  await page.getByRole('button', { name: 'Annulla' }).click();
  await page.getByText('Annullato.').waitFor();

  await folder('Casa');
  await page.getByText('La cartella è vuota').waitFor();
  await shoot('empty');
  weather.delay = 1_500;
  await folder('Un milione');
  await page.locator('.skeletons').waitFor();
  await shoot('loading');
  weather.delay = 0;
  weather.jmap = 'down';
  await folder('Archivio');
  await page.getByText('non si può mostrare').waitFor();
  await shoot('failed');
  weather.jmap = 'fine';
  await folder('Posta in arrivo');
  await page.locator('.mailrow a', { hasText: 'Comune di Treviso' }).click();
  await page.locator('#subject').waitFor();
  await page.locator('.names').click();
  await shoot('addresses');
  await reader.context.setOffline(true);
  await page.getByText('Non sei in linea.').waitFor();
  await shoot('offline');
  await reader.context.setOffline(false);
  await page.getByRole('button', { name: 'Sposta in…' }).first().click();
  await page.locator('.menu-item').first().waitFor();
  await shoot('move');
  expect(reader.problems).toEqual([]);
  await reader.leave();
});

async function openFolder(page: Page, name: string, phone: boolean): Promise<void> {
  if (phone) await page.getByRole('button', { name: 'Cartelle' }).click();
  await page.locator('nav.folders a', { hasText: name }).first().click();
}
