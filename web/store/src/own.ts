/** What is known of the account beside its mail, asked for when somebody looks. */
import {
  absenceGet,
  attemptGet,
  compensationGet,
  failureOf,
  reckoningGet,
  type Absence,
  type Attempt,
  type Compensation,
  type JmapClient,
  type JmapFailure,
  type Reckoning,
} from '@casella/jmap';
import { Cell } from './cell.ts';

/** What the records say; they answer while all storage is away. */
export interface OwnRecord {
  absences: Absence[];
  attempts: Attempt[];
  compensations: Compensation[];
}

export type OwnState =
  { name: 'loading' } | { name: 'failed'; failure: JmapFailure } | { name: 'ready'; record: OwnRecord };

/** The count reads the storage: it takes longer, and cannot be had while that is away. */
export type CountState = { name: 'counting' } | { name: 'away' } | { name: 'ready'; reckoning: Reckoning };

export class OwnLook {
  readonly state = new Cell<OwnState>({ name: 'loading' });
  readonly count = new Cell<CountState>({ name: 'counting' });

  constructor(private readonly client: JmapClient) {}

  /** Asks for both, and is done when both have answered. */
  async load(): Promise<void> {
    this.state.set({ name: 'loading' });
    this.count.set({ name: 'counting' });
    await Promise.all([this.#record(), this.#reckoning()]);
  }

  async #record(): Promise<void> {
    try {
      const [absences, attempts, compensations] = await this.client.send(
        absenceGet(this.client),
        attemptGet(this.client),
        compensationGet(this.client),
      );
      const record = {
        absences: absences.list,
        attempts: attempts.list,
        compensations: compensations.list,
      };
      this.state.set({ name: 'ready', record });
    } catch (e) {
      this.state.set({ name: 'failed', failure: failureOf(e) });
    }
  }

  async #reckoning(): Promise<void> {
    try {
      const [reckoning] = (await this.client.one(reckoningGet(this.client))).list;
      this.count.set(reckoning ? { name: 'ready', reckoning } : { name: 'away' });
    } catch {
      this.count.set({ name: 'away' });
    }
  }
}

/** All of it as one file for the reader to keep. */
export function exported(address: string, record: OwnRecord, count: CountState): string {
  const reckoning = count.name === 'ready' ? count.reckoning : null;
  return `${JSON.stringify({ address, ...record, reckoning }, null, 2)}\n`;
}
