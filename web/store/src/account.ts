/** Everything of one logged-in account; made at log-in, thrown away at log-out. */
import { identityGet, type EmailFilter, type EmailId, type Identity, type JmapClient } from '@casella/jmap';
import { Actions } from './actions.ts';
import { Bodies } from './bodies.ts';
import { Cell } from './cell.ts';
import { Draft, type DraftDesk } from './draft.ts';
import { EmailList } from './email-list.ts';
import { Emails } from './emails.ts';
import { Feed, type OpenEventSource } from './feed.ts';
import { Leftovers, type Holds, type Leftover } from './leftovers.ts';
import { Mailboxes } from './mailboxes.ts';
import { EMPTY_DRAFT, type DraftContent } from './reply.ts';
import { Selection } from './selection.ts';
import { NoticeLook } from './notice.ts';
import { ServiceLook } from './service.ts';

/** What became of the email that was being written. */
export type Said = { name: 'nothing' } | { name: 'sent' } | { name: 'discarded'; bringBack: () => void };

/** News that comes faster than this is looked at once, in milliseconds. */
const NEWS_MILLIS = 150;

export class Account {
  readonly mailboxes: Mailboxes;
  readonly emails: Emails;
  readonly bodies: Bodies;
  readonly actions: Actions;
  readonly selection = new Selection();
  readonly feed: Feed;
  readonly leftovers: Leftovers;
  readonly service: ServiceLook;
  readonly notice: NoticeLook;
  readonly identities = new Cell<readonly Identity[]>([]);
  /** The list on screen. */
  readonly list = new Cell<EmailList | null>(null);
  /** The email being written, if one is. */
  readonly draft = new Cell<Draft | null>(null);
  readonly said = new Cell<Said>({ name: 'nothing' });
  #news: ReturnType<typeof setTimeout> | undefined;
  #catchingUp: Promise<void> | null = null;
  #again = false;
  #key = 0;

  constructor(
    readonly client: JmapClient,
    readonly address: string,
    openEventSource: OpenEventSource,
    storage: Storage,
    holds: Holds | null = null,
  ) {
    this.mailboxes = new Mailboxes(client);
    this.emails = new Emails(client);
    this.bodies = new Bodies(client);
    this.actions = new Actions(client, this.emails, this.mailboxes, () => this.list.value);
    this.feed = new Feed(
      client,
      openEventSource,
      () => this.news(),
      () => void this.#lookAgain(),
    );
    this.service = new ServiceLook(client);
    this.notice = new NoticeLook(client);
    this.leftovers = new Leftovers(storage, address, holds);
  }

  async start(): Promise<void> {
    this.feed.start();
    await Promise.all([
      this.mailboxes.load(),
      this.loadIdentities(),
      this.service.load(),
      this.notice.load(),
    ]);
  }

  /**
   * Asks once more what serves the account: the first question may have come before the account was turned by
   * the others, and the feed tells only what comes after it opened.
   */
  async #lookAgain(): Promise<void> {
    const before = this.service.state.value;
    await Promise.all([this.service.load(), this.notice.load()]);
    if (this.service.state.value !== before) this.news();
  }

  stop(): void {
    clearTimeout(this.#news);
    this.feed.stop();
  }

  /** Puts a list on screen; the same filter keeps the list it has. */
  open(filter: EmailFilter): void {
    const now = this.list.value;
    if (now && now.filter.inMailbox === filter.inMailbox && now.filter.text === filter.text) return;
    this.selection.clear();
    const list = new EmailList(this.client, this.emails, filter);
    this.list.set(list);
    void list.reload();
  }

  /** Something may have changed: looks soon, and once for many hints. */
  news(): void {
    clearTimeout(this.#news);
    this.#news = setTimeout(() => void this.catchUp(), NEWS_MILLIS);
  }

  /** Brings mailboxes, known emails and the list on screen up to date. */
  async catchUp(): Promise<void> {
    this.#again = true;
    this.#catchingUp ??= this.#catchUp().finally(() => (this.#catchingUp = null));
    await this.#catchingUp;
  }

  /** Starts writing; what was being written before is kept first. */
  async write(content: Partial<DraftContent>, serverId: EmailId | null = null, key?: string): Promise<Draft> {
    await this.draft.value?.close();
    const desk: DraftDesk = {
      client: this.client,
      leftovers: this.leftovers,
      identity: () => this.identities.value[0] ?? null,
      mailbox: (role) => this.mailboxes.byRole(role)?.id ?? null,
    };
    const draft = new Draft(
      desk,
      key ?? `${Date.now()}-${++this.#key}`,
      { ...EMPTY_DRAFT, ...content },
      serverId,
    );
    this.draft.set(draft);
    if (this.identities.value.length === 0) void this.loadIdentities();
    return draft;
  }

  /** Words of an earlier visit that never reached the server. */
  async unfinished(): Promise<Leftover[]> {
    const open = this.draft.value?.key;
    return (await this.leftovers.abandoned()).filter(({ key }) => key !== open);
  }

  async #catchUp(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      // A list read while a change is on its way would show the past for a moment.
      if (this.actions.underWay.value > 0) await this.#idle();
      // Asked beside the others and not with them: it answers also when they cannot.
      const asked = this.service.load();
      const said = this.notice.load();
      try {
        const [told] = await Promise.all([this.emails.catchUp(), this.mailboxes.load()]);
        const over = await asked;
        if (over) this.bodies.retryFailed();
        await (told && !over ? this.list.value?.catchUp() : this.list.value?.reload());
      } catch {
        // The feed tells whether we are connected, and its return brings us here again.
        await asked;
        await this.#reloadReceived();
      }
      await said;
    }
  }

  /** In a fault what changed cannot be told, but the folder that is open can be read. */
  async #reloadReceived(): Promise<void> {
    const service = this.service.state.value;
    const list = this.list.value;
    if (service.name === 'reduced' && list !== null && list.filter.inMailbox === service.received)
      await list.reload();
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.actions.underWay.subscribe(() => {
        if (this.actions.underWay.value > 0) return;
        stop();
        resolve();
      });
    });
  }

  async loadIdentities(): Promise<void> {
    try {
      this.identities.set((await this.client.one(identityGet(this.client))).list);
    } catch {
      // Without an identity nothing can be sent, and the sheet says so; it is asked for again with each new
      // sheet.
    }
  }
}
