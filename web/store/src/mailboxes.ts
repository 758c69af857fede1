/** The reader's mailboxes: a record of each, in the order the sidebar shows them. RFC 8621 §2. */
import {
  failureOf,
  mailboxGet,
  type JmapClient,
  type JmapFailure,
  type Mailbox,
  type MailboxId,
} from '@casella/jmap';
import { Cell } from './cell.ts';

export type MailboxesState =
  /** Asked for, nothing to show yet. */
  | { name: 'loading' }
  /** Here, in order; `failure` is set when a later look failed and these are the last known. */
  | { name: 'ready'; list: PlacedMailbox[]; failure: JmapFailure | null }
  /** Never seen and not reachable. */
  | { name: 'failed'; failure: JmapFailure };

/** A mailbox at its place in the tree; `depth` 0 is the top. */
export interface PlacedMailbox extends Mailbox {
  depth: number;
}

/** Roles first, in this order, then the reader's own by name. RFC 8621 §2, RFC 6154 §2. */
const ROLE_ORDER = ['inbox', 'flagged', 'drafts', 'sent', 'archive', 'junk', 'trash'];

/** Deeper than this, folders are shown at this depth. */
const DEPTH_MAX = 8;

export class Mailboxes {
  readonly state = new Cell<MailboxesState>({ name: 'loading' });

  constructor(private readonly client: JmapClient) {}

  async load(): Promise<void> {
    try {
      const { list } = await this.client.one(mailboxGet(this.client, null));
      this.state.set({ name: 'ready', list: place(list), failure: null });
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.state.update((state) =>
        state.name === 'ready' ? { ...state, failure } : { name: 'failed', failure },
      );
    }
  }

  get list(): PlacedMailbox[] {
    return this.state.value.name === 'ready' ? this.state.value.list : [];
  }

  byId(id: MailboxId): PlacedMailbox | undefined {
    return this.list.find((mailbox) => mailbox.id === id);
  }

  byRole(role: string): PlacedMailbox | undefined {
    return this.list.find((mailbox) => mailbox.role === role);
  }

  /** Changes a count at once, before the server confirms; the next load brings the truth. */
  expectUnread(id: MailboxId, difference: number): void {
    this.state.update((state) => {
      if (state.name !== 'ready') return state;
      const list = state.list.map((mailbox) =>
        mailbox.id === id
          ? { ...mailbox, unreadEmails: Math.max(0, mailbox.unreadEmails + difference) }
          : mailbox,
      );
      return { ...state, list };
    });
  }
}

/** Orders mailboxes as a tree: roles, then `sortOrder`, then name; children below their parent. */
export function place(list: Mailbox[]): PlacedMailbox[] {
  const ids = new Set(list.map(({ id }) => id));
  const children = new Map<MailboxId | null, Mailbox[]>();
  for (const mailbox of list) {
    const parent = mailbox.parentId !== null && ids.has(mailbox.parentId) ? mailbox.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), mailbox]);
  }
  const placed: PlacedMailbox[] = [];
  const seen = new Set<MailboxId>();
  const walk = (parent: MailboxId | null, depth: number): void => {
    for (const mailbox of (children.get(parent) ?? []).sort(before)) {
      if (seen.has(mailbox.id)) continue;
      seen.add(mailbox.id);
      placed.push({ ...mailbox, depth: Math.min(depth, DEPTH_MAX) });
      walk(mailbox.id, depth + 1);
    }
  };
  walk(null, 0);
  // Parents in a circle would hide their folders: show those at the top.
  for (const mailbox of list) if (!seen.has(mailbox.id)) placed.push({ ...mailbox, depth: 0 });
  return placed;
}

function before(a: Mailbox, b: Mailbox): number {
  return rank(a) - rank(b) || a.sortOrder - b.sortOrder || a.name.localeCompare(b.name);
}

function rank(mailbox: Mailbox): number {
  const at = mailbox.role === null ? -1 : ROLE_ORDER.indexOf(mailbox.role);
  return at < 0 ? ROLE_ORDER.length : at;
}
