/** The fake's mail: in memory, one account a person, with states and changes as RFC 8620 §5 counts them. */
import type { EmailAddress, Mailbox } from '@casella/jmap';
import { FakeHelps } from './help.ts';
import { FakeSecond } from './second.ts';

export interface FakePart {
  partId: string | null;
  blobId: string;
  size: number;
  name: string | null;
  type: string;
  charset: string | null;
  disposition: string | null;
  cid: string | null;
}

export interface FakeEmail {
  id: string;
  blobId: string;
  threadId: string;
  mailboxIds: Record<string, true>;
  keywords: Record<string, true>;
  from: EmailAddress[] | null;
  to: EmailAddress[] | null;
  cc: EmailAddress[] | null;
  bcc: EmailAddress[] | null;
  replyTo: EmailAddress[] | null;
  subject: string | null;
  receivedAt: string;
  sentAt: string | null;
  preview: string;
  hasAttachment: boolean;
  size: number;
  messageId: string[] | null;
  inReplyTo: string[] | null;
  references: string[] | null;
  textBody: FakePart[];
  htmlBody: FakePart[];
  attachments: FakePart[];
  bodyValues: Record<string, { value: string; isEncodingProblem: boolean; isTruncated: boolean }>;
}

interface Change {
  state: number;
  type: 'Email' | 'Mailbox';
  id: string;
  what: 'created' | 'updated' | 'destroyed';
}

const ROLES = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'] as const;
const NAMES: Record<string, string> = {
  inbox: 'Inbox',
  drafts: 'Drafts',
  sent: 'Sent',
  archive: 'Archive',
  junk: 'Junk',
  trash: 'Trash',
};

export class FakeAccount {
  readonly helps = new FakeHelps();
  readonly second = new FakeSecond();
  readonly mailboxes = new Map<string, Mailbox>();
  readonly emails = new Map<string, FakeEmail>();
  readonly blobs = new Map<string, { bytes: Buffer; type: string }>();
  readonly listeners = new Set<() => void>();
  /** A mailbox of this id is as long as a number says, and its emails are made up when asked for. */
  readonly endless = new Map<string, number>();
  /** The one mailbox that can be read in a fault; null when there is none. */
  received: string | null = null;
  #changes: Change[] = [];
  #state = 1;
  #next = 1;

  constructor(
    readonly id: string,
    readonly address: string,
    readonly name: string,
  ) {
    for (const role of ROLES) this.addMailbox(NAMES[role] ?? role, role);
  }

  get state(): string {
    return String(this.#state);
  }

  addMailbox(name: string, role: string | null = null, parentId: string | null = null): string {
    const id = role === null ? `mb${this.#next++}` : `mb-${role}`;
    this.mailboxes.set(id, {
      id,
      name,
      parentId,
      role,
      sortOrder: this.mailboxes.size,
      totalEmails: 0,
      unreadEmails: 0,
    });
    return id;
  }

  /** Closes every folder but a new one of this name, as a fault does. Returns its id. */
  fault(name: string): string {
    this.received = this.addMailbox(name);
    this.listeners.forEach((listener) => listener());
    return this.received;
  }

  /** The fault is over: the folder is gone, and what came in it is in the inbox. */
  faultOver(): void {
    const received = this.received ?? '';
    this.received = null;
    this.mailboxes.delete(received);
    for (const email of this.emails.values())
      if (email.mailboxIds[received]) this.put({ ...email, mailboxIds: { 'mb-inbox': true } });
    this.listeners.forEach((listener) => listener());
  }

  freshId(prefix: string): string {
    return `${prefix}${this.id}${(this.#next++).toString(36).padStart(4, '0')}`;
  }

  blob(bytes: Buffer, type: string): string {
    const id = this.freshId('b');
    this.blobs.set(id, { bytes, type });
    return id;
  }

  put(email: FakeEmail): void {
    const known = this.emails.has(email.id);
    this.emails.set(email.id, email);
    this.#changed('Email', email.id, known ? 'updated' : 'created');
  }

  drop(id: string): boolean {
    if (!this.emails.delete(id)) return false;
    this.#changed('Email', id, 'destroyed');
    return true;
  }

  /** Newest first, as every list of the webmail asks. */
  list(inMailbox: string | undefined, text: string | undefined): string[] {
    const needle = text?.toLowerCase().split(/\s+/) ?? [];
    const matches = (email: FakeEmail) => {
      if (inMailbox !== undefined && email.mailboxIds[inMailbox] !== true) return false;
      if (needle.length === 0) return true;
      const people = [...(email.from ?? []), ...(email.to ?? [])].map(
        ({ name, email: e }) => `${name ?? ''} ${e}`,
      );
      const hay = [
        email.subject ?? '',
        email.preview,
        ...people,
        ...Object.values(email.bodyValues).map(({ value }) => value),
      ]
        .join(' ')
        .toLowerCase();
      return needle.every((word) => hay.includes(word));
    };
    return [...this.emails.values()]
      .filter(matches)
      .sort((a, b) =>
        a.receivedAt < b.receivedAt ? 1 : a.receivedAt > b.receivedAt ? -1 : a.id < b.id ? 1 : -1,
      )
      .map(({ id }) => id);
  }

  counted(mailbox: Mailbox): Mailbox {
    const endless = this.endless.get(mailbox.id);
    if (endless !== undefined) return { ...mailbox, totalEmails: endless, unreadEmails: 0 };
    const mine = [...this.emails.values()].filter(({ mailboxIds }) => mailboxIds[mailbox.id]);
    const unread = mine.filter(({ keywords }) => keywords['$seen'] !== true).length;
    return { ...mailbox, totalEmails: mine.length, unreadEmails: unread };
  }

  /** Null when the state is not one of ours. */
  changes(type: 'Email' | 'Mailbox', since: string) {
    const from = Number(since);
    if (!Number.isInteger(from) || from < 1 || from > this.#state) return null;
    const last = new Map<string, Change['what'][]>();
    for (const change of this.#changes) {
      if (change.state > from && change.type === type)
        last.set(change.id, [...(last.get(change.id) ?? []), change.what]);
    }
    const result = { created: [] as string[], updated: [] as string[], destroyed: [] as string[] };
    for (const [id, whats] of last) {
      const created = whats.includes('created');
      const destroyed = whats.at(-1) === 'destroyed';
      if (created && destroyed) continue;
      result[destroyed ? 'destroyed' : created ? 'created' : 'updated'].push(id);
    }
    return result;
  }

  #changed(type: Change['type'], id: string, what: Change['what']): void {
    this.#changes.push({ state: ++this.#state, type, id, what });
    queueMicrotask(() => this.listeners.forEach((listener) => listener()));
  }
}
