/**
 * Proves what the client makes of every answer: who is here, facts and rows, refusals, and long answers line
 * by line.
 */
import { expect, test } from 'vitest';
import { Client, type Fetch, type Progress } from '../../src/api/client.ts';
import { Odd, Facts } from '../../src/api/facts.ts';
import type { Order } from '../../src/api/order.ts';
import { queueShow } from '../../src/api/queue.ts';
import { vaultList } from '../../src/api/vaults.ts';

interface Sent {
  url: string;
  init: RequestInit;
}

function answering(...responses: (Response | Error)[]): { fetch: Fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: Fetch = (url, init) => {
    sent.push({ url, init });
    const next = responses.shift();
    if (!next) throw new Error('nothing more to answer');
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  return { fetch, sent };
}

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { status, headers });
const problem = (status: number, detail: string, headers: Record<string, string> = {}) =>
  json({ type: 'about:blank', title: 'no', status, detail }, status, headers);

const CARLA = { name: 'carla', roles: ['operator'], may: ['status', 'debt'], until: '2027-01-31T20:00:00Z' };
const COUNT: Order<number> = { name: 'debt', fields: { a: 1 }, read: ({ facts }) => facts.number('objects') };

test('a log-in says who, and what they may', async () => {
  const { fetch, sent } = answering(json(CARLA));
  const answer = await new Client(fetch).logIn('carla', 'secret');

  expect(answer).toMatchObject({ name: 'answered', value: { name: 'carla', roles: ['operator'] } });
  if (answer.name === 'answered') expect(answer.value.may.has('debt')).toBe(true);
  expect(sent[0]).toMatchObject({
    url: '/api/v1/session',
    init: { method: 'POST', credentials: 'same-origin', body: '{"name":"carla","password":"secret"}' },
  });
});

test('a log-in that is refused does not say that a session ended', async () => {
  let denied = 0;
  const { fetch } = answering(problem(401, ''), problem(429, '', { 'Retry-After': '90' }));
  const client = new Client(fetch, () => denied++);

  expect(await client.logIn('carla', 'x')).toEqual({ name: 'failed', failure: { kind: 'denied' } });
  expect(await client.logIn('carla', 'x')).toEqual({
    name: 'failed',
    failure: { kind: 'tooMany', seconds: 90 },
  });
  expect(denied).toBe(0);
});

test('an order is one POST, and its facts are read', async () => {
  const { fetch, sent } = answering(json({ outcome: 'found', facts: { objects: 7 }, rows: [], more: false }));

  expect(await new Client(fetch).ask(COUNT)).toEqual({ name: 'answered', wrong: true, value: 7 });
  expect(sent[0]?.url).toBe('/api/v1/orders/debt');
  expect(sent[0]?.init.body).toBe('{"a":1}');
});

test.each([
  [403, { kind: 'forbidden', detail: 'why' }],
  [413, { kind: 'tooLarge' }],
  [422, { kind: 'refused', detail: 'why' }],
  [503, { kind: 'away', detail: 'why' }],
  [404, { kind: 'nonsense', detail: '404 why' }],
  [400, { kind: 'nonsense', detail: '400 why' }],
  [500, { kind: 'nonsense', detail: '500 why' }],
])('%s is a failure of its own', async (status, failure) => {
  const { fetch } = answering(problem(status, 'why'));

  expect(await new Client(fetch).ask(COUNT)).toEqual({ name: 'failed', failure });
});

test('an order without a session tells so', async () => {
  let denied = 0;
  const { fetch } = answering(problem(401, ''));

  expect(await new Client(fetch, () => denied++).ask(COUNT)).toMatchObject({ failure: { kind: 'denied' } });
  expect(denied).toBe(1);
});

test('no answer, and an answer that is none, are told apart', async () => {
  const { fetch } = answering(
    new TypeError('network'),
    new Response('<html>', { status: 200 }),
    json({ outcome: 'done', facts: { objects: '7' }, rows: [] }),
    new Response('<html>gateway</html>', { status: 503 }),
  );
  const client = new Client(fetch);

  expect(await client.ask(COUNT)).toMatchObject({ failure: { kind: 'unreachable' } });
  expect(await client.ask(COUNT)).toMatchObject({ failure: { kind: 'nonsense', detail: 'no JSON' } });
  expect(await client.ask(COUNT)).toMatchObject({
    failure: { kind: 'nonsense', detail: 'answer.facts.objects' },
  });
  expect(await client.ask(COUNT)).toMatchObject({ failure: { kind: 'away', detail: '' } });
});

function lines(...parts: string[]): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(encoder.encode(part));
        controller.close();
      },
    }),
  );
}

const NAMES: Order<string[]> = {
  name: 'queue-list',
  fields: {},
  read: ({ rows }) => rows.map((row) => row.text('a')),
};

test('a long answer comes line by line, wherever it is cut', async () => {
  const told: Progress[] = [];
  const { fetch, sent } = answering(
    lines(
      '{"row":{"a":"città"}}\n{"prog',
      'ress":3}\n{"progress":4,"of":9,"unit":"accounts"}\n{"row":{"a":"x"}}',
      '\n\n{"found":{}}',
    ),
  );

  expect(await new Client(fetch).watch(NAMES, (progress) => told.push(progress))).toEqual({
    name: 'answered',
    wrong: true,
    value: ['città', 'x'],
  });
  expect(told).toEqual([
    { done: 3, of: null, unit: '' },
    { done: 4, of: 9, unit: 'accounts' },
  ]);
  expect(sent[0]?.init.headers).toMatchObject({ Accept: 'application/x-ndjson' });
});

test('a letter of two bytes may be cut in the middle', async () => {
  const bytes = new TextEncoder().encode('{"row":{"a":"à"}}\n{"done":{}}\n');
  const cut = bytes.indexOf(0xc3) + 1;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.slice(0, cut));
      controller.enqueue(bytes.slice(cut));
      controller.close();
    },
  });
  const { fetch } = answering(new Response(body));

  expect(await new Client(fetch).watch(NAMES, () => undefined)).toMatchObject({ value: ['à'] });
});

test('a long answer that ends with a problem, breaks off or is nonsense is no answer', async () => {
  const { fetch } = answering(
    lines('{"row":{"a":"x"}}\n{"problem":{"status":422,"detail":"why"}}\n'),
    lines('{"row":{"a":"x"}}\n'),
    lines('{"row":'),
    lines('{"row":{"b":"x"}}\n{"done":{}}\n'),
  );
  const client = new Client(fetch);
  const watched = () => client.watch(NAMES, () => undefined);

  expect(await watched()).toEqual({ name: 'failed', failure: { kind: 'refused', detail: 'why' } });
  expect(await watched()).toEqual({ name: 'failed', failure: { kind: 'unreachable' } });
  expect(await watched()).toMatchObject({ failure: { kind: 'nonsense', detail: 'no JSON' } });
  expect(await watched()).toMatchObject({ failure: { kind: 'nonsense' } });
});

test('what must be there is asked for, what may be absent is let be', () => {
  const facts = Facts.of({
    a: '',
    n: null,
    list: [{ x: 1 }],
    points: [[1, 2]],
    map: { k: 1, l: 'v', m: [] },
  });

  expect(facts.maybeText('a')).toBeNull();
  expect(facts.maybeNumber('n')).toBeNull();
  expect(facts.count('none')).toBe(0);
  expect(facts.flag('none')).toBe(false);
  expect(facts.list('none', () => 1)).toEqual([]);
  expect(facts.points('points')).toEqual([[1, 2]]);
  expect(facts.pairs('map')).toEqual([
    ['k', '1'],
    ['l', 'v'],
  ]);
  expect(facts.counts('map')).toEqual([['k', 1]]);
  expect(() => facts.text('n')).toThrow(Odd);
  expect(() => facts.list('list', (one) => one.text('x'))).toThrow('odd: answer.list[0].x');
  expect(() => Facts.of([])).toThrow(Odd);
});

test('rows that are not as they should be make the answer nonsense', () => {
  const given = (row: object) => ({ facts: Facts.of({}), rows: [Facts.of(row)], more: false });

  expect(() => vaultList().read(given({ vault: 'files' }))).toThrow(Odd);
  expect(() => queueShow('q').read(given({ arrival: 'a' }))).toThrow(Odd);
});
