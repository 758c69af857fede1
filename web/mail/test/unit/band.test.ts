// @vitest-environment jsdom
/** Proves that the line above the mailbox says in two languages what a fault takes away, while it does. */
import { flushSync, mount, unmount } from 'svelte';
import { beforeEach, expect, test } from 'vitest';
import { CAPABILITY, JmapClient } from '@casella/jmap';
import { Account } from '@casella/store';
import Band from '../../src/frame/Band.svelte';
import { speak } from '../../src/words/words.svelte.ts';
import { Dialogue, SESSION } from '../../../jmap/test/dialogue.ts';
import { MemoryStorage, PulledFeed } from '../../../store/test/play.ts';

const OFFERING = { ...SESSION, capabilities: { ...SESSION.capabilities, [CAPABILITY.service]: {} } };
const USUAL = '{"list":[{"id":"singleton","reduced":false,"mayReadEarlier":true,"receivedMailboxId":null}]}';
const SEALED = '{"list":[{"id":"singleton","reduced":true,"mayReadEarlier":true,"receivedMailboxId":null}]}';
const CLOSED = '{"list":[{"id":"singleton","reduced":true,"mayReadEarlier":false,"receivedMailboxId":"r"}]}';

const ASKED = [USUAL, SEALED, SEALED, CLOSED, SEALED, USUAL];

beforeEach(() => document.body.replaceChildren());

test.each([
  [
    'it' as const,
    'I messaggi sono al sicuro, ma per un guasto al momento non si possono aprire. Cartelle ed elenchi funzionano; la nuova posta viene conservata e compare appena tutto torna.',
    'Le cartelle sono chiuse per un guasto. La nuova posta arriva in “Ricevuti durante il guasto”; le cartelle torneranno, nulla va perso.',
  ],
  [
    'en' as const,
    'Your messages are kept safe, but because of a fault they can’t be opened right now. Folders and lists work; new mail is kept and appears when this is over.',
    'Your folders are closed because of a fault. New mail arrives in “Received during the fault”; your folders will be back, nothing is lost.',
  ],
])('what cannot be had is said in %s, and nothing before or afterwards', async (language, sealed, closed) => {
  const d = Dialogue.of(ASKED.map((answer) => `C: Service/get {"ids":null}\nS: ${answer}`).join('\n'));
  const client = new JmapClient(OFFERING, d.fetch);
  const account = new Account(
    client,
    'anna@posta.example',
    (url) => new PulledFeed(url),
    new MemoryStorage(),
  );
  await speak(language);
  const band = mount(Band, { target: document.body, props: { account } });
  const said: (string | null)[] = [];

  while (!d.done) {
    await account.service.load();
    flushSync();
    said.push(document.querySelector('[role=status] p')?.textContent ?? null);
  }

  expect(said).toEqual([null, sealed, sealed, closed, sealed, null]);
  d.over();
  await unmount(band);
});

test.each([
  ['it' as const, 'La posta è lenta.'],
  ['en' as const, 'Mail is slow.'],
])('what the operators say is read in %s while they say it, as text', async (language, text) => {
  const said = (changed: string) =>
    `{"list":[{"id":"n1","severity":"major","state":"identified","changed":"${changed}",` +
    '"text":{"it":"La posta è lenta.","en":"Mail is slow."}}]}';
  const answers = ['{"list":[]}', said('2023-01-24T10:00:00Z'), 'status 503', '{"list":[]}'];
  const d = Dialogue.of(answers.map((answer) => `C: Notice/get {"ids":null}\nS: ${answer}`).join('\n'));
  const account = new Account(
    new JmapClient(OFFERING, d.fetch),
    'anna@posta.example',
    (url) => new PulledFeed(url),
    new MemoryStorage(),
  );
  await speak(language);
  const band = mount(Band, { target: document.body, props: { account } });
  const read: (string | null)[] = [];

  while (!d.done) {
    await account.notice.load();
    flushSync();
    read.push(document.querySelector('[role=status] .said')?.textContent ?? null);
  }

  expect(read).toEqual([null, text, text, null]);
  d.over();
  await unmount(band);
});
