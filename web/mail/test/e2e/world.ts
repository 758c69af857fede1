/**
 * The server the suite runs against: the one at CASELLA_URL, or the fake in memory.
 *
 *   CASELLA_URL       base address of a running server, e.g. http://127.0.0.1:8080
 *   CASELLA_ACCOUNT   whose mail is read            (anna@posta.example)
 *   CASELLA_PEER      who else has a mailbox there  (bruno@virgola.example)
 *   CASELLA_PASSWORD  of both                       (casella)
 *   CASELLA_CHROMIUM  the browser                   (/usr/bin/chromium)
 */
import { fileURLToPath } from 'node:url';
import { emailSet, fetchSession, JmapClient, mailboxGet, type EmailCreate, type Fetch } from '@casella/jmap';
import type { Page } from 'playwright-core';
import { fill } from '../fake/letters.ts';
import { FakeServer } from '../fake/server.ts';

export interface World {
  url: string;
  account: string;
  peer: string;
  password: string;
  /** Null when the server is a real one: then what only the fake can do is left out and said. */
  fake: FakeServer | null;
  close(): void;
}

export async function startWorld(): Promise<World> {
  const account = process.env['CASELLA_ACCOUNT'] ?? 'anna@posta.example';
  const peer = process.env['CASELLA_PEER'] ?? 'bruno@virgola.example';
  const password = process.env['CASELLA_PASSWORD'] ?? 'casella';
  const url = process.env['CASELLA_URL'];
  if (url) return { url, account, peer, password, fake: null, close: () => undefined };
  const fake = new FakeServer(fileURLToPath(new URL('../../dist', import.meta.url)));
  fill(fake);
  return { url: await fake.listen(), account, peer, password, fake, close: () => fake.close() };
}

export async function logIn(page: Page, world: World, address = world.account): Promise<void> {
  await page.goto(world.url);
  await page.locator('#login').fill(address);
  await page.locator('#password').fill(world.password);
  await page.locator('button[type=submit]').click();
  await page.locator('nav.folders a, nav.bar button').first().waitFor();
}

/** Puts mail into a mailbox of the account, as a client would: through the front door. */
export async function seed(
  world: World,
  email: Partial<EmailCreate> & { subject: string },
  role = 'inbox',
): Promise<string> {
  const client = await clientOf(world);
  const { list } = await client.one(mailboxGet(client, null));
  const mailbox = list.find((one) => one.role === role)?.id ?? '';
  const create: EmailCreate = {
    mailboxIds: { [mailbox]: true },
    keywords: {},
    bodyValues: { t: { value: 'Testo.' } },
    from: [{ name: 'Prova', email: 'prova@posta.example' }],
    to: [{ name: null, email: world.account }],
    ...(email.htmlBody ? {} : { textBody: [{ partId: 't', type: 'text/plain' }] }),
    ...email,
  };
  const answer = await client.one(emailSet(client, { create: { e: create } }));
  const id = answer.created?.['e']?.id;
  if (id === undefined) throw new Error(`not seeded: ${JSON.stringify(answer.notCreated)}`);
  return id;
}

export async function clientOf(world: World, address = world.account): Promise<JmapClient> {
  let cookie = '';
  const inNode: Fetch = async (path, init) => {
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('Cookie', cookie);
    const response = await fetch(new URL(path, world.url), { ...init, headers });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response;
  };
  const response = await inNode('/auth/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Casella': '1' },
    body: JSON.stringify({ login: address, password: world.password }),
  });
  if (!response.ok) throw new Error(`log-in refused: ${response.status}`);
  return new JmapClient(await fetchSession(inNode), inNode);
}
