// @vitest-environment jsdom
/** Proves that a head says in two languages whether a mail is the brand’s own, in words, and else nothing. */
import { flushSync, mount, unmount } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { emailFull, CAPABILITY, JmapClient, type EmailFull } from '@casella/jmap';
import { speak } from '../../src/words/words.svelte.ts';
import { SESSION } from '../../../jmap/test/dialogue.ts';

const EMAIL: EmailFull = {
  id: 'e1' as EmailFull['id'],
  threadId: 't1' as EmailFull['threadId'],
  mailboxIds: {},
  keywords: {},
  from: [{ name: 'Posta', email: 'notices@posta.example' }],
  to: [{ name: null, email: 'anna@posta.example' }],
  cc: null,
  bcc: null,
  replyTo: null,
  subject: 'x',
  receivedAt: '2026-11-23T10:00:00Z' as EmailFull['receivedAt'],
  sentAt: null,
  preview: '',
  hasAttachment: false,
  size: 10,
  blobId: 'b1' as EmailFull['blobId'],
  messageId: null,
  inReplyTo: null,
  references: null,
  textBody: [],
  htmlBody: [],
  attachments: [],
  bodyValues: {},
};

beforeEach(() => document.body.replaceChildren());

test.each([
  ['it' as const, 'genuine' as const, 'verificato: viene proprio da Posta'],
  ['it' as const, 'pretended' as const, 'questo messaggio finge di venire da Posta'],
  ['en' as const, 'genuine' as const, 'verified: from Posta itself'],
  ['en' as const, 'pretended' as const, 'this message pretends to be from Posta'],
  ['en' as const, null, undefined],
])('in %s %s is said so', async (language, voice, said) => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  const { default: Head } = await import('./VoicedHead.svelte');
  await speak(language);

  const head = mount(Head, { target: document.body, props: { email: { ...EMAIL, voice }, brand: 'Posta' } });
  flushSync();

  expect(document.querySelector('.voice')?.textContent?.trim()).toBe(said);
  expect(document.querySelectorAll('.voice svg').length).toBe(voice === null ? 0 : 1);
  await unmount(head);
});

test('it is asked only of a server that offers it', () => {
  const session = (more: object) => ({ ...SESSION, capabilities: { ...SESSION.capabilities, ...more } });
  const asked = (more: object) =>
    (emailFull(new JmapClient(session(more), fetch), EMAIL.id).args as { properties: string[] }).properties;

  expect(asked({})).not.toContain('voice');
  expect(asked({ [CAPABILITY.service]: {} })).toContain('voice');
});
