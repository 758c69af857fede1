/** The emails seen so far: one cell each, so that a change redraws one row. */
import {
  emailChanges,
  emailRows,
  failureOf,
  type EmailId,
  type EmailPatch,
  type EmailRow,
  type JmapClient,
  type StateString,
} from '@casella/jmap';
import { Cell, type Readable } from './cell.ts';

export type EmailState =
  /** Not asked for, or on its way. */
  | { name: 'loading' }
  | { name: 'ready'; row: EmailRow }
  /** Destroyed, here or elsewhere. */
  | { name: 'gone' };

/** Beyond this many, those no view shows are forgotten, oldest first. */
const KEPT_MAX = 4_000;
const CHANGE_ROUNDS_MAX = 10;

interface Pending {
  ids: ReadonlySet<EmailId>;
  patch: EmailPatch;
}

export class Emails {
  readonly #cells = new Map<EmailId, Cell<EmailState>>();
  /** Patches sent and not yet confirmed; laid over whatever the server says meanwhile. */
  readonly #pending = new Set<Pending>();
  #state: StateString | null = null;

  constructor(private readonly client: JmapClient) {}

  of(id: EmailId): Readable<EmailState> {
    return this.#cell(id);
  }

  row(id: EmailId): EmailRow | undefined {
    const state = this.#cells.get(id)?.value;
    return state?.name === 'ready' ? state.row : undefined;
  }

  /** Takes rows the server has just sent. `state` starts the count of changes when none is running. */
  learn(rows: readonly EmailRow[], state: StateString): void {
    this.#state ??= state;
    for (const row of rows) this.#cell(row.id).set({ name: 'ready', row: this.#overlaid(row) });
    this.#forget();
  }

  async load(ids: EmailId[]): Promise<void> {
    const { list, notFound, state } = await this.client.one(emailRows(this.client, ids));
    this.learn(list, state);
    for (const id of notFound) this.lose(id);
  }

  lose(id: EmailId): void {
    this.#cells.get(id)?.set({ name: 'gone' });
  }

  /**
   * Lays a patch over the rows until the returned function is called with the outcome: on `true` it becomes
   * part of the rows, on `false` the rows go back to what the server said.
   */
  expect(ids: EmailId[], patch: EmailPatch): (confirmed: boolean) => void {
    const pending: Pending = { ids: new Set(ids), patch };
    const before = new Map(ids.map((id) => [id, this.row(id)]));
    this.#pending.add(pending);
    for (const id of ids) this.#repaint(id, (row) => patched(row, patch));
    return (confirmed) => {
      this.#pending.delete(pending);
      if (confirmed) return;
      for (const id of ids) {
        const row = before.get(id);
        if (row) this.#cell(id).set({ name: 'ready', row: this.#overlaid(row) });
      }
    };
  }

  /**
   * Brings the known rows up to date. Returns false when the server cannot tell the difference any more;
   * then the lists must be read anew. RFC 8620 §5.2.
   */
  async catchUp(): Promise<boolean> {
    for (let round = 0; round < CHANGE_ROUNDS_MAX; round++) {
      if (this.#state === null) return true;
      let changes;
      try {
        changes = await this.client.one(emailChanges(this.client, this.#state));
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure.kind !== 'method') throw thrown;
        this.#state = null;
        return false;
      }
      for (const id of changes.destroyed) this.lose(id);
      const known = changes.updated.filter((id) => this.#cells.get(id)?.value.name === 'ready');
      if (known.length > 0) await this.load(known);
      this.#state = changes.newState;
      if (!changes.hasMoreChanges) return true;
    }
    this.#state = null;
    return false;
  }

  #cell(id: EmailId): Cell<EmailState> {
    let cell = this.#cells.get(id);
    if (!cell) this.#cells.set(id, (cell = new Cell<EmailState>({ name: 'loading' })));
    return cell;
  }

  #repaint(id: EmailId, change: (row: EmailRow) => EmailRow): void {
    const row = this.row(id);
    if (row) this.#cell(id).set({ name: 'ready', row: change(row) });
  }

  #overlaid(row: EmailRow): EmailRow {
    let result = row;
    for (const { ids, patch } of this.#pending) if (ids.has(row.id)) result = patched(result, patch);
    return result;
  }

  #forget(): void {
    let extra = this.#cells.size - KEPT_MAX;
    for (const [id, cell] of this.#cells) {
      if (extra <= 0) break;
      if (cell.listeners > 0) continue;
      this.#cells.delete(id);
      extra--;
    }
  }
}

/** Applies `keywords/x` and `mailboxIds/x` pointers to a row. RFC 8620 §5.3. */
export function patched(row: EmailRow, patch: EmailPatch): EmailRow {
  const keywords = { ...row.keywords };
  const mailboxIds = { ...row.mailboxIds };
  for (const [pointer, value] of Object.entries(patch)) {
    const [property, key = ''] = pointer.split('/');
    const target: Record<string, true> = property === 'keywords' ? keywords : mailboxIds;
    if (value === null) delete target[key];
    else target[key] = true;
  }
  return { ...row, keywords, mailboxIds };
}
