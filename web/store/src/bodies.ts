/** Whole emails, read when they are opened; the last few are kept so that going back is instant. */
import {
  emailFull,
  failureOf,
  type EmailFull,
  type EmailId,
  type JmapClient,
  type JmapFailure,
} from '@casella/jmap';
import { Cell, type Readable } from './cell.ts';

export type BodyState =
  | { name: 'loading' }
  | { name: 'ready'; email: EmailFull }
  | { name: 'gone' }
  | { name: 'failed'; failure: JmapFailure };

const KEPT_MAX = 30;

export class Bodies {
  readonly #cells = new Map<EmailId, Cell<BodyState>>();

  constructor(private readonly client: JmapClient) {}

  /**
   * The email, asked for unless it is here or on its way. Content is immutable, so it is never asked
   * twice.
   */
  of(id: EmailId): Readable<BodyState> {
    const known = this.#cells.get(id);
    if (known && known.value.name !== 'failed') return known;
    const cell = known ?? new Cell<BodyState>({ name: 'loading' });
    this.#cells.delete(id);
    this.#cells.set(id, cell);
    this.#forget();
    void this.#load(id, cell);
    return cell;
  }

  async retry(id: EmailId): Promise<void> {
    const cell = this.#cells.get(id);
    if (cell) await this.#load(id, cell);
  }

  /** Asks again for what could not be read and is on screen. */
  retryFailed(): void {
    for (const [id, cell] of this.#cells)
      if (cell.value.name === 'failed' && cell.listeners > 0) void this.#load(id, cell);
  }

  async #load(id: EmailId, cell: Cell<BodyState>): Promise<void> {
    cell.set({ name: 'loading' });
    try {
      const { list } = await this.client.one(emailFull(this.client, id));
      const email = list[0];
      cell.set(email ? { name: 'ready', email } : { name: 'gone' });
    } catch (thrown) {
      cell.set({ name: 'failed', failure: failureOf(thrown) });
    }
  }

  #forget(): void {
    for (const id of this.#cells.keys()) {
      if (this.#cells.size <= KEPT_MAX) return;
      if (this.#cells.get(id)?.listeners === 0) this.#cells.delete(id);
    }
  }
}
