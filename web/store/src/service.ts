/** What serves the account now, as far as its owner notices. */
import { offersService, serviceGet, type JmapClient, type MailboxId } from '@casella/jmap';
import { Cell } from './cell.ts';

export type ServiceState =
  /** Everything works, whatever it is served by. */
  | { name: 'usual' }
  /** A fault: folders are closed but the one named, where new mail comes. */
  | { name: 'reduced'; received: MailboxId | null };

export class ServiceLook {
  readonly state = new Cell<ServiceState>({ name: 'usual' });

  constructor(private readonly client: JmapClient) {}

  /**
   * Asks again, and says whether a fault is over since it was last asked. A server that does not answer has
   * said nothing new.
   */
  async load(): Promise<boolean> {
    if (!offersService(this.client)) return false;
    try {
      const [service] = (await this.client.one(serviceGet(this.client))).list;
      if (!service) return false;
      const before = this.state.value;
      if (!service.reduced) {
        if (before.name === 'usual') return false;
        this.state.set({ name: 'usual' });
        return true;
      }
      // The same again draws nothing anew.
      if (before.name === 'usual' || before.received !== service.receivedMailboxId)
        this.state.set({ name: 'reduced', received: service.receivedMailboxId });
      return false;
    } catch {
      return false;
    }
  }
}
