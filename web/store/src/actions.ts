/** What the reader does to emails: shown at once, sent, and taken back when the server refuses or on undo. */
import {
  emailSet,
  failureOf,
  JmapError,
  KEYWORD,
  limitsOf,
  type EmailId,
  type EmailPatch,
  type EmailRow,
  type JmapClient,
  type JmapFailure,
  type MailboxId,
} from '@casella/jmap';
import { Cell } from './cell.ts';
import type { EmailList } from './email-list.ts';
import type { Emails } from './emails.ts';
import type { Mailboxes } from './mailboxes.ts';

export type Deed =
  'archived' | 'trashed' | 'destroyed' | 'moved' | 'junked' | 'seen' | 'unseen' | 'flagged' | 'unflagged';

/** What the last action has to say; the view makes it a sentence with an undo button. */
export type Notice =
  | { name: 'none' }
  | { name: 'done'; deed: Deed; count: number; where: string | null; undo: (() => Promise<void>) | null }
  | { name: 'undone'; deed: Deed; count: number }
  | { name: 'failed'; deed: Deed; failure: JmapFailure };

export class Actions {
  readonly notice = new Cell<Notice>({ name: 'none' });
  /** How many changes are on their way; the page does not read lists anew before it is 0. */
  readonly underWay = new Cell(0);

  /** @param shown the list on screen, from which moved emails vanish at once */
  constructor(
    private readonly client: JmapClient,
    private readonly emails: Emails,
    private readonly mailboxes: Mailboxes,
    private readonly shown: () => EmailList | null,
  ) {}

  archive(ids: EmailId[]): Promise<void> {
    return this.#moveToRole(ids, 'archive', 'archived');
  }

  trash(ids: EmailId[]): Promise<void> {
    return this.#moveToRole(ids, 'trash', 'trashed');
  }

  junk(ids: EmailId[]): Promise<void> {
    return this.#moveToRole(ids, 'junk', 'junked');
  }

  move(ids: EmailId[], target: MailboxId): Promise<void> {
    return this.#move(ids, target, 'moved');
  }

  markSeen(ids: EmailId[], seen: boolean): Promise<void> {
    return this.#mark(ids, KEYWORD.seen, seen, seen ? 'seen' : 'unseen', ids.length > 1);
  }

  flag(ids: EmailId[], flagged: boolean): Promise<void> {
    return this.#mark(ids, KEYWORD.flagged, flagged, flagged ? 'flagged' : 'unflagged', false);
  }

  /** For ever. The view asks first; there is no undo. */
  async destroy(ids: EmailId[]): Promise<void> {
    await this.#underWay(async () => {
      this.shown()?.hide(ids);
      try {
        for (const part of this.#parts(ids)) {
          const answer = await this.client.one(emailSet(this.client, { destroy: part }));
          refuseErrors(answer.notDestroyed);
        }
        for (const id of ids) this.emails.lose(id);
        this.notice.set({ name: 'done', deed: 'destroyed', count: ids.length, where: null, undo: null });
      } catch (thrown) {
        this.notice.set({ name: 'failed', deed: 'destroyed', failure: failureOf(thrown) });
        void this.shown()?.reload();
      }
    });
  }

  dismiss(): void {
    this.notice.set({ name: 'none' });
  }

  async #moveToRole(ids: EmailId[], role: string, deed: Deed): Promise<void> {
    const target = this.mailboxes.byRole(role);
    if (target) return this.#move(ids, target.id, deed);
    this.notice.set({ name: 'failed', deed, failure: { kind: 'refused', code: `no ${role} mailbox` } });
  }

  async #move(ids: EmailId[], target: MailboxId, deed: Deed): Promise<void> {
    const patches = new Map<EmailId, EmailPatch>();
    const back = new Map<EmailId, EmailPatch>();
    for (const id of ids) {
      const row = this.emails.row(id);
      const from = Object.keys(row?.mailboxIds ?? {}).filter((mailbox) => mailbox !== target);
      if (!row || from.length === 0) continue;
      const wasThere = row.mailboxIds[target] === true;
      patches.set(id, {
        ...Object.fromEntries(from.map((mailbox) => [`mailboxIds/${mailbox}`, null])),
        [`mailboxIds/${target}`]: true,
      });
      back.set(id, {
        ...Object.fromEntries(from.map((mailbox) => [`mailboxIds/${mailbox}`, true as const])),
        ...(wasThere ? {} : { [`mailboxIds/${target}`]: null }),
      });
    }
    const list = this.shown();
    const leaves = list?.filter.inMailbox !== undefined && list.filter.inMailbox !== target;
    const where = this.mailboxes.byId(target)?.name ?? null;
    await this.#apply(patches, deed, leaves ? list : null, where, () =>
      this.#apply(back, deed, null, null, null),
    );
  }

  async #mark(ids: EmailId[], keyword: string, on: boolean, deed: Deed, mayUndo: boolean): Promise<void> {
    const patch: EmailPatch = { [`keywords/${keyword}`]: on ? true : null };
    const back: EmailPatch = { [`keywords/${keyword}`]: on ? null : true };
    const changed = ids.filter((id) => (this.emails.row(id)?.keywords[keyword] === true) !== on);
    const all = (p: EmailPatch) => new Map(changed.map((id) => [id, p]));
    const undo = mayUndo ? () => this.#apply(all(back), deed, null, null, null) : null;
    await this.#apply(all(patch), deed, null, null, undo);
  }

  /** One change of many emails: at once on screen, then on the server, a part at a time. */
  async #apply(
    patches: Map<EmailId, EmailPatch>,
    deed: Deed,
    leavesList: EmailList | null,
    where: string | null,
    undo: (() => Promise<void>) | null,
  ): Promise<void> {
    if (patches.size === 0) return;
    await this.#underWay(async () => {
      const ids = [...patches.keys()];
      this.#expectUnread(patches);
      const settle = ids.map((id) => this.emails.expect([id], patches.get(id) ?? {}));
      leavesList?.hide(ids);
      const quiet = deed === 'flagged' || deed === 'unflagged' || (undo === null && where === null);
      try {
        for (const part of this.#parts(ids)) {
          const update = Object.fromEntries(part.map((id) => [id, patches.get(id) ?? {}]));
          const answer = await this.client.one(emailSet(this.client, { update }));
          refuseErrors(answer.notUpdated);
        }
        settle.forEach((done) => done(true));
        if (!quiet) {
          this.notice.set({
            name: 'done',
            deed,
            count: ids.length,
            where,
            undo: undo && this.#undoer(deed, ids, undo),
          });
        }
      } catch (thrown) {
        settle.forEach((done) => done(false));
        this.notice.set({ name: 'failed', deed, failure: failureOf(thrown) });
        void this.mailboxes.load();
        if (leavesList) void leavesList.reload();
      }
    });
  }

  #undoer(deed: Deed, ids: EmailId[], undo: () => Promise<void>): () => Promise<void> {
    return async () => {
      this.notice.set({ name: 'none' });
      await undo();
      if (this.notice.value.name === 'failed') return;
      this.notice.set({ name: 'undone', deed, count: ids.length });
      await this.shown()?.catchUp();
    };
  }

  async #underWay(work: () => Promise<void>): Promise<void> {
    this.underWay.update((count) => count + 1);
    try {
      await work();
    } finally {
      this.underWay.update((count) => count - 1);
    }
  }

  /** Unread counts of the sidebar follow at once. */
  #expectUnread(patches: Map<EmailId, EmailPatch>): void {
    for (const [id, patch] of patches) {
      const row = this.emails.row(id);
      if (!row) continue;
      const before = unreadIn(row, {});
      const after = unreadIn(row, patch);
      for (const mailbox of new Set([...before, ...after])) {
        const difference = Number(after.has(mailbox)) - Number(before.has(mailbox));
        if (difference !== 0) this.mailboxes.expectUnread(mailbox, difference);
      }
    }
  }

  #parts(ids: EmailId[]): EmailId[][] {
    const size = limitsOf(this.client.session).maxObjectsInSet;
    return Array.from({ length: Math.ceil(ids.length / size) }, (_, at) =>
      ids.slice(at * size, (at + 1) * size),
    );
  }
}

/** The mailboxes in which the email counts as unread, once `patch` is applied. */
function unreadIn(row: EmailRow, patch: EmailPatch): Set<MailboxId> {
  const seenPatch = patch[`keywords/${KEYWORD.seen}`];
  const seen = seenPatch === undefined ? row.keywords[KEYWORD.seen] === true : seenPatch === true;
  if (seen) return new Set();
  const mailboxes = new Set<MailboxId>(Object.keys(row.mailboxIds));
  for (const [pointer, value] of Object.entries(patch)) {
    if (!pointer.startsWith('mailboxIds/')) continue;
    const mailbox = pointer.slice('mailboxIds/'.length);
    if (value === null) mailboxes.delete(mailbox);
    else mailboxes.add(mailbox);
  }
  return mailboxes;
}

function refuseErrors(errors: Record<string, { type: string }> | null | undefined): void {
  const first = Object.values(errors ?? {})[0];
  // An email that is gone is as moved as it can be.
  if (first && first.type !== 'notFound') throw new JmapError({ kind: 'refused', code: first.type });
}
