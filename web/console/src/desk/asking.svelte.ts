/**
 * What a view asks for: it comes, comes again, or fails; what came before stays until something better
 * comes.
 */
import { untrack } from 'svelte';
import type { Client } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import type { Order } from '../api/order.ts';
import { nowText } from '../time.ts';
import { useDesk } from './desk.svelte.ts';

export type Asked<T> =
  /** Not asked for: the person may not, or there is nothing to ask. */
  | { name: 'idle' }
  | { name: 'asking' }
  /** `stale`: why it could not be had again; what is here is of `at`. */
  | { name: 'ready'; value: T; wrong: boolean; at: string; stale: Failure | null }
  | { name: 'failed'; failure: Failure };

export class Asking<T> {
  now = $state.raw<Asked<T>>({ name: 'idle' });
  #order: Order<T> | null = null;
  #asked = 0;

  constructor(private readonly client: Client) {}

  get value(): T | null {
    return this.now.name === 'ready' ? this.now.value : null;
  }

  /** Asks for something else: what was there is gone. */
  async begin(order: Order<T> | null): Promise<void> {
    const same = this.#order && order && JSON.stringify(this.#order.fields) === JSON.stringify(order.fields);
    this.#order = order;
    if (!same) this.now = order ? { name: 'asking' } : { name: 'idle' };
    if (order) await this.again();
  }

  async again(): Promise<void> {
    const order = this.#order;
    if (!order) return;
    const asked = ++this.#asked;
    if (this.now.name === 'failed') this.now = { name: 'asking' };
    const answer = await this.client.ask(order);
    // Something else was asked for meanwhile.
    if (asked !== this.#asked) return;
    if (answer.name === 'answered') {
      this.now = {
        name: 'ready',
        value: answer.value,
        wrong: answer.wrong,
        at: nowText(),
        stale: null,
      };
    } else if (this.now.name === 'ready') this.now = { ...this.now, stale: answer.failure };
    else this.now = { name: 'failed', failure: answer.failure };
  }
}

/**
 * Asks while the component is there: again when the order changes, with a new log-in, and every so many
 * milliseconds.
 */
export function asking<T>(order: () => Order<T> | null, every = 0): Asking<T> {
  const desk = useDesk();
  const asked = new Asking<T>(desk.client);
  $effect(() => {
    const wanted = order();
    void desk.gate.entries;
    untrack(() => void asked.begin(wanted));
  });
  if (every > 0) {
    $effect(() => {
      const timer = setInterval(() => document.hidden || void asked.again(), every);
      return () => clearInterval(timer);
    });
  }
  return asked;
}
