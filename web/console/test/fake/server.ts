/**
 * A small staff API in memory that also serves the built console at `/console/`: what the end-to-end suite
 * runs
 * on its own. It answers in the shapes of the server's own facts and rows.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { ORDERS } from '../../src/api/order.ts';
import { Refused, type Answered, type Doing, type Fields } from './doing.ts';
import { orders } from './orders.ts';
import { may, STAFF, type Member } from './staff.ts';
import { State } from './state.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** What a test may break. */
export interface Weather {
  /** Answers to orders: as they should be, 503, or never. */
  orders: 'fine' | 'away' | 'silent';
}

export class FakeStaff {
  readonly weather: Weather = { orders: 'fine' };
  readonly state = new State();
  /** Each order that was given, with who gave it. */
  readonly given: { by: string; name: string; fields: Fields }[] = [];
  readonly #sessions = new Map<string, Member>();
  readonly #files = new Map<string, Buffer>();
  readonly #server: Server;
  #next = 1;

  constructor(private readonly pages: string) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.writeHead(500).end());
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Ends every session, as time does. */
  forgetEverybody(): void {
    this.#sessions.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://fake');
    if (pathname === '/api/v1/session') return this.#session(request, response);
    if (pathname.startsWith('/api/v1/orders/')) return this.#order(request, response, pathname.slice(15));
    if (pathname.startsWith('/api/v1/files/')) return this.#file(response, pathname);
    if (pathname.startsWith('/console/')) return this.#page(response, pathname.slice(9));
    response.writeHead(404).end();
  }

  async #session(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'DELETE') {
      this.#sessions.delete(cookie(request));
      return void response.writeHead(204, { 'Set-Cookie': 'casella-staff=; Path=/; Max-Age=0' }).end();
    }
    if (request.method === 'GET') {
      const member = this.#sessions.get(cookie(request));
      return member ? send(response, 200, person(member)) : problem(response, 401, '');
    }
    const { name, password } = (await body(request)) as { name: string; password: string };
    if (name === 'often') {
      response.setHeader('Retry-After', '120');
      return problem(response, 429, 'too many attempts');
    }
    const member = STAFF.find((one) => one.name === name && one.password === password);
    if (!member) return problem(response, 401, '');
    const key = `s${this.#next++}`;
    this.#sessions.set(key, member);
    response.setHeader('Set-Cookie', `casella-staff=${key}; Path=/; HttpOnly; SameSite=Strict`);
    send(response, 200, person(member));
  }

  async #order(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const fields = (await body(request)) as Fields;
    const member = this.#sessions.get(cookie(request));
    if (!member) return problem(response, 401, '');
    if (this.weather.orders === 'silent') return void request.destroy();
    if (this.weather.orders === 'away') return problem(response, 503, 'the part is not there');
    if (!may(member, name)) return problem(response, 403, `${name}: none of your roles may`);
    const order = orders[name];
    if (!order) return problem(response, 404, `there is no order ${name}`);
    const lines = request.headers.accept === 'application/x-ndjson';
    this.given.push({ by: member.name, name, fields });
    const doing: Doing = {
      state: this.state,
      by: member.name,
      fields,
      file: (file, content) => {
        const path = `/api/v1/files/t${this.#next++}/${file}`;
        this.#files.set(path, content);
        return path;
      },
      progress: (done, of, unit) => {
        if (lines) response.write(`${JSON.stringify({ progress: done, of, unit })}\n`);
      },
    };
    try {
      if (lines) response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      finish(response, lines, await order(doing));
    } catch (mistake) {
      if (!(mistake instanceof Refused)) throw mistake;
      if (lines) response.end(`${JSON.stringify({ problem: { status: 422, detail: mistake.message } })}\n`);
      else problem(response, 422, mistake.message);
    }
  }

  #file(response: ServerResponse, path: string): void {
    const content = this.#files.get(path);
    this.#files.delete(path);
    if (!content) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(content);
  }

  async #page(response: ServerResponse, path: string): Promise<void> {
    const name = path === '' ? 'index.html' : normalize(path).replace(/^[/.]+/, '');
    try {
      const content = await readFile(join(this.pages, name));
      response
        .writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

const person = (member: Member) => ({
  name: member.name,
  roles: member.roles,
  may: ORDERS.filter((order) => may(member, order)),
  until: new Date(Date.now() + 8 * 3_600_000).toISOString(),
});

function finish(response: ServerResponse, lines: boolean, { facts, rows, found }: Answered): void {
  if (!lines) return send(response, 200, { outcome: found ? 'found' : 'done', facts, rows, more: false });
  for (const row of rows) response.write(`${JSON.stringify({ row })}\n`);
  response.end(`${JSON.stringify(found ? { found: facts } : { done: facts })}\n`);
}

function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function problem(response: ServerResponse, status: number, detail: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: 'problem', status, detail }));
}

async function body(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function cookie(request: IncomingMessage): string {
  return /(?:^|;\s*)casella-staff=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
}
