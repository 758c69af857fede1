/** Sends method calls, several in one request, and hands each its own answer. RFC 8620 §3. */
import { JmapError } from './errors.ts';
import { exchange, json, type Fetch } from './http.ts';
import { mailAccount, type Session } from './session.ts';
import {
  CAPABILITY,
  type AccountId,
  type Invocation,
  type RequestBody,
  type ResponseBody,
  type ResultReference,
} from './wire.ts';

/** One method call before it is sent; `Answer` is the shape of what comes back. */
export interface Call<Answer> {
  readonly method: string;
  readonly args: Record<string, unknown>;
  /** Never present: carries the answer's type only. */
  readonly answer?: Answer;
}

type AnswersOf<Calls extends readonly Call<unknown>[]> = {
  -readonly [K in keyof Calls]: Calls[K] extends Call<infer Answer> ? Answer : never;
};

export class JmapClient {
  readonly accountId: AccountId;

  constructor(
    readonly session: Session,
    readonly fetch: Fetch,
  ) {
    this.accountId = mailAccount(session);
  }

  /** A call of one method of the reader's own account. */
  call<Answer>(method: string, args: Record<string, unknown>): Call<Answer> {
    return { method, args: { accountId: this.accountId, ...args } };
  }

  /**
   * Sends the calls as one request; the server runs them in order. The answer has one entry per call.
   * Throws {@link JmapError} when any of them failed, so a later call may have been done all the same.
   */
  async send<const Calls extends readonly Call<unknown>[]>(...calls: Calls): Promise<AnswersOf<Calls>> {
    const body: RequestBody = {
      using: this.#using(),
      methodCalls: calls.map((call, index) => [call.method, call.args, `c${index}`]),
    };
    const response = await exchange(this.fetch, this.session.apiUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { methodResponses } = await json<ResponseBody>(response);
    if (!Array.isArray(methodResponses))
      throw new JmapError({ kind: 'nonsense', code: 'no methodResponses' });
    return calls.map((call, index) =>
      answerOf(call.method, `c${index}`, methodResponses),
    ) as AnswersOf<Calls>;
  }

  /** Naming what a server does not have is an error of the whole request. RFC 8620 §3.6.1. */
  #using(): string[] {
    const { service, ...standard } = CAPABILITY;
    const all: string[] = Object.values(standard);
    return service in this.session.capabilities ? [...all, service] : all;
  }

  /** The answer of a single call. */
  async one<Answer>(call: Call<Answer>): Promise<Answer> {
    const [answer] = await this.send(call);
    return answer as Answer;
  }
}

/** Points at part of the answer of the call at `index` of the same request. RFC 8620 §3.7. */
export function resultOf(index: number, name: string, path: string): ResultReference {
  return { resultOf: `c${index}`, name, path };
}

/** RFC 8620 §3.6.2: these two say "later", not "wrong". */
const LATER = new Set(['serverUnavailable', 'serverFail']);

function answerOf(method: string, callId: string, responses: Invocation[]): Record<string, unknown> {
  const mine = responses.filter((response) => response[2] === callId);
  const failed = mine.find(([name]) => name === 'error');
  if (failed) {
    const code = typeof failed[1]['type'] === 'string' ? failed[1]['type'] : 'unknown';
    throw new JmapError(LATER.has(code) ? { kind: 'unavailable', code } : { kind: 'method', code, method });
  }
  // An implicit call (RFC 8620 §5.3, onSuccessUpdateEmail) answers under the same id: take the one asked for.
  const answer = mine.find(([name]) => name === method);
  if (!answer) throw new JmapError({ kind: 'nonsense', code: `no answer to ${method}` });
  return answer[1];
}
