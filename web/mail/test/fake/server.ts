/**
 * A small JMAP server in memory that also serves the built pages: what the end-to-end suite runs on
 * its own.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { run, type World } from './methods.ts';
import { FakeAccount } from './state.ts';

const PASSWORD = 'casella';
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What a test may break. */
export interface Weather {
  /** Answers to JMAP calls: as they should be, 503, or never. */
  jmap: 'fine' | 'down' | 'silent';
  brand: { name: string; title: string; accent: string; languages: string[]; complaints?: string };
  /** Milliseconds before each answer to a JMAP call. */
  delay: number;
}

export class FakeServer implements World {
  readonly accounts = new Map<string, FakeAccount>();
  readonly weather: Weather = {
    jmap: 'fine',
    delay: 0,
    brand: {
      name: 'Posta',
      title: 'Posta',
      accent: '#1a6b5a',
      languages: ['it', 'en'],
      complaints: '/complaints/',
    },
  };
  /** Paths under `/outside/`, which stand for the internet, that were asked for. */
  readonly outside: string[] = [];
  readonly #sessions = new Map<string, FakeAccount>();
  readonly #server: Server;
  #nextSession = 1;

  constructor(private readonly pages: string) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.writeHead(500).end());
    });
  }

  add(address: string, name: string): FakeAccount {
    const account = new FakeAccount(`a${this.accounts.size + 1}`, address, name);
    this.accounts.set(account.id, account);
    return account;
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Ends every log-in, as a password change does. */
  forgetEverybody(): void {
    this.#sessions.clear();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const { pathname } = url;
    if (pathname.startsWith('/outside/')) {
      this.outside.push(pathname);
      return void response.writeHead(200, { 'Content-Type': 'image/png' }).end(PIXEL);
    }
    if (pathname === '/brand') return send(response, 200, this.weather.brand);
    if (pathname === '/auth/session') return this.#session(request, response);
    if (pathname === '/.well-known/jmap')
      return void response.writeHead(302, { Location: '/jmap/session' }).end();
    if (pathname.startsWith('/jmap/')) return this.#jmap(request, response, url);
    return this.#page(response, pathname);
  }

  async #session(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      const me = this.#who(request);
      return me
        ? send(response, 200, { address: me.address, brand: this.weather.brand })
        : send(response, 401, { type: 'denied' });
    }
    if (request.headers['x-casella'] !== '1') return send(response, 403, { type: 'forbidden' });
    if (request.method === 'DELETE') {
      this.#sessions.delete(cookie(request));
      return void response.writeHead(204, { 'Set-Cookie': 'casella-session=; Path=/; Max-Age=0' }).end();
    }
    const { login, password } = JSON.parse((await bytes(request)).toString()) as {
      login: string;
      password: string;
    };
    if (login === 'often@posta.example') {
      return void response.writeHead(429, { 'Retry-After': '120' }).end('{"type":"tooMany"}');
    }
    const me = [...this.accounts.values()].find(({ address }) => address === login.toLowerCase());
    if (!me || password !== PASSWORD) return send(response, 401, { type: 'denied' });
    const key = `k${this.#nextSession++}`;
    this.#sessions.set(key, me);
    response
      .writeHead(204, { 'Set-Cookie': `casella-session=${key}; Path=/; HttpOnly; SameSite=Strict` })
      .end();
  }

  async #jmap(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const me = this.#who(request);
    if (!me) return send(response, 401, { type: 'denied' });
    if (this.weather.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.weather.delay));
    if (this.weather.jmap === 'silent') return void request.destroy();
    if (this.weather.jmap === 'down') return send(response, 503, { type: 'about:blank' });
    const [, , what, , blobId = ''] = url.pathname.split('/');
    switch (what) {
      case 'session':
        return send(response, 200, session(me));
      case 'events':
        return this.#events(request, response, me);
      case 'upload': {
        const type = request.headers['content-type'] ?? 'application/octet-stream';
        const content = await bytes(request);
        return send(response, 201, {
          accountId: me.id,
          blobId: me.blob(content, type),
          type,
          size: content.length,
        });
      }
      case 'download': {
        const blob = me.blobs.get(blobId);
        if (!blob) return send(response, 404, { type: 'notFound' });
        return void response
          .writeHead(200, {
            'Content-Type': url.searchParams.get('type') ?? blob.type,
            'Content-Disposition': 'attachment',
          })
          .end(blob.bytes);
      }
      default:
        return this.#call(request, response, me);
    }
  }

  async #call(request: IncomingMessage, response: ServerResponse, me: FakeAccount): Promise<void> {
    if (request.headers['x-casella'] !== '1') return send(response, 403, { type: 'forbidden' });
    const body = JSON.parse((await bytes(request)).toString()) as { methodCalls: [string, Args, string][] };
    const methodResponses: [string, object, string][] = [];
    for (const [method, args, callId] of body.methodCalls) {
      const answers = run(this, me, method, resolved(args, methodResponses));
      for (const [name, answer] of answers)
        methodResponses.push([name, { accountId: me.id, ...answer }, callId]);
    }
    send(response, 200, { methodResponses, sessionState: '1' });
  }

  #events(request: IncomingMessage, response: ServerResponse, me: FakeAccount): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': hello\n\n');
    const tell = () => {
      const changed = { [me.id]: { Email: me.state, Mailbox: me.state } };
      response.write(`event: state\ndata: ${JSON.stringify({ '@type': 'StateChange', changed })}\n\n`);
    };
    me.listeners.add(tell);
    request.on('close', () => me.listeners.delete(tell));
  }

  async #page(response: ServerResponse, pathname: string): Promise<void> {
    const name = pathname === '/' ? 'index.html' : normalize(pathname).replace(/^[/.]+/, '');
    try {
      const content = await readFile(join(this.pages, name));
      response
        .writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  }

  #who(request: IncomingMessage): FakeAccount | undefined {
    return this.#sessions.get(cookie(request));
  }
}

type Args = Record<string, unknown>;

/** RFC 8620 §3.7, for the one path the webmail uses: a list of ids. */
function resolved(args: Args, before: [string, object, string][]): Args {
  const reference = args['#ids'] as { resultOf: string; path: string } | undefined;
  if (!reference) return args;
  const answer = before.find(([, , callId]) => callId === reference.resultOf)?.[1] as
    { ids?: string[] } | undefined;
  const { '#ids': _, ...rest } = args;
  return { ...rest, ids: answer?.ids ?? [] };
}

function session(me: FakeAccount): object {
  return {
    capabilities: {
      'urn:ietf:params:jmap:core': { maxObjectsInSet: 500 },
      'https://casella.example/jmap/service': {},
    },
    accounts: { [me.id]: { name: me.address, isPersonal: true, isReadOnly: false } },
    primaryAccounts: { 'urn:ietf:params:jmap:mail': me.id, 'urn:ietf:params:jmap:submission': me.id },
    username: me.address,
    apiUrl: '/jmap/api',
    uploadUrl: '/jmap/upload/{accountId}',
    downloadUrl: '/jmap/download/{accountId}/{blobId}/{name}?type={type}',
    eventSourceUrl: '/jmap/events?types={types}&closeafter={closeafter}&ping={ping}',
    state: '1',
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function cookie(request: IncomingMessage): string {
  return /(?:^|;\s*)casella-session=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
}

/** One grey pixel, PNG. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNsaGj4DwAFhgKAjM1mJgAAAABJRU5ErkJggg==',
  'base64',
);
