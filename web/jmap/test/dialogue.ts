/**
 * A scripted JMAP server. The script is text a person reads:
 *
 *     # A comment.
 *     C: Email/query {"filter":{"inMailbox":"mb1"}, …}     a method call we expect, arguments literal
 *     S: {"ids":["e1"], …}                                 the answer to it
 *     S: error {"type":"serverUnavailable"}                or a method-level error
 *     S: status 503                                        or no answer at all but this status
 *     S: lost                                              or the line breaks
 *
 * Calls of one request stand together as C: lines and are answered by as many S: lines. A value may go on
 * over several lines. `accountId` is added to both sides. `"#ref"` keys are written as they travel.
 * `…` as the last member of an object means "and whatever else". A failure says file:line, wanted, got.
 */
import { readFileSync } from 'node:fs';
import { JmapClient, type Fetch, type Invocation, type RequestBody, type Session } from '../src/index.ts';

interface Line {
  at: number;
  who: 'C' | 'S';
  head: string;
  json: string;
}

interface Exchange {
  calls: Line[];
  answers: Line[];
}

export const SESSION: Session = {
  capabilities: { 'urn:ietf:params:jmap:core': { maxObjectsInSet: 500 } },
  accounts: { a: { name: 'anna@posta.example', isPersonal: true, isReadOnly: false } },
  primaryAccounts: { 'urn:ietf:params:jmap:mail': 'a' },
  username: 'anna@posta.example',
  apiUrl: '/jmap/api',
  downloadUrl: '/jmap/download/{accountId}/{blobId}/{name}?type={type}',
  uploadUrl: '/jmap/upload/{accountId}/',
  eventSourceUrl: '/jmap/events?types={types}&closeafter={closeafter}&ping={ping}',
  state: '1',
};

export class Dialogue {
  readonly #exchanges: Exchange[];
  /** What went wrong; kept because the code under test may swallow the exception. */
  readonly problems: string[] = [];

  private constructor(
    private readonly name: string,
    text: string,
  ) {
    this.#exchanges = exchangesIn(name, text);
  }

  /** @param name of a file in `dialogues/` beside `here` (a module's `import.meta.url`) */
  static read(here: string, name: string): Dialogue {
    return new Dialogue(name, readFileSync(new URL(`dialogues/${name}`, here), 'utf8'));
  }

  static of(text: string): Dialogue {
    return new Dialogue('inline', text);
  }

  client(): JmapClient {
    return new JmapClient(SESSION, this.fetch);
  }

  readonly fetch: Fetch = async (url, init) => {
    if (url !== SESSION.apiUrl) return new Response(null, { status: 404 });
    const request = JSON.parse(String(init.body)) as RequestBody;
    const exchange = this.#exchanges.shift();
    if (!exchange) return this.#wrong(`${this.name}: the script is over, got ${request.methodCalls[0]?.[0]}`);
    for (const [at, line] of exchange.calls.entries()) {
      const problem = this.#compare(line, request.methodCalls[at]);
      if (problem) return this.#wrong(problem);
    }
    if (request.methodCalls.length > exchange.calls.length) {
      return this.#wrong(`${this.name}: one call more than the script: ${request.methodCalls.at(-1)?.[0]}`);
    }
    const first = exchange.answers[0];
    if (first?.head === 'lost') throw new TypeError('network');
    if (first?.head.startsWith('status ')) return new Response('{}', { status: Number(first.head.slice(7)) });
    const methodResponses = exchange.answers.map((line, at): Invocation => {
      const name = line.head === 'error' ? 'error' : (exchange.calls[at]?.head ?? '');
      return [name, { accountId: 'a', ...(JSON.parse(line.json) as object) }, `c${at}`];
    });
    return Response.json({ methodResponses, sessionState: '1' });
  };

  /** Fails unless every line was played and nothing went wrong. */
  over(): void {
    const left = this.#exchanges[0]?.calls[0];
    if (left) this.problems.push(`${this.name}:${left.at}: never came: ${left.head}`);
    if (this.problems.length > 0) throw new Error(this.problems.join('\n'));
  }

  get done(): boolean {
    return this.#exchanges.length === 0;
  }

  #compare(line: Line, call: Invocation | undefined): string | null {
    const where = `${this.name}:${line.at}`;
    if (!call) return `${where}: wanted ${line.head}, got the end of the request`;
    if (call[0] !== line.head) return `${where}: wanted ${line.head}, got ${call[0]}`;
    const open = /,?\s*…\s*}$/.test(line.json);
    const wanted = JSON.parse(open ? line.json.replace(/,?\s*…\s*}$/, '}') : line.json) as Record<
      string,
      unknown
    >;
    const { accountId: _, ...got } = JSON.parse(JSON.stringify(call[1])) as Record<string, unknown>;
    const seen = open ? Object.fromEntries(Object.keys(wanted).map((key) => [key, got[key]])) : got;
    if (sorted(seen) === sorted(wanted)) return null;
    return `${where}: ${line.head}\n  wanted ${sorted(wanted)}\n  got    ${sorted(seen)}`;
  }

  #wrong(problem: string): Response {
    this.problems.push(problem);
    return new Response(JSON.stringify({ type: 'dialogue' }), { status: 400 });
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

function exchangesIn(name: string, text: string): Exchange[] {
  const lines: Line[] = [];
  text.split('\n').forEach((raw, index) => {
    if (/^\s*(#|$)/.test(raw)) return;
    const start = /^\s*([CS]):\s*(\w+\/\w+|error|lost|status \d+)?\s*(.*)$/.exec(raw);
    const last = lines.at(-1);
    if (start)
      lines.push({ at: index + 1, who: start[1] as 'C' | 'S', head: start[2] ?? '', json: start[3] ?? '' });
    else if (last) last.json += ` ${raw.trim()}`;
    else throw new Error(`${name}:${index + 1}: a line before the first C:`);
  });
  const exchanges: Exchange[] = [];
  for (const line of lines) {
    const last = exchanges.at(-1);
    if (line.who === 'S') last?.answers.push(line);
    else if (last && last.answers.length === 0) last.calls.push(line);
    else exchanges.push({ calls: [line], answers: [] });
  }
  return exchanges;
}
