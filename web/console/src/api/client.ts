/** Speaks with the staff API: who is here, and orders. Every answer is a value, also one that says no. */
import { failed, type Answer, type Failure } from './failure.ts';
import { Facts, Odd } from './facts.ts';
import { eachLine } from './ndjson.ts';
import type { Fields, Given, Order } from './order.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Person {
  name: string;
  roles: string[];
  /** The names of the orders they may give. */
  may: ReadonlySet<string>;
  /** When the session ends; null for a key. */
  until: string | null;
}

/** How far something is. `of` is null where nobody knows how much there is. */
export interface Progress {
  done: number;
  of: number | null;
  unit: string;
}

const SESSION = '/api/v1/session';
const ORDERS = '/api/v1/orders/';
const RETRY_SECONDS = 60;

export class Client {
  /** @param onDenied called when an order finds that the session has ended */
  constructor(
    private readonly fetch: Fetch,
    private readonly onDenied: () => void = () => undefined,
  ) {}

  /** Who is logged in; `denied` when nobody is. */
  async session(): Promise<Answer<Person>> {
    return this.#person({ method: 'GET' });
  }

  async logIn(name: string, password: string): Promise<Answer<Person>> {
    return this.#person({ method: 'POST', ...json({ name, password }) });
  }

  async logOut(): Promise<void> {
    await this.#send(SESSION, { method: 'DELETE' });
  }

  async #person(init: RequestInit): Promise<Answer<Person>> {
    const response = await this.#send(SESSION, init);
    if ('kind' in response) return failed(response);
    return whole(response, (facts) => ({
      name: facts.text('name'),
      roles: facts.texts('roles'),
      may: new Set(facts.texts('may')),
      until: facts.maybeText('until'),
    }));
  }

  /** Gives an order and waits for all of its answer. */
  async ask<T>(order: Order<T>): Promise<Answer<T>> {
    const response = await this.#order(order.name, order.fields, 'application/json');
    if ('kind' in response) return failed(response);
    const answer = await whole(response, (facts) => ({
      wrong: facts.text('outcome') === 'found',
      given: {
        facts: facts.facts('facts'),
        rows: facts.list('rows', (row) => row),
        more: facts.flag('more'),
      },
    }));
    return answer.name === 'failed' ? answer : read(order, answer.value.given, answer.value.wrong);
  }

  /** Gives an order and tells how far it is. All rows come, however many there are. */
  async watch<T>(order: Order<T>, progress: (progress: Progress) => void): Promise<Answer<T>> {
    const response = await this.#order(order.name, order.fields, 'application/x-ndjson');
    if ('kind' in response) return failed(response);
    const rows: Facts[] = [];
    let end: Answer<Facts> | null = null;
    try {
      if (!response.body) return failed({ kind: 'nonsense', detail: 'no body' });
      await eachLine(response.body, (line) => {
        const row = line.maybe('row');
        const done = line.maybeNumber('progress');
        if (row) rows.push(row);
        else if (done !== null) {
          progress({ done, of: line.maybeNumber('of'), unit: line.maybeText('unit') ?? '' });
        } else end = ended(line);
      });
    } catch (mistake) {
      return failed(odd(mistake));
    }
    return finished(order, end, rows);
  }

  async #order(name: string, fields: Fields, accept: string): Promise<Response | Failure> {
    const { headers, body } = json(fields);
    const response = await this.#send(ORDERS + name, {
      method: 'POST',
      headers: { ...headers, Accept: accept },
      body,
    });
    if ('kind' in response && response.kind === 'denied') this.onDenied();
    return response;
  }

  async #send(url: string, init: RequestInit): Promise<Response | Failure> {
    let response: Response;
    try {
      response = await this.fetch(url, { credentials: 'same-origin', cache: 'no-store', ...init });
    } catch {
      return { kind: 'unreachable' };
    }
    return response.ok ? response : problem(response);
  }
}

function json(fields: Fields): { headers: Record<string, string>; body: string } {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields) };
}

async function whole<T>(response: Response, reading: (facts: Facts) => T): Promise<Answer<T>> {
  try {
    const value: unknown = await response.json();
    return { name: 'answered', wrong: false, value: reading(Facts.of(value)) };
  } catch (mistake) {
    return failed(odd(mistake));
  }
}

function read<T>(order: Order<T>, given: Given, wrong: boolean): Answer<T> {
  try {
    return { name: 'answered', wrong, value: order.read(given) };
  } catch (mistake) {
    return failed(odd(mistake));
  }
}

/** The last line of a long answer. */
function ended(line: Facts): Answer<Facts> | null {
  const problem = line.maybe('problem');
  if (problem) {
    return failed(meaning(problem.count('status'), problem.maybeText('detail') ?? '', RETRY_SECONDS));
  }
  const found = line.maybe('found');
  const done = found ?? line.maybe('done');
  return done ? { name: 'answered', wrong: found !== null, value: done } : null;
}

function finished<T>(order: Order<T>, end: Answer<Facts> | null, rows: Facts[]): Answer<T> {
  // It broke off: what was ordered may have been done or not.
  if (!end) return failed({ kind: 'unreachable' });
  return end.name === 'failed' ? end : read(order, { facts: end.value, rows, more: false }, end.wrong);
}

/**
 * A connection that breaks while a body comes is a network's trouble; all else is an answer nobody
 * understands.
 */
function odd(mistake: unknown): Failure {
  if (mistake instanceof Odd) return { kind: 'nonsense', detail: mistake.where };
  if (mistake instanceof SyntaxError) return { kind: 'nonsense', detail: 'no JSON' };
  return { kind: 'unreachable' };
}

async function problem(response: Response): Promise<Failure> {
  let detail = '';
  try {
    const value: unknown = await response.json();
    detail = Facts.of(value).maybeText('detail') ?? '';
  } catch {
    // A proxy's own page says nothing we can use; the status does.
  }
  return meaning(response.status, detail, Number(response.headers.get('Retry-After') ?? RETRY_SECONDS));
}

function meaning(status: number, detail: string, seconds: number): Failure {
  switch (status) {
    case 401:
      return { kind: 'denied' };
    case 403:
      return { kind: 'forbidden', detail };
    case 413:
      return { kind: 'tooLarge' };
    case 422:
      return { kind: 'refused', detail };
    case 429:
      return { kind: 'tooMany', seconds: seconds > 0 ? seconds : RETRY_SECONDS };
    case 503:
      return { kind: 'away', detail };
    default:
      return { kind: 'nonsense', detail: `${status} ${detail}`.trim() };
  }
}
