import { JmapError } from './errors.ts';

/** How the client reaches the server; tests put a scripted one here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Marks a request as made by our own page: a foreign page cannot set a header without a preflight. */
export const GUARD_HEADER = 'X-Casella';

/** After this long without an answer the server counts as away, in milliseconds. */
const ANSWER_MILLIS_MAX = 30_000;

/**
 * One exchange with the server, turned into an answer or a {@link JmapError}.
 * `millisMax` is longer for uploads, whose time depends on the file.
 */
export async function exchange(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  millisMax = ANSWER_MILLIS_MAX,
): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set(GUARD_HEADER, '1');
  const signals = [AbortSignal.timeout(millisMax), ...(init.signal ? [init.signal] : [])];
  let response: Response;
  try {
    response = await fetch(url, {
      credentials: 'same-origin',
      cache: 'no-store',
      ...init,
      headers,
      signal: AbortSignal.any(signals),
    });
  } catch {
    throw new JmapError({ kind: 'unreachable' });
  }
  if (response.ok) return response;
  throw new JmapError(await failureIn(response));
}

async function failureIn(response: Response) {
  if (response.status === 401) return { kind: 'denied' } as const;
  if (response.status === 429) {
    const seconds = Number(response.headers.get('Retry-After'));
    return { kind: 'tooMany', seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 60 } as const;
  }
  const body = await problem(response);
  if (response.status === 503 && body['type'] === 'notYet') {
    return {
      kind: 'notYet',
      place: numberIn(body, 'place', 0),
      seconds: numberIn(body, 'estimateSeconds', 60),
      retry: numberIn(body, 'retrySeconds', 60),
    } as const;
  }
  const code = `${response.status} ${problemType(body)}`.trim();
  return response.status >= 500
    ? ({ kind: 'unavailable', code } as const)
    : ({ kind: 'refused', code } as const);
}

/** The members of a body that is a JSON object; none of any other. */
async function problem(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null) return { ...body };
  } catch {
    // A body that is no JSON has nothing to say here; the status already has.
  }
  return {};
}

function numberIn(body: Record<string, unknown>, name: string, otherwise: number): number {
  const value = body[name];
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}

/** The `type` of an RFC 7807 problem, as RFC 8620 §3.6.1 asks for; empty when the body is something else. */
function problemType(body: Record<string, unknown>): string {
  // RFC 7807 §4.2: this one says nothing more than the status does.
  return typeof body['type'] === 'string' && body['type'] !== 'about:blank' ? body['type'] : '';
}

export async function json<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new JmapError({ kind: 'nonsense', code: 'not JSON' });
  }
}
