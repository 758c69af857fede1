/** One list of emails (a mailbox or a search) of any length, of which only windows are read. */
import {
  emailQuery,
  emailQueryChanges,
  emailRows,
  failureOf,
  passesByItself,
  resultOf,
  type EmailFilter,
  type EmailId,
  type JmapClient,
  type JmapFailure,
  type StateString,
} from '@casella/jmap';
import { Cell } from './cell.ts';
import type { Emails } from './emails.ts';
import { Segments } from './segments.ts';

export type ListState =
  /** First window on its way: nothing known, not even the length. */
  | { name: 'loading' }
  /** Length known; rows come as they are needed. `version` grows with every change of places. */
  | { name: 'ready'; total: number; version: number; failure: JmapFailure | null }
  /** The first window could not be read. */
  | { name: 'failed'; failure: JmapFailure };

/** Rows read at once; windows start at multiples of it. */
export const WINDOW_ROWS = 50;
/** Beyond this many known rows, those far from the view are forgotten. */
const KNOWN_ROWS_MAX = 3_000;

export class EmailList {
  readonly state = new Cell<ListState>({ name: 'loading' });
  readonly #segments = new Segments();
  readonly #onTheWay = new Set<number>();
  #queryState: StateString | null = null;
  #canCalculateChanges = false;
  #view = { from: 0, until: WINDOW_ROWS };
  /** Counts readings from the start, so that an answer to an older one is dropped. */
  #generation = 0;

  constructor(
    private readonly client: JmapClient,
    private readonly emails: Emails,
    readonly filter: EmailFilter,
  ) {}

  at(index: number): EmailId | undefined {
    return this.#segments.at(index);
  }

  indexOf(id: EmailId): number {
    return this.#segments.indexOf(id);
  }

  get total(): number {
    return this.state.value.name === 'ready' ? this.state.value.total : 0;
  }

  /** Says which rows are in view; reads the windows that are missing. */
  async need(from: number, until: number): Promise<void> {
    this.#view = { from, until };
    const end = this.state.value.name === 'ready' ? Math.min(until, this.total) : until;
    const positions = new Set<number>();
    for (const gap of this.#segments.missing(Math.max(0, from), end)) {
      for (let at = this.#start(gap.from); at < gap.until; at += WINDOW_ROWS) positions.add(at);
    }
    await Promise.all([...positions].map((position) => this.#read(position)));
  }

  /** A window starts at a multiple of its size, unless part of it is known: each reading must bring news. */
  #start(from: number): number {
    const window = Math.floor(from / WINDOW_ROWS) * WINDOW_ROWS;
    const unknown = this.#segments.missing(window, from).reduce((sum, gap) => sum + gap.until - gap.from, 0);
    return unknown === from - window ? window : from;
  }

  /** Reads what is in view anew and forgets the rest; the rows stay on screen meanwhile. */
  async reload(): Promise<void> {
    const generation = ++this.#generation;
    this.#onTheWay.clear();
    const from = Math.floor(this.#view.from / WINDOW_ROWS) * WINDOW_ROWS;
    const limit = Math.ceil((Math.max(this.#view.until, from + 1) - from) / WINDOW_ROWS) * WINDOW_ROWS;
    await this.#query(from, limit, generation, true);
  }

  /** Takes the changes since the last look. RFC 8620 §5.6. */
  async catchUp(): Promise<void> {
    if (this.state.value.name !== 'ready') return this.reload();
    if (!this.#canCalculateChanges || this.#queryState === null || !this.#segments.onlyPrefix) {
      return this.reload();
    }
    const generation = this.#generation;
    const upToId = this.#segments.at(this.#segments.prefix - 1) ?? null;
    try {
      const changes = await this.client.one(
        emailQueryChanges(this.client, this.filter, { sinceQueryState: this.#queryState, upToId }),
      );
      if (generation !== this.#generation) return;
      const added = changes.added.filter(({ index }) => index <= this.#segments.prefix);
      const fresh = added.map(({ id }) => id).filter((id) => !this.emails.row(id));
      if (fresh.length > 0) await this.emails.load(fresh);
      if (generation !== this.#generation) return;
      for (const id of changes.removed) this.#segments.remove(id);
      for (const { id, index } of added.sort((a, b) => a.index - b.index)) this.#segments.insert(index, id);
      this.#queryState = changes.newQueryState;
      this.#ready(changes.total ?? this.total - changes.removed.length + changes.added.length);
      await this.need(this.#view.from, this.#view.until);
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.kind === 'method') return this.reload();
      this.#failed(failure);
    }
  }

  /** Takes rows out at once, before the server confirms. */
  hide(ids: readonly EmailId[]): void {
    const hidden = ids.filter((id) => this.#segments.remove(id)).length;
    if (hidden > 0) this.#ready(Math.max(0, this.total - hidden));
  }

  async #read(position: number): Promise<void> {
    if (this.#onTheWay.has(position)) return;
    this.#onTheWay.add(position);
    const generation = this.#generation;
    try {
      await this.#query(position, WINDOW_ROWS, generation, false);
    } finally {
      if (generation === this.#generation) this.#onTheWay.delete(position);
    }
  }

  async #query(position: number, limit: number, generation: number, anew: boolean): Promise<void> {
    try {
      const [query, rows] = await this.client.send(
        emailQuery(this.client, this.filter, { position, limit, calculateTotal: true }),
        emailRows(this.client, resultOf(0, 'Email/query', '/ids')),
      );
      if (generation !== this.#generation) return;
      this.emails.learn(rows.list, rows.state);
      if (anew || (this.#queryState !== null && this.#queryState !== query.queryState))
        this.#segments.clear();
      this.#segments.put(query.position, query.ids);
      if (this.#segments.known > KNOWN_ROWS_MAX) {
        this.#segments.keepOnly(this.#view.from - KNOWN_ROWS_MAX / 3, this.#view.until + KNOWN_ROWS_MAX / 3);
      }
      this.#queryState = query.queryState;
      this.#canCalculateChanges = query.canCalculateChanges;
      // Fewer than asked is the end of the list, whatever the total said: it must not be asked for for ever.
      const known = query.position + query.ids.length;
      const ended = query.ids.length < (query.limit ?? limit);
      this.#ready(
        ended ? Math.min(known, query.total ?? known) : (query.total ?? Math.max(this.total, known)),
      );
    } catch (thrown) {
      if (generation === this.#generation) this.#failed(failureOf(thrown));
    }
  }

  #ready(total: number): void {
    const version = this.state.value.name === 'ready' ? this.state.value.version + 1 : 0;
    this.state.set({ name: 'ready', total, version, failure: null });
  }

  #failed(failure: JmapFailure): void {
    this.state.update((state) => {
      if (state.name !== 'ready') return { name: 'failed', failure };
      // What passes by itself leaves the rows as they are; anything else is told beside them.
      return { ...state, failure: passesByItself(failure) ? state.failure : failure };
    });
  }
}
