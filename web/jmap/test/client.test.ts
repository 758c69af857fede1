/** Proves that requests travel as RFC 8620 §3 says, with the guard header and never with a password kept. */
import { expect, test } from 'vitest';
import {
  Auth,
  downloadUrl,
  emailQuery,
  emailRows,
  expand,
  JmapClient,
  pushUrl,
  resultOf,
  stateChangeIn,
  upload,
} from '../src/index.ts';
import { Dialogue, SESSION } from './dialogue.ts';

test('a later call uses the result of an earlier one', async () => {
  const d = Dialogue.of(`
C: Email/query {"filter":{"inMailbox":"mb1"}, "sort":[{"property":"receivedAt","isAscending":false}],
   "collapseThreads":false, "position":0, "limit":2, "calculateTotal":true}
C: Email/get {"#ids":{"resultOf":"c0","name":"Email/query","path":"/ids"}, …}
S: {"ids":["e1","e2"], "queryState":"q1", "canCalculateChanges":true, "position":0, "total":9}
S: {"list":[{"id":"e1"},{"id":"e2"}], "state":"s1", "notFound":[]}`);
  const client = d.client();

  const [query, rows] = await client.send(
    emailQuery(client, { inMailbox: 'mb1' }, { position: 0, limit: 2, calculateTotal: true }),
    emailRows(client, resultOf(0, 'Email/query', '/ids')),
  );

  expect(query.total).toBe(9);
  expect(rows.list.map(({ id }) => id)).toEqual(['e1', 'e2']);
  d.over();
});

test('every request carries the guard header and our cookie, and nothing else that proves who we are', async () => {
  const seen: RequestInit[] = [];
  const client = new JmapClient(SESSION, async (_, init) => {
    seen.push(init);
    return Response.json({ methodResponses: [['X/get', {}, 'c0']], sessionState: '1' });
  });

  await client.one(client.call('X/get', {}));

  const headers = new Headers(seen[0]?.headers);
  expect(headers.get('X-Casella')).toBe('1');
  expect(headers.has('Authorization')).toBe(false);
  expect(seen[0]?.credentials).toBe('same-origin');
});

test('an implicit answer under the same call id does not hide the one asked for', async () => {
  const client = new JmapClient(SESSION, async () =>
    Response.json({
      methodResponses: [
        ['EmailSubmission/set', { created: { s: { id: 's1' } } }, 'c0'],
        ['Email/set', { updated: {} }, 'c0'],
      ],
      sessionState: '1',
    }),
  );

  const answer = await client.one(client.call<{ created: object }>('EmailSubmission/set', {}));

  expect(answer.created).toEqual({ s: { id: 's1' } });
});

test.each([
  ['not json', 'not JSON'],
  ['{}', 'no methodResponses'],
  ['{"methodResponses":[],"sessionState":"1"}', 'no answer to X/get'],
])('an answer that is none (%s) is called nonsense', async (body, code) => {
  const client = new JmapClient(SESSION, async () => new Response(body));

  await expect(client.one(client.call('X/get', {}))).rejects.toMatchObject({
    failure: { kind: 'nonsense', code },
  });
});

test('the log-in sends the password once and reads Retry-After when there were too many', async () => {
  const bodies: string[] = [];
  const auth = new Auth(async (_, init) => {
    bodies.push(String(init.body));
    return new Response('{"type":"tooMany"}', { status: 429, headers: { 'Retry-After': '30' } });
  });

  await expect(auth.logIn('anna@posta.example', 'secret')).rejects.toMatchObject({
    failure: { kind: 'tooMany', seconds: 30 },
  });
  expect(bodies).toEqual(['{"login":"anna@posta.example","password":"secret"}']);
});

test('templates are filled and their values escaped', () => {
  expect(expand('/d/{accountId}/{name}', { accountId: 'a', name: 'a/b ?.pdf' })).toBe('/d/a/a%2Fb%20%3F.pdf');
  expect(expand('/d/{unknown}', {})).toBe('/d/');
  expect(downloadUrl(new JmapClient(SESSION, fetch), { blobId: 'b', type: 'text/html', name: 'x' })).toBe(
    '/jmap/download/a/b/x?type=text%2Fhtml',
  );
  expect(pushUrl(SESSION, ['Email', 'Mailbox'])).toBe(
    '/jmap/events?types=Email%2CMailbox&closeafter=no&ping=60',
  );
});

test('an upload sends the bytes with their type and returns the blob', async () => {
  let sent: RequestInit = {};
  const client = new JmapClient(SESSION, async (_, init) => {
    sent = init;
    return Response.json({ accountId: 'a', blobId: 'b9', type: 'image/png', size: 3 });
  });

  const blob = await upload(client, new Blob(['abc'], { type: 'image/png' }));

  expect(blob.blobId).toBe('b9');
  expect(new Headers(sent.headers).get('Content-Type')).toBe('image/png');
});

test('push data that is none changes nothing', () => {
  expect(stateChangeIn('{"changed":{"a":{"Email":"s2"}}}')?.changed).toEqual({ a: { Email: 's2' } });
  expect(stateChangeIn('{}')).toBeNull();
  expect(stateChangeIn('<html>')).toBeNull();
});
