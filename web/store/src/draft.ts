/** One email being written. It never loses a word: here at every pause, on the server every few seconds. */
import {
  emailFull,
  emailSet,
  failureOf,
  JmapError,
  KEYWORD,
  submissionSend,
  upload,
  type EmailCreate,
  type EmailId,
  type Identity,
  type JmapClient,
  type JmapFailure,
  type MailboxId,
  type SetAnswer,
} from '@casella/jmap';
import { readAddresses, RECIPIENTS_MAX } from './addresses.ts';
import { Cell } from './cell.ts';
import type { Leftovers } from './leftovers.ts';
import type { DraftContent } from './reply.ts';

export type DraftState =
  /** As it was opened: nothing to lose. */
  | { name: 'untouched' }
  /** Words that are nowhere but on the screen yet. */
  | { name: 'edited' }
  /** In this browser; the server comes next. */
  | { name: 'keptHere' }
  /** On its way to the server. */
  | { name: 'saving' }
  /** On the server since `at`, milliseconds of the epoch. */
  | { name: 'kept'; at: number }
  /** The server did not take it; `here` says whether this browser has it. Tried again by itself. */
  | { name: 'notKept'; failure: JmapFailure; here: boolean }
  | { name: 'sending' }
  /** Not sent, and still here. */
  | { name: 'notSent'; failure: JmapFailure }
  | { name: 'sent' }
  | { name: 'discarded' };

/** Why an email may not be sent yet. */
export type Obstacle =
  | { name: 'noRecipient' }
  | { name: 'tooManyRecipients'; max: number }
  | { name: 'doubtful'; pieces: string[] }
  | { name: 'notUploaded' }
  | { name: 'noIdentity' };

export type UploadState = { name: 'going' } | { name: 'failed'; failure: JmapFailure };

export interface Upload {
  key: number;
  file: File;
  state: UploadState;
}

/** What a draft needs of the account around it. */
export interface DraftDesk {
  client: JmapClient;
  leftovers: Leftovers;
  identity(): Identity | null;
  mailbox(role: 'drafts' | 'sent'): MailboxId | null;
}

const PAUSE_MILLIS = 400;
const SERVER_MILLIS = 3_000;
const RETRY_MILLIS = 10_000;

export class Draft {
  readonly content: Cell<DraftContent>;
  readonly state = new Cell<DraftState>({ name: 'untouched' });
  readonly uploads = new Cell<readonly Upload[]>([]);
  #serverId: EmailId | null;
  /** Counts edits; the server is up to date when it has seen the last. */
  #revision = 0;
  #savedRevision = 0;
  #saving: Promise<void> | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #server: ReturnType<typeof setTimeout> | undefined;
  /** True once a submission was handed over and its outcome never came. */
  #maybeSent = false;
  #uploadKey = 0;
  readonly #uploading = new Set<Promise<void>>();
  #closed = false;
  #abandoned = false;
  readonly #release: () => void;

  /** @param key names it in this browser: the same key finds it again after a crash */
  constructor(
    private readonly desk: DraftDesk,
    readonly key: string,
    content: DraftContent,
    serverId: EmailId | null,
  ) {
    this.content = new Cell(content);
    this.#serverId = serverId;
    this.#release = desk.leftovers.hold(key);
  }

  get serverId(): EmailId | null {
    return this.#serverId;
  }

  edit(change: Partial<DraftContent>): void {
    if (this.#over()) return;
    this.content.update((content) => ({ ...content, ...change }));
    this.#revision++;
    if (this.state.value.name !== 'saving' && this.state.value.name !== 'sending')
      this.state.set({ name: 'edited' });
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.keepHere(), PAUSE_MILLIS);
    this.#server ??= setTimeout(() => void this.save(), SERVER_MILLIS);
  }

  /** Keeps it in this browser now; also called when the page is being closed. */
  keepHere(): boolean {
    if (this.#over() || this.#revision === this.#savedRevision) return true;
    const kept = this.desk.leftovers.keep({
      key: this.key,
      content: this.content.value,
      serverId: this.#serverId,
      savedAt: Date.now(),
    });
    if (kept && this.state.value.name === 'edited') this.state.set({ name: 'keptHere' });
    return kept;
  }

  /** Brings it to the server now; does nothing when the server has the last word already. */
  async save(): Promise<void> {
    clearTimeout(this.#server);
    this.#server = undefined;
    while (this.#saving) await this.#saving;
    if (this.#over() || this.#revision === this.#savedRevision) return;
    this.#saving = this.#save().finally(() => (this.#saving = null));
    await this.#saving;
  }

  obstacle(): Obstacle | null {
    const { to, cc, bcc } = this.content.value;
    const typed = [to, cc, bcc].map(readAddresses);
    const pieces = typed.flatMap(({ doubtful }) => doubtful);
    const count = typed.reduce((sum, { addresses }) => sum + addresses.length, 0);
    if (pieces.length > 0) return { name: 'doubtful', pieces };
    if (count === 0) return { name: 'noRecipient' };
    if (count > RECIPIENTS_MAX) return { name: 'tooManyRecipients', max: RECIPIENTS_MAX };
    if (this.uploads.value.some(({ state }) => state.name === 'failed')) return { name: 'notUploaded' };
    if (!this.desk.identity()) return { name: 'noIdentity' };
    return null;
  }

  /**
   * Sends it once. When the answer to an earlier try was lost, the server is asked first what became
   * of it.
   */
  async send(): Promise<void> {
    const identity = this.desk.identity();
    if (this.obstacle() || !identity || this.#over() || this.state.value.name === 'sending') return;
    clearTimeout(this.#pause);
    this.keepHere();
    try {
      if (!(await this.#uploaded())) return;
      if (this.#maybeSent && (await this.#wasSent())) return this.#finish();
      this.#maybeSent = false;
      if (this.#serverId === null) this.#revision++;
      await this.save();
      if (this.state.value.name === 'notKept') throw new JmapError(this.state.value.failure);
      this.state.set({ name: 'sending' });
      await this.#submit(identity);
      this.#finish();
    } catch (thrown) {
      this.state.set({ name: 'notSent', failure: failureOf(thrown) });
    }
  }

  /** Throws it away, here and on the server. */
  async discard(): Promise<void> {
    this.#stop();
    while (this.#saving) await this.#saving;
    this.state.set({ name: 'discarded' });
    this.desk.leftovers.drop(this.key);
    if (this.#serverId !== null) await this.#destroy(this.#serverId);
  }

  /** Ends the writing for now: what was typed is brought to the server, later if it is away. */
  async close(): Promise<void> {
    clearTimeout(this.#pause);
    this.keepHere();
    this.#closed = true;
    await this.save();
    if (this.#revision === this.#savedRevision) this.#stop();
  }

  /** The log-in is over: the words stay in this browser, for after the next one. */
  abandon(): void {
    this.keepHere();
    this.#abandoned = true;
    this.#stop();
  }

  attach(file: File): Promise<void> {
    const item: Upload = { key: ++this.#uploadKey, file, state: { name: 'going' } };
    this.uploads.update((uploads) => [...uploads, item]);
    return this.#track(item);
  }

  async retryUpload(key: number): Promise<void> {
    const item = this.uploads.value.find((upload) => upload.key === key);
    if (item) await this.#track(item);
  }

  dropUpload(key: number): void {
    this.uploads.update((uploads) => uploads.filter((upload) => upload.key !== key));
  }

  /** Waits for the files on their way; false when one of them did not make it, which the sheet then says. */
  async #uploaded(): Promise<boolean> {
    if (this.#uploading.size === 0) return true;
    this.state.set({ name: 'sending' });
    while (this.#uploading.size > 0) await Promise.all(this.#uploading);
    if (!this.obstacle()) return true;
    this.state.set({ name: 'edited' });
    return false;
  }

  async #track(item: Upload): Promise<void> {
    const going = this.#upload(item);
    this.#uploading.add(going);
    await going.finally(() => this.#uploading.delete(going));
  }

  async #upload(item: Upload): Promise<void> {
    const become = (state: UploadState) =>
      this.uploads.update((all) => all.map((one) => (one.key === item.key ? { ...one, state } : one)));
    become({ name: 'going' });
    try {
      const { blobId, type, size } = await upload(this.desk.client, item.file);
      if (!this.uploads.value.some(({ key }) => key === item.key)) return;
      this.dropUpload(item.key);
      const attached = { blobId, name: item.file.name, type, size };
      this.edit({ attachments: [...this.content.value.attachments, attached] });
    } catch (thrown) {
      become({ name: 'failed', failure: failureOf(thrown) });
    }
  }

  async #save(): Promise<void> {
    const revision = this.#revision;
    const drafts = this.desk.mailbox('drafts');
    this.state.set({ name: 'saving' });
    try {
      if (drafts === null) throw new JmapError({ kind: 'refused', code: 'no drafts mailbox' });
      const create = { d: asEmail(this.content.value, this.desk.identity(), drafts) };
      const answer = await this.desk.client.one(emailSet(this.desk.client, { create }));
      const created = answer.created?.['d'];
      if (!created)
        throw new JmapError({ kind: 'refused', code: answer.notCreated?.['d']?.type ?? 'notCreated' });
      const older = this.#serverId;
      this.#serverId = created.id;
      this.#savedRevision = revision;
      // The older copy goes only now, when the newer one is known to be there.
      if (older !== null) await this.#destroy(older);
      this.#settled();
    } catch (thrown) {
      const failure = failureOf(thrown);
      const here = this.keepHere();
      if (this.#abandoned) return;
      this.state.set({ name: 'notKept', failure, here });
      this.#server ??= setTimeout(() => void this.save(), RETRY_MILLIS);
    }
  }

  #settled(): void {
    if (this.#revision === this.#savedRevision) {
      this.desk.leftovers.drop(this.key);
      this.state.set({ name: 'kept', at: Date.now() });
      if (this.#closed) this.#stop();
    } else {
      this.state.set({ name: 'edited' });
      this.keepHere();
      this.#server ??= setTimeout(() => void this.save(), SERVER_MILLIS);
    }
  }

  async #submit(identity: Identity): Promise<void> {
    const { client } = this.desk;
    const drafts = this.desk.mailbox('drafts');
    const sent = this.desk.mailbox('sent');
    if (this.#serverId === null || drafts === null || sent === null) {
      throw new JmapError({ kind: 'refused', code: 'no drafts or sent mailbox' });
    }
    let answer: SetAnswer<{ id: string }>;
    try {
      answer = await client.one(
        submissionSend(client, { emailId: this.#serverId, identityId: identity.id, drafts, sent }),
      );
    } catch (thrown) {
      this.#maybeSent = true;
      throw thrown;
    }
    const refused = answer.notCreated?.['s'];
    if (refused) throw new JmapError({ kind: 'refused', code: refused.type });
    const about = this.content.value.about;
    if (!about) return;
    const update = { [about.id]: { [`keywords/$${about.kind}`]: true as const } };
    // Sent is sent: a mark that fails is not worth a word.
    await client.one(emailSet(client, { update })).catch(() => undefined);
  }

  /** A sent email has left the drafts: RFC 8621 §7.5, onSuccessUpdateEmail is part of the same step. */
  async #wasSent(): Promise<boolean> {
    if (this.#serverId === null) return false;
    const { list } = await this.desk.client.one(emailFull(this.desk.client, this.#serverId));
    const email = list[0];
    return email !== undefined && email.keywords[KEYWORD.draft] !== true;
  }

  #finish(): void {
    this.#stop();
    this.desk.leftovers.drop(this.key);
    this.state.set({ name: 'sent' });
  }

  async #destroy(id: EmailId): Promise<void> {
    // A copy too many in the drafts is untidy; a word lost would be worse. So failures are let go.
    await this.desk.client.one(emailSet(this.desk.client, { destroy: [id] })).catch(() => undefined);
  }

  #stop(): void {
    this.#release();
    clearTimeout(this.#pause);
    clearTimeout(this.#server);
    this.#server = undefined;
  }

  #over(): boolean {
    return this.#abandoned || this.state.value.name === 'sent' || this.state.value.name === 'discarded';
  }
}

function asEmail(content: DraftContent, identity: Identity | null, drafts: MailboxId): EmailCreate {
  const list = (typed: string) => readAddresses(typed).addresses;
  return {
    mailboxIds: { [drafts]: true },
    keywords: { [KEYWORD.draft]: true, [KEYWORD.seen]: true },
    from: identity ? [{ name: identity.name || null, email: identity.email }] : [],
    to: list(content.to),
    cc: list(content.cc),
    bcc: list(content.bcc),
    subject: content.subject,
    ...(content.inReplyTo.length > 0 ? { inReplyTo: content.inReplyTo } : {}),
    ...(content.references.length > 0 ? { references: content.references } : {}),
    textBody: [{ partId: 't', type: 'text/plain' }],
    bodyValues: { t: { value: content.text } },
    ...(content.attachments.length > 0
      ? {
          attachments: content.attachments.map(({ blobId, type, name }) => ({
            blobId,
            type,
            name,
            disposition: 'attachment',
          })),
        }
      : {}),
  };
}
