/** What can go wrong between us and the server, as one closed set. */
export type JmapFailure =
  /** No answer: the network, the server or the reader's connection is away. */
  | { kind: 'unreachable' }
  /** The log-in is gone or was refused. */
  | { kind: 'denied' }
  /** Too many attempts; `seconds` until another is worth it. */
  | { kind: 'tooMany'; seconds: number }
  /** Not all are let in at once: the `place` in the line (0: unknown), until one is in, until another try. */
  | { kind: 'notYet'; place: number; seconds: number; retry: number }
  /** The server answered, and cannot now: 5xx or `serverUnavailable`. RFC 8620 §3.6.2. */
  | { kind: 'unavailable'; code: string }
  /** The whole request was refused. RFC 8620 §3.6.1. */
  | { kind: 'refused'; code: string }
  /** One method failed. RFC 8620 §3.6.2. */
  | { kind: 'method'; code: string; method: string }
  /** The answer is not what the protocol says it is. */
  | { kind: 'nonsense'; code: string };

export class JmapError extends Error {
  constructor(readonly failure: JmapFailure) {
    super('code' in failure ? `${failure.kind}: ${failure.code}` : failure.kind);
    this.name = 'JmapError';
  }

  /** The small print for support: never a sentence, never mail content. */
  get code(): string {
    return this.message;
  }
}

export function failureOf(thrown: unknown): JmapFailure {
  if (thrown instanceof JmapError) return thrown.failure;
  return { kind: 'nonsense', code: thrown instanceof Error ? thrown.name : 'unknown' };
}

/** True when the same call may succeed later without anybody changing anything. */
export function passesByItself(failure: JmapFailure): boolean {
  return ['unreachable', 'unavailable', 'tooMany', 'notYet'].includes(failure.kind);
}
