/** What serves the account now, as far as its owner notices. */
import { offersService, serviceGet, type JmapClient, type MailboxId, type Service } from '@casella/jmap';
import { Cell } from './cell.ts';

export type ServiceState =
  /** Everything works, whatever it is served by. */
  | { name: 'usual' }
  /** A fault: folders are closed but the one named, where new mail comes. */
  | { name: 'reduced'; received: MailboxId | null }
  /** A fault: folders and lists are as always, and no mail can be opened. */
  | { name: 'sealed' };

export class ServiceLook {
  readonly state = new Cell<ServiceState>({ name: 'usual' });

  constructor(private readonly client: JmapClient) {}

  /**
   * Asks again, and says whether a fault is over, or folders that were closed are open, since it was last
   * asked. A server that does not answer has said nothing new.
   */
  async load(): Promise<boolean> {
    if (!offersService(this.client)) return false;
    try {
      const [service] = (await this.client.one(serviceGet(this.client))).list;
      if (!service) return false;
      const before = this.state.value;
      const now = stateOf(service);
      // The same again draws nothing anew.
      if (isSame(before, now)) return false;
      this.state.set(now);
      return now.name === 'usual' || before.name === 'reduced';
    } catch {
      return false;
    }
  }
}

function stateOf(service: Service): ServiceState {
  if (!service.reduced) return { name: 'usual' };
  if (service.mayReadEarlier) return { name: 'sealed' };
  return { name: 'reduced', received: service.receivedMailboxId };
}

function isSame(one: ServiceState, other: ServiceState): boolean {
  if (one.name !== 'reduced' || other.name !== 'reduced') return one.name === other.name;
  return one.received === other.received;
}
