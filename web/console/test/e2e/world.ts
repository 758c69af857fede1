/** The fake staff API with the built console, and somebody who is logged in. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { Reader, type Look } from '../../../kit/test/browser.ts';
import { FakeStaff } from '../fake/server.ts';

export interface World {
  url: string;
  fake: FakeStaff;
}

export async function startWorld(): Promise<World> {
  const fake = new FakeStaff(fileURLToPath(new URL('../../dist', import.meta.url)));
  return { url: `${await fake.listen()}/console/`, fake };
}

export async function logIn(page: Page, world: World, name: string, place = ''): Promise<void> {
  await page.goto(world.url + place);
  await page.locator('#login').fill(name);
  await page.locator('#password').fill('casella');
  await page.keyboard.press('Enter');
  await page.locator('main#content h1, main#content .statement').first().waitFor();
}

/** Somebody at a place of the console; English unless said otherwise. */
export async function arrive(
  browser: Browser,
  world: World,
  name: string,
  place = '',
  look: Look = {},
): Promise<Reader> {
  const reader = await Reader.arrive(browser, { language: 'en', ...look });
  await logIn(reader.page, world, name, place);
  return reader;
}

/** The dialog that is open. */
export const dialog = (page: Page) => page.getByRole('dialog');

/** Types what must be typed and presses the button of that name. */
export async function confirm(page: Page, typed: string, button: string): Promise<void> {
  await page.locator('#deed-target').fill(typed);
  await dialog(page).getByRole('button', { name: button, exact: true }).click();
}
