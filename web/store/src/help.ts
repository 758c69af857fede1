/** Whom the reader lets look inside the mailbox: made, watched and ended. */
import {
  failureOf,
  helpAllow,
  helpEnd,
  helpGet,
  type Help,
  type HelpScope,
  type JmapClient,
  type JmapFailure,
} from '@casella/jmap';
import { Cell } from './cell.ts';

export type HelpState =
  { name: 'loading' } | { name: 'failed'; failure: JmapFailure } | { name: 'ready'; helps: Help[] };

/** What the reader asked for last. */
export type HelpDeed =
  | { name: 'none' }
  | { name: 'busy' }
  /** Shown this once. */
  | { name: 'made'; id: string; code: string }
  /** Too many were made today. */
  | { name: 'tooMany' }
  | { name: 'failed'; failure: JmapFailure };

export class HelpLook {
  readonly state = new Cell<HelpState>({ name: 'loading' });
  readonly deed = new Cell<HelpDeed>({ name: 'none' });

  constructor(private readonly client: JmapClient) {}

  async load(): Promise<void> {
    try {
      const { list } = await this.client.one(helpGet(this.client));
      this.state.set({ name: 'ready', helps: list });
    } catch (e) {
      // What is known stays; the next look is soon.
      if (this.state.value.name !== 'ready') this.state.set({ name: 'failed', failure: failureOf(e) });
    }
  }

  async allow(scope: HelpScope): Promise<void> {
    await this.#do(async () => {
      const { created } = await this.client.one(helpAllow(this.client, scope));
      const made = created?.['help'];
      return made ? { name: 'made', id: made.id, code: made.code } : { name: 'tooMany' };
    });
  }

  async end(id: string): Promise<void> {
    await this.#do(async () => {
      await this.client.one(helpEnd(this.client, id));
      return { name: 'none' };
    });
  }

  async #do(work: () => Promise<HelpDeed>): Promise<void> {
    if (this.deed.value.name === 'busy') return;
    this.deed.set({ name: 'busy' });
    try {
      this.deed.set(await work());
    } catch (e) {
      this.deed.set({ name: 'failed', failure: failureOf(e) });
    }
    await this.load();
  }
}
