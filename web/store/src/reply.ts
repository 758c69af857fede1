/** How an answer or a forward begins: who it goes to, its subject, its quotation, its place in the thread. */
import type { BlobId, EmailAddress, EmailFull, EmailId } from '@casella/jmap';
import { nameOf, sameAddress, writeAddresses, writeOne } from './addresses.ts';

/** What is being written. Addresses are kept as typed until the moment of sending. */
export interface DraftContent {
  to: string;
  cc: string;
  bcc: string;
  subject: string;
  text: string;
  attachments: Attached[];
  inReplyTo: string[];
  references: string[];
  /** The email this answers or forwards, to be marked once this is sent. */
  about: { id: EmailId; kind: 'answered' | 'forwarded' } | null;
}

export interface Attached {
  blobId: BlobId;
  name: string;
  type: string;
  size: number;
}

/** The sentences a quotation needs, in the reader's language. */
export interface QuoteWords {
  /** "On 3 May, Anna wrote:" */
  wrote(who: string, sentAt: string): string;
  forwarded: string;
  from: string;
  date: string;
  subject: string;
  to: string;
}

export const EMPTY_DRAFT: DraftContent = {
  to: '',
  cc: '',
  bcc: '',
  subject: '',
  text: '',
  attachments: [],
  inReplyTo: [],
  references: [],
  about: null,
};

/** Longest chain of references we send on; the first and the newest are kept. RFC 5322 §3.6.4. */
const REFERENCES_MAX = 50;

/** @param text the body of the email as plain text, whatever it was written in */
export function reply(
  email: EmailFull,
  text: string,
  self: EmailAddress,
  toAll: boolean,
  words: QuoteWords,
): DraftContent {
  const { to, cc } = recipients(email, self, toAll);
  const quoted = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`));
  const wrote = words.wrote(nameOf(email.from?.[0]), email.sentAt ?? email.receivedAt);
  return {
    ...EMPTY_DRAFT,
    to: writeAddresses(to),
    cc: writeAddresses(cc),
    subject: withPrefix('Re', email.subject),
    text: `\n\n${wrote}\n${quoted.join('\n')}\n`,
    ...thread(email),
    about: { id: email.id, kind: 'answered' },
  };
}

export function forward(email: EmailFull, text: string, words: QuoteWords): DraftContent {
  const head = [
    words.forwarded,
    `${words.from}: ${writeAddresses(email.from ?? [])}`,
    `${words.date}: ${email.sentAt ?? email.receivedAt}`,
    `${words.subject}: ${email.subject ?? ''}`,
    `${words.to}: ${(email.to ?? []).map(writeOne).join(', ')}`,
  ];
  return {
    ...EMPTY_DRAFT,
    subject: withPrefix('Fwd', email.subject),
    text: `\n\n${head.join('\n')}\n\n${text.trimEnd()}\n`,
    attachments: forwardable(email),
    references: thread(email).references,
    about: { id: email.id, kind: 'forwarded' },
  };
}

/** A draft of the server, opened again. */
export function reopen(email: EmailFull, text: string): DraftContent {
  return {
    ...EMPTY_DRAFT,
    to: writeAddresses(email.to ?? []),
    cc: writeAddresses(email.cc ?? []),
    bcc: writeAddresses(email.bcc ?? []),
    subject: email.subject ?? '',
    text,
    attachments: forwardable(email),
    inReplyTo: email.inReplyTo ?? [],
    references: email.references ?? [],
  };
}

function forwardable(email: EmailFull): Attached[] {
  return email.attachments.flatMap(({ blobId, name, type, size }) =>
    blobId === null ? [] : [{ blobId, name: name ?? '', type, size }],
  );
}

function recipients(email: EmailFull, self: EmailAddress, toAll: boolean) {
  const others = (list: EmailAddress[]) => list.filter((address) => !sameAddress(address, self));
  const answerTo = email.replyTo?.length ? email.replyTo : (email.from ?? []);
  // Answering one's own mail means writing to those it went to.
  const own = answerTo.length > 0 && others(answerTo).length === 0;
  const first = own ? (email.to ?? []) : answerTo;
  if (!toAll) return { to: distinct(first), cc: [] };
  const to = distinct([...first, ...(own ? [] : others(email.to ?? []))]);
  const cc = distinct(others(email.cc ?? [])).filter((address) => !to.some((t) => sameAddress(t, address)));
  return { to, cc };
}

function distinct(addresses: EmailAddress[]): EmailAddress[] {
  return addresses.filter(
    (address, at) => addresses.findIndex((other) => sameAddress(other, address)) === at,
  );
}

/** "Re: " once, however often it was answered and in whichever of our languages. */
export function withPrefix(prefix: 'Re' | 'Fwd', subject: string | null): string {
  const bare = subject?.trim() ?? '';
  const there = prefix === 'Re' ? /^(re|r|ris|aw|sv)\s*:/i : /^(fwd|fw|i|wg)\s*:/i;
  return there.test(bare) ? bare : `${prefix}: ${bare}`;
}

/** RFC 5322 §3.6.4: the parent's references, then the parent. */
function thread(email: EmailFull): Pick<DraftContent, 'inReplyTo' | 'references'> {
  const parent = email.messageId ?? [];
  const before = email.references ?? email.inReplyTo ?? [];
  const all = [...before, ...parent];
  const references =
    all.length <= REFERENCES_MAX ? all : [...all.slice(0, 1), ...all.slice(all.length - REFERENCES_MAX + 1)];
  return { inReplyTo: parent, references };
}
