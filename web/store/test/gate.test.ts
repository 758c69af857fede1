/**
 * Proves that the way in names every outcome, keeps no password, and that the feed tells when we are
 * cut off.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JmapClient, type Fetch } from '@casella/jmap';
import { Feed, Gate } from '../src/index.ts';
import { SESSION } from '../../jmap/test/dialogue.ts';
import { MemoryStorage, PulledFeed } from './play.ts';

beforeEach(() => {
  vi.useFakeTimers();
  PulledFeed.opened.length = 0;
});
afterEach(() => vi.useRealTimers());

const brand = { name: 'Posta', title: 'Posta', accent: '#1a6b5a' };
type Answers = Record<string, () => Response | Promise<Response>>;

function gateOf(answers: Answers) {
  const storage = new MemoryStorage();
  const asked: string[] = [];
  const fetch: Fetch = async (url, init) => {
    const key = `${init.method ?? 'GET'} ${url}`;
    asked.push(key);
    const answer = answers[key] ?? answers['*'];
    if (!answer) throw new TypeError(`nobody answers ${key}`);
    return answer();
  };
  return { gate: new Gate(fetch, (url) => new PulledFeed(url), storage), storage, asked };
}

const denied = () => new Response('{"type":"denied"}', { status: 401 });
const empty = () =>
  Response.json({ methodResponses: [['Mailbox/get', { list: [] }, 'c0']], sessionState: '1' });
const house: Answers = {
  'GET /brand': () => Response.json(brand),
  'GET /auth/session': () => Response.json({ address: 'anna@posta.example', brand }),
  'POST /auth/session': () => new Response(null, { status: 204 }),
  'DELETE /auth/session': () => new Response(null, { status: 204 }),
  'GET /.well-known/jmap': () => Response.json(SESSION),
  'POST /jmap/api': empty,
};

test('a log-in from before still holds', async () => {
  const { gate } = gateOf(house);

  await gate.look();

  expect(gate.state.value.name).toBe('open');
  expect(gate.brand.value?.name).toBe('Posta');
});

test('nobody is logged in at first; then the password opens and is kept nowhere', async () => {
  let known = false;
  const { gate, storage } = gateOf({
    ...house,
    'GET /auth/session': () => (known ? Response.json({ address: 'anna@posta.example', brand }) : denied()),
    'POST /auth/session': () => ((known = true), new Response(null, { status: 204 })),
  });

  await gate.look();
  expect(gate.state.value).toEqual({ name: 'closed', why: 'fresh' });
  await gate.logIn(' anna@posta.example ', 'top secret');

  expect(gate.state.value.name).toBe('open');
  expect(
    JSON.stringify([...Array(storage.length).keys()].map((at) => storage.getItem(storage.key(at) ?? ''))),
  ).not.toContain('secret');
});

test.each([
  [denied, { name: 'refused' }],
  [
    () => new Response('{}', { status: 429, headers: { 'Retry-After': '90' } }),
    { name: 'tooMany', seconds: 90 },
  ],
  [() => new Response('{}', { status: 503 }), { name: 'away' }],
  [
    () =>
      new Response('{"type":"notYet","place":41250,"estimateSeconds":700,"retrySeconds":90}', {
        status: 503,
      }),
    { name: 'notYet', place: 41250, seconds: 700, retry: 90 },
  ],
  [() => Promise.reject(new TypeError('network')), { name: 'away', failure: { kind: 'unreachable' } }],
])('a log-in that fails says how (%#)', async (answer, state) => {
  const { gate } = gateOf({ ...house, 'POST /auth/session': answer });

  await gate.logIn('anna@posta.example', 'x');

  expect(gate.state.value).toMatchObject(state);
});

test('a log-in that ends on the server closes the page and keeps what was being written', async () => {
  let ended = false;
  const { gate, storage } = gateOf({ ...house, 'POST /jmap/api': () => (ended ? denied() : empty()) });
  await gate.look();
  const account = gate.state.value.name === 'open' ? gate.state.value.account : null;
  const draft = await account?.write({});
  draft?.edit({ text: 'Ciao' });

  ended = true;
  await account?.catchUp();

  expect(gate.state.value).toEqual({ name: 'closed', why: 'expired' });
  expect(storage.getItem(storage.key(0) ?? '')).toContain('Ciao');
});

test('logging out tells the server and closes the feed', async () => {
  const { gate, asked } = gateOf(house);
  await gate.look();

  await gate.logOut();

  expect(gate.state.value).toEqual({ name: 'closed', why: 'left' });
  expect(asked).toContain('DELETE /auth/session');
  expect(PulledFeed.opened[0]?.readyState).toBe(2);
});

test('the feed says when it is cut off, opens again later and later, and looks for what it missed', async () => {
  const news = vi.fn();
  const feed = new Feed(new JmapClient(SESSION, fetch), (url) => new PulledFeed(url), news);
  const last = () => PulledFeed.opened.at(-1);

  feed.start();
  last()?.pull('open');
  expect([feed.state.value.name, news.mock.calls.length]).toEqual(['live', 0]);
  last()?.pull('state', '{"changed":{"a":{"Email":"2"}}}');
  last()?.pull('state', '{"changed":{"somebody else":{"Email":"2"}}}');
  expect(news).toHaveBeenCalledTimes(1);

  for (const wait of [1_000, 2_000]) {
    const broken = last();
    broken?.close();
    broken?.pull('error');
    expect(feed.state.value.name).toBe('away');
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(last()).toBe(broken);
    await vi.advanceTimersByTimeAsync(1);
    expect(last()).not.toBe(broken);
  }
  last()?.pull('open');
  expect(feed.state.value.name).toBe('live');
  // Once for the change, once for each refusal, once for what was missed.
  expect(news).toHaveBeenCalledTimes(4);
  feed.stop();
});

test('a line that falls silent is opened again, one that pings is left alone', async () => {
  const feed = new Feed(new JmapClient(SESSION, fetch), (url) => new PulledFeed(url), vi.fn());
  feed.start();
  const first = PulledFeed.opened[0];
  first?.pull('open');
  for (let minute = 0; minute < 10; minute++) {
    await vi.advanceTimersByTimeAsync(60_000);
    first?.pull('ping');
  }
  expect(PulledFeed.opened).toHaveLength(1);

  await vi.advanceTimersByTimeAsync(150_000);
  expect(PulledFeed.opened).toHaveLength(2);
  expect([first?.readyState, feed.state.value.name]).toEqual([2, 'away']);
  feed.stop();
});
