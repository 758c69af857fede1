// @vitest-environment jsdom
/**
 * Proves that text is cut at links and quotations and never becomes markup, and that HTML can be read
 * as text.
 */
import { expect, test } from 'vitest';
import { blocksOf, htmlToText, linked } from '../../src/message/plain.ts';

test.each([
  ['vai su https://a.example/x?y=1.', ['vai su ', 'https://a.example/x?y=1', '.']],
  ['(http://a.example/b)', ['(', 'http://a.example/b', ')']],
  ['scrivi a anna@posta.example, grazie', ['scrivi a ', 'anna@posta.example', ', grazie']],
  ['javascript:alert(1) data:text/html,x ftp://x', ['javascript:alert(1) data:text/html,x ftp://x']],
  ['<a href="https://a.example">', ['<a href="', 'https://a.example', '">']],
  ['', []],
])('%j', (text, pieces) => {
  expect(linked(text).map((piece) => piece.text)).toEqual(pieces);
});

test('only web and mail addresses ever become links', () => {
  const found = linked('https://a.example a@b.example').filter((piece) => 'href' in piece);

  expect(found).toEqual([
    { text: 'https://a.example', href: 'https://a.example' },
    { text: 'a@b.example', href: 'mailto:a@b.example' },
  ]);
});

test('whatever the text, its pieces put together are the text', () => {
  const text = 'a https://x.example/?q=a@b.c,d <> &amp; \u202e http:// @ a@b a@b.c..';

  expect(
    linked(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});

test('quoted lines are blocks of their own', () => {
  const blocks = blocksOf('Ciao\r\n> uno\r\n>> due\r\nfine\r\n\r\n');

  expect(blocks.map(({ quoted, pieces }) => [quoted, pieces.map(({ text }) => text).join('')])).toEqual([
    [false, 'Ciao'],
    [true, '> uno\n>> due'],
    [false, 'fine'],
  ]);
});

test('a very long text without end is cut into blocks in time that grows with it', () => {
  const started = performance.now();

  blocksOf('a'.repeat(500_000));
  blocksOf('a@'.repeat(100_000));
  blocksOf('https://'.repeat(20_000));

  expect(performance.now() - started).toBeLessThan(3_000);
});

test.each([
  ['<p>Uno</p><p>Due</p>', 'Uno\n\nDue'],
  ['Uno<br>Due', 'Uno\nDue'],
  ['<style>p{}</style><script>x()</script><p>Solo questo</p>', 'Solo questo'],
  ['<ul><li>a</li><li>b</li></ul>', 'a\nb'],
  ['<pre>a\n  b</pre>', 'a\n  b'],
  ['a   b\n c', 'a b c'],
  ['<b>x', 'x'],
])('%j reads as %j', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});
