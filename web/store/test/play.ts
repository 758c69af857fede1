/** What the store's tests share: rows with little in them, a storage in memory, a feed pulled by hand. */
import type { EmailRow } from '@casella/jmap';
import type { EventSourceLike } from '../src/index.ts';

export function row(id: string, more: Partial<EmailRow> = {}): EmailRow {
  return {
    id,
    threadId: `t-${id}`,
    mailboxIds: { inbox: true },
    keywords: {},
    from: null,
    to: null,
    subject: id,
    receivedAt: '2026-11-22T08:00:00Z',
    preview: '',
    hasAttachment: false,
    size: 1,
    ...more,
  };
}

/** The browser's storage; `full` makes it refuse, as a full or forbidden one does. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  full = false;
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }
  key(at: number): string | null {
    return [...this.#items.keys()][at] ?? null;
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.#items.set(name, value);
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
  clear(): void {
    this.#items.clear();
  }
}

/** An EventSource whose events the test makes. */
export class PulledFeed implements EventSourceLike {
  static readonly opened: PulledFeed[] = [];
  readyState = 0;
  readonly #listeners = new Map<string, (event: { data?: string }) => void>();

  constructor(readonly url: string) {
    PulledFeed.opened.push(this);
  }
  addEventListener(type: string, listener: (event: { data?: string }) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  pull(type: 'open' | 'state' | 'ping' | 'error', data?: string): void {
    this.#listeners.get(type)?.(data === undefined ? {} : { data });
  }
}
