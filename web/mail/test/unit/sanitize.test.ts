// @vitest-environment jsdom
/**
 * Proves what the cleaning leaves of an HTML email; that nothing runs is proved in the browser,
 * message.e2e.ts.
 */
import { expect, test } from 'vitest';
import { bare, policy, prepare } from '../../src/message/sanitize.ts';

const clean = (html: string, more: Partial<Parameters<typeof prepare>[0]> = {}) => {
  const prepared = prepare({ html, inline: new Map(), remote: false, dark: false, ...more });
  const body = /<body>([\s\S]*)<\/body>/.exec(prepared.document)?.[1] ?? '';
  return { ...prepared, body };
};

test('what mail is made of survives', () => {
  const html =
    '<table bgcolor="#eee" width="600" cellpadding="0" align="center"><tbody><tr>' +
    '<td style="color:red" colspan="2" class="b"><b>x</b><font color="red" face="Arial">y</font></td></tr></tbody></table>';

  expect(clean(html).body).toBe(html);
});

test.each([
  ['<script>x()</script>', ''],
  ['<p onclick="x()">a</p>', '<p>a</p>'],
  ['<form action="/x"><input name="a">b</form>', 'b'],
  ['<a href="javascript:x()">a</a>', '<a>a</a>'],
  ['<a href="#below">a</a>', '<a>a</a>'],
  ['<a href="/auth/session">a</a>', '<a>a</a>'],
  [
    '<a href="https://a.example">a</a>',
    '<a href="https://a.example" target="_blank" rel="noopener noreferrer">a</a>',
  ],
  ['<a href="mailto:a@b.c">a</a>', '<a href="mailto:a@b.c" target="_blank" rel="noopener noreferrer">a</a>'],
  ['<img src="/auth/session">', '<img>'],
  ['<img src="jmap/session" alt="a">', '<img alt="a">'],
  ['<img src="data:text/html,x">', '<img>'],
  ['<p id="login" name="x">a</p>', '<p>a</p>'],
  ['<svg><circle></circle></svg>', ''],
  ['<meta http-equiv="refresh" content="0">', ''],
])('%j becomes %j', (html, expected) => {
  expect(clean(html).body).toBe(expected);
});

test.each([
  ['<img src="https://a.example/x">', 1],
  ['<img src="//a.example/x">', 1],
  ['<td background="http://a.example/x">', 0],
  ['<table background="http://a.example/x"></table>', 1],
  ['<p style="background:url(https://a.example/x)">a</p>', 1],
  ['<style>@import "https://a.example/x";</style>a', 1],
  ['<p style="background:url(data:image/png;base64,AA)">a</p>', 0],
  ['<img src="data:image/png;base64,AA">', 0],
  ['<p>nothing</p>', 0],
])('%j would have loaded %i things', (html, blocked) => {
  expect(clean(html).blocked).toBe(blocked);
});

test('inline images are found by their content id, however it is written', () => {
  const inline = new Map([['foto@casa', 'data:image/png;base64,AA']]);

  for (const src of ['cid:foto@casa', 'cid:FOTO@casa', 'cid:foto%40casa', ' cid:foto@casa']) {
    expect(clean(`<img src="${src}">`, { inline }).body, src).toContain('data:image/png;base64,AA');
  }
  expect(clean('<img src="cid:other">', { inline }).body).toBe('<img>');
  expect(bare('<Foto@Casa>')).toBe('foto@casa');
  expect(bare('%E0%A4%A')).toBe('%e0%a4%a');
});

test('the frame’s own policy loads nothing, and over https only once the reader says so', () => {
  expect(policy(false)).toMatch(/^default-src 'none'; img-src data:; style-src 'unsafe-inline'/);
  expect(policy(true)).toContain('img-src data: https:; upgrade-insecure-requests;');
  for (const remote of [false, true]) expect(policy(remote)).not.toMatch(/script-src|http:|\*/);
});

test('the policy comes before anything of the email', () => {
  const { document } = clean('<p>a</p>');

  expect(document.indexOf('Content-Security-Policy')).toBeLessThan(document.indexOf('<body>'));
  expect(document.startsWith('<!doctype html><html><head><meta charset="utf-8">')).toBe(true);
});

test('an email without colours of its own follows the page into the dark', () => {
  expect(clean('<p>a</p>', { dark: true }).document).toContain('color-scheme:dark');
  expect(clean('<p style="color:#000">a</p>', { dark: true }).document).toContain('color-scheme:light');
});

test('deep and long HTML comes back in time', () => {
  const started = performance.now();

  clean('<div>'.repeat(3_000) + 'x');
  clean('<p style="a:b">x</p>'.repeat(5_000));

  expect(performance.now() - started).toBeLessThan(15_000);
});
