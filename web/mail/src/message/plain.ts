/**
 * The text of an email as blocks to draw: links found, quotations folded. Never HTML: the view writes
 * text.
 */
import type { EmailFull } from '@casella/jmap';

export type Piece = { text: string } | { text: string; href: string };

export interface Block {
  quoted: boolean;
  pieces: Piece[];
}

/** Longer than this, links are not searched for any more; in characters. */
const LINKED_CHARS_MAX = 200_000;

/** Elements whose words are not for the reader. */
const SILENT = new Set(['SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'TEMPLATE', 'NOSCRIPT', 'OBJECT', 'IFRAME']);
const BLOCKS = new Set([
  'P',
  'DIV',
  'TR',
  'LI',
  'H1',
  'H2',
  'H3',
  'H4',
  'H5',
  'H6',
  'BLOCKQUOTE',
  'PRE',
  'TABLE',
  'UL',
  'OL',
  'HR',
  'SECTION',
  'ARTICLE',
  'HEADER',
  'FOOTER',
]);

export function hasHtml(email: EmailFull): boolean {
  return email.htmlBody.some(
    ({ type, partId }) => type === 'text/html' && partId !== null && partId in email.bodyValues,
  );
}

/** The body as plain text, whatever it was written in. */
export function bodyText(email: EmailFull): string {
  return email.textBody
    .map(({ partId, type }) => {
      const value = partId === null ? '' : (email.bodyValues[partId]?.value ?? '');
      return type === 'text/html' ? htmlToText(value) : value;
    })
    .filter((text) => text !== '')
    .join('\n');
}

export function htmlBody(email: EmailFull): string {
  return email.htmlBody
    .map(({ partId, type }) => {
      const value = partId === null ? '' : (email.bodyValues[partId]?.value ?? '');
      return type === 'text/html' ? value : `<pre style="white-space:pre-wrap">${escaped(value)}</pre>`;
    })
    .join('\n');
}

/** Consecutive quoted lines make one block. RFC 3676 §4.5 only as far as the `>` goes. */
export function blocksOf(text: string): Block[] {
  const blocks: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').trimEnd().split('\n')) {
    const quoted = /^\s?>/.test(line);
    const last = blocks.at(-1);
    if (last && last.quoted === quoted) last.lines.push(line);
    else blocks.push({ quoted, lines: [line] });
  }
  let left = LINKED_CHARS_MAX;
  return blocks.map(({ quoted, lines }) => {
    const joined = lines.join('\n');
    left -= joined.length;
    return { quoted, pieces: left > 0 ? linked(joined) : [{ text: joined }] };
  });
}

/** Cuts a text at web and mail addresses. Only http, https and mailto ever become links. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(
    /\bhttps?:\/\/[^\s<>"]+|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b/gi,
  )) {
    const found = match[0].replace(/[.,;:!?)\]}'»”]+$/, '');
    const at = match.index;
    if (at > from) pieces.push({ text: text.slice(from, at) });
    pieces.push({ text: found, href: /^https?:/i.test(found) ? found : `mailto:${found}` });
    from = at + found.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** Reads HTML in a document that loads nothing and runs nothing, and returns its words. */
export function htmlToText(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const lines: string[] = [''];
  const newLine = () => {
    if (lines.at(-1) !== '') lines.push('');
  };
  const visit = (node: Node, preserved: boolean): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      const words = node.textContent ?? '';
      const parts = preserved ? words.split('\n') : [words.replace(/\s+/g, ' ')];
      lines.push(
        (lines.pop() ?? '') + (lines.at(-1) === '' ? parts[0]?.trimStart() : parts[0]),
        ...parts.slice(1),
      );
      return;
    }
    const name = node.nodeName;
    if (SILENT.has(name)) return;
    if (name === 'BR') lines.push('');
    if (BLOCKS.has(name)) newLine();
    for (const child of node.childNodes) visit(child, preserved || name === 'PRE');
    if (BLOCKS.has(name)) newLine();
    if (name === 'P') lines.push('');
    if (name === 'TD') lines.push(`${lines.pop() ?? ''} `);
  };
  visit(parsed.body, false);
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
