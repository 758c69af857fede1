/** What the reader has in hand: the page on screen, the email open, and everything that can be done to it. */
import type { EmailId, MailboxId } from '@casella/jmap';
import {
  forward,
  reopen,
  reply,
  type Account,
  type BodyState,
  type PlacedMailbox,
  type Readable,
} from '@casella/store';
import { getContext, setContext } from 'svelte';
import { bodyText } from './message/plain.ts';
import { emailOf, INBOX, readRoute, withEmail, writeRoute, type Route } from './route.ts';
import { quoteWords } from './words/quote.ts';
import { words } from './words/words.svelte.ts';

export type Overlay = 'none' | 'keys' | 'commands' | 'move' | 'destroy' | 'own';
export type Density = 'comfortable' | 'compact';
export type ReplyKind = 'reply' | 'replyAll' | 'forward';

const DENSITY_KEPT = 'casella.density';
const KEY = Symbol('desk');
const PHONE = matchMedia('(width < 720px)');

export class Desk {
  route = $state.raw<Route>(readRoute(location.hash));
  overlay = $state<Overlay>('none');
  density = $state<Density>(localStorage.getItem(DENSITY_KEPT) === 'compact' ? 'compact' : 'comfortable');
  phone = $state(PHONE.matches);
  /** The row the keyboard is on. */
  cursor = $state.raw<EmailId | null>(null);
  /** What a dialog is about, fixed when it opens. */
  aimed = $state.raw<EmailId[]>([]);

  /** What people call the provider. */
  brand = $state('Casella');

  constructor(readonly account: Account) {}

  /** Follows the address bar and the width of the window until the returned function is called. */
  start(): () => void {
    const onRoute = () => this.#show(readRoute(location.hash));
    const onWidth = () => (this.phone = PHONE.matches);
    addEventListener('hashchange', onRoute);
    PHONE.addEventListener('change', onWidth);
    const stop = this.account.mailboxes.state.subscribe(() => this.#openList());
    onRoute();
    return () => {
      removeEventListener('hashchange', onRoute);
      PHONE.removeEventListener('change', onWidth);
      stop();
    };
  }

  go(route: Route, replace = false): void {
    const hash = writeRoute(route);
    if (replace) history.replaceState(null, '', hash);
    else if (hash !== location.hash) history.pushState(null, '', hash);
    this.#show(route);
  }

  /** The mailbox on screen, when the list is one and it is known. */
  get mailbox(): PlacedMailbox | undefined {
    const { route } = this;
    if (route.name !== 'mailbox') return undefined;
    const { mailboxes } = this.account;
    return mailboxes.byRole(route.mailbox) ?? mailboxes.byId(route.mailbox);
  }

  get opened(): EmailId | null {
    return emailOf(this.route);
  }

  /** What an action is for: the ticked emails, else the open one, else the one the keyboard is on. */
  targets(): EmailId[] {
    const ticked = [...this.account.selection.ids.value];
    if (ticked.length > 0) return ticked;
    const one = this.opened ?? this.cursor;
    return one === null ? [] : [one];
  }

  open(id: EmailId): void {
    this.cursor = id;
    if (this.mailbox?.role === 'drafts') return void this.resume(id);
    this.go(withEmail(this.route, id), this.opened !== null);
  }

  close(): void {
    if (this.opened !== null) this.go(withEmail(this.route, null), true);
  }

  /** One further (1) or back (-1) in the list; opens it when an email is open. */
  async step(by: 1 | -1): Promise<void> {
    const list = this.account.list.value;
    if (!list || list.total === 0) return;
    const from = this.opened ?? this.cursor;
    const at = from === null ? -1 : list.indexOf(from);
    const next = at < 0 ? 0 : Math.min(Math.max(0, at + by), list.total - 1);
    if (list.at(next) === undefined) await list.need(next, next + 1);
    const id = list.at(next);
    if (id === undefined) return;
    this.cursor = id;
    if (this.opened !== null) this.open(id);
  }

  archive = (ids = this.targets()) => this.#leave(ids, () => this.account.actions.archive(ids));
  junk = (ids = this.targets()) => this.#leave(ids, () => this.account.actions.junk(ids));
  moveTo = (target: MailboxId, ids = this.targets()) =>
    this.#leave(ids, () => this.account.actions.move(ids, target));

  /** To the trash; from the trash and from spam for ever, after a question. */
  trash = (ids = this.targets()) => {
    if (ids.length === 0) return;
    const role = this.mailbox?.role;
    if (role !== 'trash' && role !== 'junk') return this.#leave(ids, () => this.account.actions.trash(ids));
    this.aimed = ids;
    this.overlay = 'destroy';
  };

  destroyAimed = () => this.#leave(this.aimed, () => this.account.actions.destroy(this.aimed));

  askMove = (ids = this.targets()) => {
    if (ids.length === 0) return;
    this.aimed = ids;
    this.overlay = 'move';
  };

  markSeen = (seen: boolean, ids = this.targets()) => void this.account.actions.markSeen(ids, seen);

  toggleFlag = (ids = this.targets()) => {
    const all = ids.every((id) => this.account.emails.row(id)?.keywords['$flagged'] === true);
    void this.account.actions.flag(ids, !all);
  };

  undo = () => {
    const notice = this.account.actions.notice.value;
    if (notice.name === 'done') void notice.undo?.();
  };

  select = (id: EmailId, extend = false) => {
    const { selection, list } = this.account;
    if (!extend) return selection.toggle(id);
    selection.extend(id, (from, to) => {
      const ends = [list.value?.indexOf(from) ?? -1, list.value?.indexOf(to) ?? -1].sort((a, b) => a - b);
      const [first = 0, last = 0] = ends;
      if (first < 0) return [to];
      const run = Array.from({ length: last - first + 1 }, (_, at) => list.value?.at(first + at));
      return run.filter((one) => one !== undefined);
    });
  };

  write = (to = '') => void this.account.write(to === '' ? {} : { to });

  answer = async (kind: ReplyKind, id = this.targets()[0]) => {
    if (id === undefined) return;
    const body = await settled(this.account.bodies.of(id));
    if (body.name !== 'ready') return;
    const self = { name: null, email: this.account.address };
    const text = bodyText(body.email);
    const content =
      kind === 'forward'
        ? forward(body.email, text, quoteWords())
        : reply(body.email, text, self, kind === 'replyAll', quoteWords());
    await this.account.write(content);
  };

  /** Goes on with a draft that is on the server. */
  async resume(id: EmailId): Promise<void> {
    if (this.account.draft.value?.serverId === id) return;
    const body = await settled(this.account.bodies.of(id));
    if (body.name === 'ready') await this.account.write(reopen(body.email, bodyText(body.email)), id);
  }

  toggleDensity = () => {
    this.density = this.density === 'compact' ? 'comfortable' : 'compact';
    localStorage.setItem(DENSITY_KEPT, this.density);
  };

  title(mailbox: PlacedMailbox): string {
    return folderName(mailbox);
  }

  #show(route: Route): void {
    this.route = route;
    this.#openList();
    const email = emailOf(route);
    if (email !== null) this.cursor = email;
  }

  #openList(): void {
    const { route, mailbox } = this;
    if (route.name === 'search') this.account.open({ text: route.text });
    else if (mailbox) this.account.open({ inMailbox: mailbox.id });
    // A folder that is gone, or never was: the inbox, once the folders are known.
    else if (
      this.account.mailboxes.state.value.name === 'ready' &&
      route.name === 'mailbox' &&
      route.mailbox !== 'inbox'
    )
      this.go(INBOX, true);
  }

  /** Emails leave the list: the next one opens on the desk, the list comes back on the phone. */
  #leave(ids: EmailId[], action: () => Promise<void>): void {
    if (ids.length === 0) return;
    const list = this.account.list.value;
    const held = this.opened ?? this.cursor;
    if (held !== null && ids.includes(held) && list) {
      const at = list.indexOf(held);
      const after = [at + 1, at - 1]
        .map((place) => list.at(place))
        .find((id) => id !== undefined && !ids.includes(id));
      this.cursor = after ?? null;
      if (this.opened !== null) this.go(withEmail(this.route, this.phone ? null : (after ?? null)), true);
    }
    this.account.selection.drop(ids);
    void action();
  }
}

/** Folders with a role carry our words, the reader's own carry theirs. */
export function folderName(mailbox: Pick<PlacedMailbox, 'role' | 'name'>): string {
  const { folders } = words();
  switch (mailbox.role) {
    case 'inbox':
      return folders.inbox;
    case 'drafts':
      return folders.drafts;
    case 'sent':
      return folders.sent;
    case 'archive':
      return folders.archive;
    case 'junk':
      return folders.junk;
    case 'trash':
      return folders.trash;
    case 'flagged':
      return folders.flagged;
    default:
      return mailbox.name;
  }
}

/** The email once it is here, or once it is known that it will not be. */
function settled(body: Readable<BodyState>): Promise<BodyState> {
  return new Promise((resolve) => {
    if (body.value.name !== 'loading') return resolve(body.value);
    const stop = body.subscribe(() => {
      if (body.value.name === 'loading') return;
      stop();
      resolve(body.value);
    });
  });
}

export const setDesk = (desk: Desk) => setContext(KEY, desk);
export const useDesk = () => getContext<Desk>(KEY);
