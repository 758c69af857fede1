/** What the operators say of what is going on, while they say something. */
import { noticeGet, offersService, type JmapClient, type Notice } from '@casella/jmap';
import { Cell } from './cell.ts';

export class NoticeLook {
  readonly state = new Cell<Notice | null>(null);

  constructor(private readonly client: JmapClient) {}

  /** Asks again. A server that does not answer has said nothing new. */
  async load(): Promise<void> {
    if (!offersService(this.client)) return;
    try {
      const [notice] = (await this.client.one(noticeGet(this.client))).list;
      const before = this.state.value;
      // The same again draws nothing anew.
      if (before?.id === notice?.id && before?.changed === notice?.changed) return;
      this.state.set(notice ?? null);
    } catch {
      return;
    }
  }
}
