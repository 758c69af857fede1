/** Drafts kept in this browser until the server has them, so that a crash or a dead line loses no word. */
import type { EmailId } from '@casella/jmap';
import type { DraftContent } from './reply.ts';

export interface Leftover {
  key: string;
  content: DraftContent;
  /** The server's copy this grew from, if there is one. */
  serverId: EmailId | null;
  /** Milliseconds of the epoch. */
  savedAt: number;
}

/** Tells the pages of one browser apart: a draft that is open in one is no leftover in another. */
export interface Holds {
  /** Holds `name` until the returned function is called or the page goes away. */
  take(name: string): () => void;
  /** All names held by any page of this browser. */
  taken(): Promise<ReadonlySet<string>>;
}

const PREFIX = 'casella.draft';
const VERSION = 1;

export class Leftovers {
  /** @param address whose drafts; another person at the same browser never sees them */
  constructor(
    private readonly storage: Storage,
    private readonly address: string,
    private readonly holds: Holds | null = null,
  ) {}

  /** Says that this page is writing it; until the returned function is called. */
  hold(key: string): () => void {
    return this.holds?.take(this.#name(key)) ?? (() => undefined);
  }

  /** Those nobody is writing any more: their page was closed or died. Newest first. */
  async abandoned(): Promise<Leftover[]> {
    const taken = (await this.holds?.taken()) ?? new Set();
    return this.all().filter(({ key }) => !taken.has(this.#name(key)));
  }

  /** False when the browser has no room or forbids keeping; the caller then leans on the server. */
  keep(leftover: Leftover): boolean {
    try {
      this.storage.setItem(this.#name(leftover.key), JSON.stringify({ version: VERSION, ...leftover }));
      return true;
    } catch {
      return false;
    }
  }

  drop(key: string): void {
    this.storage.removeItem(this.#name(key));
  }

  /** Newest first. What cannot be read is left where it is. */
  all(): Leftover[] {
    const mine = this.#name('');
    const found: Leftover[] = [];
    for (let at = 0; at < this.storage.length; at++) {
      const name = this.storage.key(at);
      if (name === null || !name.startsWith(mine)) continue;
      const leftover = read(this.storage.getItem(name));
      if (leftover) found.push(leftover);
    }
    return found.sort((a, b) => b.savedAt - a.savedAt);
  }

  #name(key: string): string {
    return `${PREFIX}.${this.address}.${key}`;
  }
}

function read(stored: string | null): Leftover | null {
  try {
    const value = JSON.parse(stored ?? '') as Leftover & { version?: number };
    return value.version === VERSION && typeof value.content.text === 'string' ? value : null;
  } catch {
    return null;
  }
}
