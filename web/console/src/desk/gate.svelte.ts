/**
 * Who is here. A session that ends under an open page leaves the page as it is and asks to log in again over
 * it.
 */
import { Client, type Fetch, type Person } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';

export type GateState =
  | { name: 'looking' }
  | { name: 'closed'; why: 'fresh' | 'left' | 'ended' }
  | { name: 'opening' }
  | { name: 'refused' }
  | { name: 'tooMany'; seconds: number }
  | { name: 'away'; failure: Failure }
  | { name: 'open' };

export class Gate {
  readonly client: Client;
  state = $state.raw<GateState>({ name: 'looking' });
  /** Who is logged in, or was a moment ago: then `ended`. */
  person = $state.raw<Person | null>(null);
  ended = $state(false);
  /** Grows with each log-in, so that what was refused meanwhile is asked for again. */
  entries = $state(0);

  constructor(fetch: Fetch) {
    this.client = new Client(fetch, () => this.#end());
  }

  async look(): Promise<void> {
    const answer = await this.client.session();
    if (answer.name === 'answered') this.#enter(answer.value);
    else if (answer.failure.kind === 'denied') this.state = { name: 'closed', why: 'fresh' };
    else this.state = { name: 'away', failure: answer.failure };
  }

  async logIn(name: string, password: string): Promise<void> {
    this.state = { name: 'opening' };
    const answer = await this.client.logIn(name.trim(), password);
    if (answer.name === 'answered') return this.#enter(answer.value);
    const { failure } = answer;
    if (failure.kind === 'denied') this.state = { name: 'refused' };
    else if (failure.kind === 'tooMany') this.state = { name: 'tooMany', seconds: failure.seconds };
    else this.state = { name: 'away', failure };
  }

  async logOut(): Promise<void> {
    await this.client.logOut();
    this.person = null;
    this.ended = false;
    this.state = { name: 'closed', why: 'left' };
  }

  #enter(person: Person): void {
    this.person = person;
    this.ended = false;
    this.entries++;
    this.state = { name: 'open' };
  }

  #end(): void {
    if (!this.person) return;
    this.ended = true;
    this.state = { name: 'closed', why: 'ended' };
  }
}
