/** One change feed for the whole page: an EventSource, and the truth about whether we are connected. */
import { PING_SECONDS, pushUrl, stateChangeIn, type JmapClient, type PushTypes } from '@casella/jmap';
import { Cell } from './cell.ts';

export type FeedState =
  /** Being opened for the first time. */
  | { name: 'connecting' }
  /** Open: news comes by itself. */
  | { name: 'live' }
  /** Lost since `since` (milliseconds of the epoch); tried again by itself. */
  | { name: 'away'; since: number };

/** What we use of the browser's EventSource; a test gives its own. */
export interface EventSourceLike {
  addEventListener(type: string, listener: (event: { data?: string }) => void): void;
  close(): void;
  readonly readyState: number;
}

export type OpenEventSource = (url: string) => EventSourceLike;

const TYPES: PushTypes[] = ['Mailbox', 'Email', 'Service', 'Notice'];
const RETRY_MILLIS_FIRST = 1_000;
const RETRY_MILLIS_MAX = 60_000;
const CLOSED = 2;
/** A line silent for longer than this is dead, though nobody said so: a machine that slept, a lost route. */
const SILENCE_MILLIS_MAX = PING_SECONDS * 2_500;

export class Feed {
  readonly state = new Cell<FeedState>({ name: 'connecting' });
  #source: EventSourceLike | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #retryMillis = RETRY_MILLIS_FIRST;

  /**
   * @param onNews called when something changed, and after every reconnection, when something may have
   * @param onOpen called when it opens for the first time: what came before is not told by it
   */
  constructor(
    private readonly client: JmapClient,
    private readonly open: OpenEventSource,
    private readonly onNews: () => void,
    private readonly onOpen: () => void = () => undefined,
  ) {}

  start(): void {
    this.stop();
    const source = this.open(pushUrl(this.client.session, TYPES));
    this.#source = source;
    this.#listen();
    source.addEventListener('ping', () => this.#listen());
    source.addEventListener('open', () => {
      this.#listen();
      const missedSomething = this.state.value.name === 'away';
      this.#retryMillis = RETRY_MILLIS_FIRST;
      this.state.set({ name: 'live' });
      if (missedSomething) this.onNews();
      else this.onOpen();
    });
    source.addEventListener('state', ({ data }) => {
      this.#listen();
      if (data !== undefined && stateChangeIn(data)?.changed[this.client.accountId]) this.onNews();
    });
    source.addEventListener('error', () => {
      if (this.state.value.name !== 'away') this.state.set({ name: 'away', since: Date.now() });
      // The browser opens again by itself unless the server refused outright; then it is up to us.
      if (source.readyState !== CLOSED) return;
      this.#later();
      // Push may be refused where asking is not; and asking finds out whether the log-in is over.
      this.onNews();
    });
  }

  /** Tries at once: the reader's machine says it is back on the network. */
  hurry(): void {
    if (this.state.value.name !== 'live') this.start();
  }

  /** The reader's machine says it has no network. */
  lost(): void {
    this.stop();
    this.state.set({ name: 'away', since: Date.now() });
  }

  stop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = null;
  }

  /** Starts to wait for the next word of the server. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.state.set({ name: 'away', since: Date.now() });
      this.start();
    }, SILENCE_MILLIS_MAX);
  }

  #later(): void {
    this.stop();
    this.#retry = setTimeout(() => this.start(), this.#retryMillis);
    this.#retryMillis = Math.min(this.#retryMillis * 2, RETRY_MILLIS_MAX);
  }
}
