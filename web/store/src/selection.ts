/** Which emails of the list are ticked. */
import type { EmailId } from '@casella/jmap';
import { Cell } from './cell.ts';

/** More than this at once is a job for the server, not for a selection. */
export const SELECTED_MAX = 1_000;

export class Selection {
  readonly ids = new Cell<ReadonlySet<EmailId>>(new Set());
  #anchor: EmailId | null = null;

  toggle(id: EmailId): void {
    const next = new Set(this.ids.value);
    if (!next.delete(id) && next.size < SELECTED_MAX) next.add(id);
    this.#anchor = id;
    this.ids.set(next);
  }

  /** Adds all from the last toggled to `id`, both included; `between` names what lies there. */
  extend(id: EmailId, between: (from: EmailId, to: EmailId) => EmailId[]): void {
    const run = this.#anchor === null ? [id] : between(this.#anchor, id);
    this.add(run);
  }

  add(ids: readonly EmailId[]): void {
    this.ids.set(new Set([...this.ids.value, ...ids].slice(0, SELECTED_MAX)));
  }

  drop(ids: readonly EmailId[]): void {
    const next = new Set(this.ids.value);
    for (const id of ids) next.delete(id);
    if (next.size !== this.ids.value.size) this.ids.set(next);
  }

  clear(): void {
    this.#anchor = null;
    if (this.ids.value.size > 0) this.ids.set(new Set());
  }
}
