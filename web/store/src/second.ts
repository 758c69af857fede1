/** Where the reader asks for news when the mailbox cannot be opened: looked at and changed. */
import {
  failureOf,
  secondGet,
  secondSet,
  type JmapClient,
  type JmapFailure,
  type SecondAddress,
} from '@casella/jmap';
import { Cell } from './cell.ts';

export type SecondState =
  { name: 'loading' } | { name: 'failed'; failure: JmapFailure } | { name: 'ready'; second: SecondAddress };

/** What came of what the reader did last. */
export type SecondDeed =
  | { name: 'none' }
  | { name: 'busy' }
  /** No address, or one of this provider. */
  | { name: 'unfit' }
  | { name: 'wrongCode' }
  /** No more codes today. */
  | { name: 'tooMany' }
  | { name: 'failed'; failure: JmapFailure };

export class SecondLook {
  readonly state = new Cell<SecondState>({ name: 'loading' });
  readonly deed = new Cell<SecondDeed>({ name: 'none' });

  constructor(private readonly client: JmapClient) {}

  async load(): Promise<void> {
    try {
      const { list } = await this.client.one(secondGet(this.client));
      const [second] = list;
      if (second) this.state.set({ name: 'ready', second });
    } catch (e) {
      if (this.state.value.name !== 'ready') this.state.set({ name: 'failed', failure: failureOf(e) });
    }
  }

  async begin(address: string): Promise<void> {
    await this.#do({ address }, 'unfit');
  }

  async confirm(code: string): Promise<void> {
    await this.#do({ code }, 'wrongCode');
  }

  async remove(): Promise<void> {
    await this.#do({ address: null }, 'unfit');
  }

  async #do(
    patch: { address: string | null } | { code: string },
    refused: 'unfit' | 'wrongCode',
  ): Promise<void> {
    if (this.deed.value.name === 'busy') return;
    this.deed.set({ name: 'busy' });
    try {
      const { notUpdated } = await this.client.one(secondSet(this.client, patch));
      const error = notUpdated?.['singleton'];
      if (!error) this.deed.set({ name: 'none' });
      else this.deed.set({ name: error.type === 'rateLimit' ? 'tooMany' : refused });
    } catch (e) {
      this.deed.set({ name: 'failed', failure: failureOf(e) });
    }
    await this.load();
  }
}
