/** Proves that addresses are read as people write them and that answers begin as they should. */
import type { EmailFull } from '@casella/jmap';
import { describe, expect, test } from 'vitest';
import {
  forward,
  nameOf,
  readAddresses,
  reply,
  withPrefix,
  writeAddresses,
  type QuoteWords,
} from '../src/index.ts';
import { row } from './play.ts';

describe('addresses', () => {
  test.each([
    ['anna@posta.example', [[null, 'anna@posta.example']], []],
    [
      'Anna <anna@posta.example>, b@c.d',
      [
        ['Anna', 'anna@posta.example'],
        [null, 'b@c.d'],
      ],
      [],
    ],
    [
      '"Rossi, Anna" <a@b.c>; Carlo <c@d.e>\nd@e.f',
      [
        ['Rossi, Anna', 'a@b.c'],
        ['Carlo', 'c@d.e'],
        [null, 'd@e.f'],
      ],
      [],
    ],
    ['"Il \\"Capo\\"" <a@b.c>', [['Il "Capo"', 'a@b.c']], []],
    ['anna, bruno@', [], ['anna', 'bruno@']],
    ['  , ;; ', [], []],
    ['<a@b.c>', [[null, 'a@b.c']], []],
    ['José Ñandú <jose@españa.example>', [['José Ñandú', 'jose@españa.example']], []],
    ['a@b@c.d', [], ['a@b@c.d']],
  ])('%j', (typed, addresses, doubtful) => {
    expect(readAddresses(typed)).toEqual({
      addresses: addresses.map(([name, email]) => ({ name, email })),
      doubtful,
    });
  });

  test('what is written can be read again', () => {
    const list = [
      { name: 'Rossi, Anna "A"', email: 'a@b.c' },
      { name: null, email: 'd@e.f' },
      { name: 'Ugo D’Angelo', email: 'u@d.a' },
    ];

    expect(readAddresses(writeAddresses(list)).addresses).toEqual(list);
  });
});

test('a name cannot turn the direction of what follows it', () => {
  expect(nameOf({ name: 'Banca \u202egpj.exe', email: 'a@b.c' })).toBe('Banca gpj.exe');
  expect(nameOf({ name: '\u202e', email: 'a@b.c' })).toBe('a@b.c');
  expect(nameOf(undefined)).toBe('');
});

const words: QuoteWords = {
  wrote: (who, at) => `${at} ${who}:`,
  forwarded: '--fwd--',
  from: 'From',
  date: 'Date',
  subject: 'Subject',
  to: 'To',
};
const self = { name: null, email: 'anna@posta.example' };
const people = (...addresses: string[]) => addresses.map((email) => ({ name: null, email }));

function email(more: Partial<EmailFull>): EmailFull {
  return {
    ...row('e'), blobId: 'b', cc: null, bcc: null, replyTo: null, sentAt: '2026-11-21', messageId: ['m@x'],
    inReplyTo: null, references: null, textBody: [], htmlBody: [], attachments: [], bodyValues: {},
    from: people('bruno@virgola.example'), to: people('Anna@posta.example', 'carla@x.example'),
    subject: 'Lago', ...more,
  }; // prettier-ignore
}

describe('an answer', () => {
  test('quotes, deepens older quotations and points at what it answers', () => {
    const content = reply(email({ references: ['r@x'] }), 'Ciao\n> vecchio\n', self, false, words);

    expect(content.text).toBe('\n\n2026-11-21 bruno@virgola.example:\n> Ciao\n>> vecchio\n');
    expect(content).toMatchObject({ to: 'bruno@virgola.example', cc: '', subject: 'Re: Lago' });
    expect(content).toMatchObject({ inReplyTo: ['m@x'], references: ['r@x', 'm@x'] });
    expect(content.about).toEqual({ id: 'e', kind: 'answered' });
  });

  test.each([
    ['to all leaves myself out', {}, true, 'bruno@virgola.example, carla@x.example', ''],
    ['to all keeps copies as copies', { cc: people('dora@x.example', 'carla@x.example') }, true,
      'bruno@virgola.example, carla@x.example', 'dora@x.example'],
    ['goes where the sender asks', { replyTo: people('lista@x.example') }, false, 'lista@x.example', ''],
    ['to my own mail goes to whom I wrote', { from: people('anna@posta.example'), to: people('bruno@virgola.example') },
      false, 'bruno@virgola.example', ''],
  ])('%s', (_, more, all, to, cc) => {
    expect(reply(email(more), '', self, all, words)).toMatchObject({ to, cc });
  }); // prettier-ignore

  test('keeps a very long chain of references short at the right places', () => {
    const references = Array.from({ length: 200 }, (_, at) => `r${at}@x`);

    const content = reply(email({ references }), '', self, false, words);

    expect(content.references).toHaveLength(50);
    expect([content.references[0], content.references.at(-1)]).toEqual(['r0@x', 'm@x']);
  });

  test.each([
    ['Re', 'Lago', 'Re: Lago'],
    ['Re', 'RE: Lago', 'RE: Lago'],
    ['Re', 'R: Lago', 'R: Lago'],
    ['Re', null, 'Re: '],
    ['Fwd', 'I: Lago', 'I: Lago'],
    ['Fwd', 'Re: Lago', 'Fwd: Re: Lago'],
  ] as const)('%s + %s = %s', (prefix, subject, expected) => {
    expect(withPrefix(prefix, subject)).toBe(expected);
  });
});

test('a forward carries text and attachments to nobody yet', () => {
  const part = { partId: null, blobId: 'f', size: 9, name: 'a.pdf', type: 'application/pdf', charset: null,
    disposition: 'attachment', cid: null }; // prettier-ignore

  const content = forward(email({ attachments: [part] }), 'Ciao', words);

  expect(content).toMatchObject({ to: '', subject: 'Fwd: Lago', inReplyTo: [] });
  expect(content.attachments).toEqual([{ blobId: 'f', name: 'a.pdf', type: 'application/pdf', size: 9 }]);
  expect(content.text).toContain('From: bruno@virgola.example');
  expect(content.text.trimEnd().endsWith('Ciao')).toBe(true);
});
