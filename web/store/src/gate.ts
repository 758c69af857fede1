/** The way in and out: who is logged in, or why nobody is. */
import {
  Auth,
  failureOf,
  fetchSession,
  JmapClient,
  type Brand,
  type Fetch,
  type JmapFailure,
  type Who,
} from '@casella/jmap';
import { Account } from './account.ts';
import { Cell } from './cell.ts';
import type { OpenEventSource } from './feed.ts';
import type { Holds } from './leftovers.ts';

export type GateState =
  /** Asking whether a log-in from before still holds. */
  | { name: 'looking' }
  /** Nobody is logged in; `why` chooses the greeting. */
  | { name: 'closed'; why: 'fresh' | 'left' | 'expired' }
  /** Address and password are on their way. */
  | { name: 'opening' }
  | { name: 'refused' }
  | { name: 'tooMany'; seconds: number }
  /** Not all are let in at once: the place in the line, and how long it will take. */
  | { name: 'notYet'; place: number; seconds: number; retry: number }
  /** The server cannot be reached or cannot answer. */
  | { name: 'away'; failure: JmapFailure }
  | { name: 'open'; who: Who; account: Account };

export class Gate {
  readonly state = new Cell<GateState>({ name: 'looking' });
  readonly brand = new Cell<Brand | null>(null);
  readonly #auth: Auth;

  constructor(
    private readonly fetch: Fetch,
    private readonly openEventSource: OpenEventSource,
    private readonly storage: Storage,
    private readonly holds: Holds | null = null,
  ) {
    this.#auth = new Auth(fetch);
  }

  /** Looks for a log-in that still holds. */
  async look(): Promise<void> {
    this.state.set({ name: 'looking' });
    void this.#auth.brand().then(
      (brand) => this.brand.set(brand),
      () => undefined,
    );
    try {
      await this.#enter(await this.#auth.who());
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.state.set(
        failure.kind === 'denied' ? { name: 'closed', why: 'fresh' } : { name: 'away', failure },
      );
    }
  }

  /** The password goes to the server and is kept nowhere. */
  async logIn(login: string, password: string): Promise<void> {
    if (this.state.value.name === 'opening') return;
    this.state.set({ name: 'opening' });
    try {
      await this.#auth.logIn(login.trim(), password);
      await this.#enter(await this.#auth.who());
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.kind === 'denied') this.state.set({ name: 'refused' });
      else if (failure.kind === 'tooMany') this.state.set({ name: 'tooMany', seconds: failure.seconds });
      else if (failure.kind === 'notYet') {
        const { place, seconds, retry } = failure;
        this.state.set({ name: 'notYet', place, seconds, retry });
      } else this.state.set({ name: 'away', failure });
    }
  }

  /** What is being written is brought to the server first. */
  async logOut(): Promise<void> {
    const state = this.state.value;
    if (state.name !== 'open') return;
    await state.account.draft.value?.close();
    state.account.stop();
    await this.#auth.logOut().catch(() => undefined);
    this.state.set({ name: 'closed', why: 'left' });
  }

  async #enter(who: Who): Promise<void> {
    let account: Account | null = null;
    // Any answer of 401 means that the log-in is over, whichever call it came to.
    const watched: Fetch = async (url, init) => {
      const response = await this.fetch(url, init);
      if (response.status === 401 && account) this.#expire(account);
      return response;
    };
    const client = new JmapClient(await fetchSession(this.fetch), watched);
    account = new Account(client, who.address, this.openEventSource, this.storage, this.holds);
    this.brand.set(who.brand);
    this.state.set({ name: 'open', who, account });
    await account.start();
  }

  #expire(account: Account): void {
    if (this.state.value.name !== 'open' || this.state.value.account !== account) return;
    account.draft.value?.abandon();
    account.stop();
    this.state.set({ name: 'closed', why: 'expired' });
  }
}
