/** The second address, as the server keeps it: the code is always 123456, `posta.example` is ours. */
import type { SecondAddress } from '@casella/jmap';

export class FakeSecond {
  kept: SecondAddress = { offered: true, address: null, pending: null };

  /** Undefined for a method that is about something else. */
  answer(method: string, args: Record<string, unknown>): object | undefined {
    if (method === 'SecondAddress/get') {
      return { state: '1', list: [{ id: 'singleton', ...this.kept }], notFound: [] };
    }
    if (method !== 'SecondAddress/set') return undefined;
    const update = args['update'] as { singleton: { address?: string | null; code?: string } };
    const refused = this.#change(update.singleton);
    if (refused) return { newState: '2', notUpdated: { singleton: { type: refused } } };
    return { newState: '2', updated: { singleton: null } };
  }

  #change({ address, code }: { address?: string | null; code?: string }): string | null {
    if (code !== undefined) {
      if (code !== '123456') return 'invalidProperties';
      this.kept = { ...this.kept, address: this.kept.pending, pending: null };
      return null;
    }
    if (address === null || address === undefined)
      this.kept = { offered: true, address: null, pending: null };
    else if (address.endsWith('@posta.example')) return 'invalidProperties';
    else this.kept = { ...this.kept, pending: address };
    return null;
  }
}
