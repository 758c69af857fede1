/**
 * Proves that a fault is told once, is not forgotten while nobody can be asked, and that its end brings the
 * list back.
 */
import { expect, test } from 'vitest';
import { CAPABILITY, JmapClient } from '@casella/jmap';
import { Account, ServiceLook } from '../src/index.ts';
import { Dialogue, SESSION } from '../../jmap/test/dialogue.ts';
import { MemoryStorage, PulledFeed } from './play.ts';

const OFFERING = { ...SESSION, capabilities: { ...SESSION.capabilities, [CAPABILITY.service]: {} } };
const clientOf = (d: Dialogue) => new JmapClient(OFFERING, d.fetch);

const USUAL = '{"list":[{"id":"singleton","state":"standby","reduced":false,"receivedMailboxId":null}]}';
const SEALED =
  '{"list":[{"id":"singleton","state":"contentsAway","reduced":true,"mayReadEarlier":true,"mayReadContents":false,"receivedMailboxId":null}]}';
const FAULT = '{"list":[{"id":"singleton","state":"continuation","reduced":true,"receivedMailboxId":"r"}]}';

test('a fault is told once, stays while nobody answers, and ends once', async () => {
  const d = Dialogue.of(`
    C: Service/get {"ids":null}
    S: ${USUAL}
    C: Service/get {"ids":null}
    S: ${FAULT}
    C: Service/get {"ids":null}
    S: ${FAULT}
    C: Service/get {"ids":null}
    S: status 503
    C: Service/get {"ids":null}
    S: ${USUAL}
    C: Service/get {"ids":null}
    S: ${USUAL}`);
  const service = new ServiceLook(clientOf(d));
  const told: string[] = [];
  service.state.subscribe(() => told.push(service.state.value.name));

  const over: boolean[] = [];
  while (!d.done) over.push(await service.load());

  expect(told).toEqual(['reduced', 'usual']);
  expect(over).toEqual([false, false, false, false, true, false]);
  d.over();
});

test('mail that cannot be opened is a fault of its own, and folders that open again are read anew', async () => {
  const answers = [SEALED, SEALED, FAULT, SEALED, USUAL];
  const d = Dialogue.of(answers.map((answer) => `C: Service/get {"ids":null}\nS: ${answer}`).join('\n'));
  const service = new ServiceLook(clientOf(d));
  const told: string[] = [];
  service.state.subscribe(() => told.push(service.state.value.name));

  const over: boolean[] = [];
  while (!d.done) over.push(await service.load());

  expect(told).toEqual(['sealed', 'reduced', 'sealed', 'usual']);
  expect(over).toEqual([false, false, false, true, true]);
  d.over();
});

test('a mail on screen that could not be opened is asked for again when the fault is over', async () => {
  const d = Dialogue.of(`
    C: Service/get {"ids":null}
    S: ${SEALED}
    C: Notice/get {"ids":null}
    S: {"list":[]}
    C: Mailbox/get {"ids":null, …}
    S: {"state":"5","list":[],"notFound":[]}

    C: Email/get {"ids":["e1"], …}
    S: error {"type":"serverUnavailable"}

    C: Service/get {"ids":null}
    S: ${USUAL}
    C: Notice/get {"ids":null}
    S: {"list":[]}
    C: Mailbox/get {"ids":null, …}
    S: {"state":"5","list":[],"notFound":[]}
    C: Email/get {"ids":["e1"], …}
    S: {"state":"5","list":[{"id":"e1"}],"notFound":[]}`);
  const account = new Account(
    clientOf(d),
    'anna@posta.example',
    (url) => new PulledFeed(url),
    new MemoryStorage(),
  );
  await account.catchUp();
  const body = account.bodies.of('e1');
  const stop = body.subscribe(() => undefined);
  await expect.poll(() => body.value.name).toBe('failed');

  await account.catchUp();

  await expect.poll(() => body.value.name).toBe('ready');
  stop();
  d.over();
});

test('a server that does not offer it is not asked', async () => {
  const d = Dialogue.of('');

  expect(await new ServiceLook(d.client()).load()).toBe(false);
  d.over();
});

test('in a fault the open folder is read again at each news, and afterwards whatever is on screen', async () => {
  const d = Dialogue.of(`
    C: Email/query {"filter":{"inMailbox":"r"}, …}
    C: Email/get {…}
    S: {"queryState":"5","canCalculateChanges":false,"position":0,"total":0,"ids":[]}
    S: {"state":"5","list":[],"notFound":[]}

    # News of a fault: what changed cannot be told.
    C: Service/get {"ids":null}
    S: ${FAULT}
    C: Notice/get {"ids":null}
    S: {"list":[]}
    C: Email/changes {"sinceState":"5", …}
    S: error {"type":"serverUnavailable"}
    C: Mailbox/get {"ids":null, …}
    S: {"state":"5","list":[],"notFound":[]}
    C: Email/query {"filter":{"inMailbox":"r"}, …}
    C: Email/get {…}
    S: {"queryState":"6","canCalculateChanges":true,"position":0,"total":0,"ids":[]}
    S: {"state":"6","list":[],"notFound":[]}

    # It is over: the list is read anew, not only what changed of it.
    C: Service/get {"ids":null}
    S: ${USUAL}
    C: Notice/get {"ids":null}
    S: {"list":[]}
    C: Email/changes {"sinceState":"5", …}
    S: {"oldState":"5","newState":"7","hasMoreChanges":false,"created":[],"updated":[],"destroyed":[]}
    C: Mailbox/get {"ids":null, …}
    S: {"state":"7","list":[],"notFound":[]}
    C: Email/query {"filter":{"inMailbox":"r"}, …}
    C: Email/get {…}
    S: {"queryState":"7","canCalculateChanges":true,"position":0,"total":0,"ids":[]}
    S: {"state":"7","list":[],"notFound":[]}`);
  const feed = (url: string) => new PulledFeed(url);
  const account = new Account(clientOf(d), 'anna@posta.example', feed, new MemoryStorage());

  account.open({ inMailbox: 'r' });
  await expect.poll(() => account.list.value?.state.value.name).toBe('ready');
  await account.catchUp();
  expect(account.service.state.value).toEqual({ name: 'reduced', received: 'r' });
  await account.catchUp();

  expect(account.service.state.value).toEqual({ name: 'usual' });
  d.over();
});

test('an account that is turned while the first questions are asked shows it when its feed opens', async () => {
  const d = Dialogue.of(`
    # Asked before anything needed the account.
    C: Service/get {"ids":null}
    S: ${USUAL}
    C: Notice/get {"ids":null}
    S: {"list":[]}
    C: Service/get {"ids":null}
    S: ${FAULT}
    C: Notice/get {"ids":null}
    S: {"list":[]}`);
  const account = new Account(
    clientOf(d),
    'anna@posta.example',
    (url) => new PulledFeed(url),
    new MemoryStorage(),
  );
  await account.service.load();
  await account.notice.load();
  account.feed.start();

  PulledFeed.opened.at(-1)?.pull('open');

  await expect.poll(() => account.service.state.value.name).toBe('reduced');
  account.stop();
});
