/** The register of personal data breaches, and what was lost. GDPR Art. 33 and 34. */
import type { Facts } from './facts.ts';
import { made, type Made } from './incidents.ts';
import { said, type Order } from './order.ts';

export interface BreachLine {
  breach: number;
  title: string;
  /** `to-decide`, `to-notify`, `notified`, `not-notified`. */
  state: string;
  incident: number | null;
  aware: string;
  awareBy: string;
  deadline: string;
  leftSeconds: number;
  over: boolean;
  lateSeconds: number;
  notified: string | null;
  versions: number;
  /** -1 where it is not known. */
  people: number;
  records: number;
  missing: string[];
}

const line = (facts: Facts): BreachLine => ({
  breach: facts.number('breach'),
  title: facts.text('title'),
  state: facts.text('state'),
  incident: facts.maybeNumber('incident'),
  aware: facts.text('aware'),
  awareBy: facts.maybeText('awareBy') ?? '',
  deadline: facts.text('deadline'),
  leftSeconds: facts.number('leftSeconds'),
  over: facts.flag('over'),
  lateSeconds: facts.count('lateSeconds'),
  notified: facts.maybeText('notified'),
  versions: facts.count('versions'),
  people: facts.maybeNumber('people') ?? -1,
  records: facts.maybeNumber('records') ?? -1,
  missing: facts.texts('missing'),
});

export const breachList = (): Order<BreachLine[]> => ({
  name: 'breach-list',
  fields: {},
  read: ({ rows }) => rows.map(line),
});

/** What a notification says, by the letters of Art. 33(3). */
export interface Draft {
  kinds: string[];
  nature: string;
  peopleCategories: string;
  people: number;
  recordCategories: string;
  records: number;
  contact: string;
  consequences: string;
  measures: string;
  delay: string;
  counted: [string, string][];
}

const draft = (facts: Facts): Draft => ({
  kinds: facts.texts('kinds'),
  nature: facts.maybeText('nature') ?? '',
  peopleCategories: facts.maybeText('peopleCategories') ?? '',
  people: facts.maybeNumber('people') ?? -1,
  recordCategories: facts.maybeText('recordCategories') ?? '',
  records: facts.maybeNumber('records') ?? -1,
  contact: facts.maybeText('contact') ?? '',
  consequences: facts.maybeText('consequences') ?? '',
  measures: facts.maybeText('measures') ?? '',
  delay: facts.maybeText('delay') ?? '',
  counted: facts.pairs('counted'),
});

export type Note = { number: number; at: string; by: string } & (
  | { what: 'opened'; title: string }
  | { what: 'drafted'; version: number; draft: Draft }
  | { what: 'decided'; decision: string; reasons: string }
  | { what: 'notified'; sent: string; authority: string; reference: string | null; version: number }
  | { what: 'communicated'; told: string | null; how: string }
  | { what: 'other'; name: string }
);

function note(row: Facts): Note {
  const head = { number: row.number('number'), at: row.text('at'), by: row.text('by') };
  const what = row.text('what');
  switch (what) {
    case 'opened':
      return { ...head, what, title: row.text('title') };
    case 'drafted':
      return { ...head, what, version: row.number('version'), draft: draft(row) };
    case 'decided':
      return { ...head, what, decision: row.text('decision'), reasons: row.text('reasons') };
    case 'notified':
      return {
        ...head,
        what,
        sent: row.text('sent'),
        authority: row.text('authority'),
        reference: row.maybeText('reference'),
        version: row.number('version'),
      };
    case 'communicated':
      return { ...head, what, told: row.maybeText('told'), how: row.text('how') };
    default:
      return { ...head, what: 'other', name: what };
  }
}

export interface Breach extends BreachLine {
  draft: Draft;
  notes: Note[];
}

const whole = ({ facts }: { facts: Facts }): Breach => ({
  ...line(facts),
  draft: draft(facts.facts('draft')),
  notes: facts.list('notes', note),
});

export const breachShow = (breach: number): Order<Breach> => ({
  name: 'breach-show',
  fields: { breach },
  read: whole,
});

/** @param incident 0 for none. @param aware with the reader's offset; empty for now */
export const breachOpen = (
  title: string,
  incident: number,
  aware: string,
  awareBy: string,
): Order<Breach> => ({
  name: 'breach-open',
  fields: { title, awareBy, ...said({ incident: incident === 0 ? null : incident, aware }) },
  read: whole,
});

/** What is null or empty stays as it was. */
export interface BreachUpdate {
  breach: number;
  kinds?: string[];
  nature?: string;
  peopleCategories?: string;
  people?: number | null;
  recordCategories?: string;
  records?: number | null;
  contact?: string;
  consequences?: string;
  measures?: string;
  delay?: string;
  count?: boolean;
  mails?: boolean;
  sent?: { at: string; authority: string; reference: string | null };
  told?: { at: string | null; how: string };
}

export const breachUpdate = ({ breach, kinds, count, mails, ...rest }: BreachUpdate): Order<Breach> => ({
  name: 'breach-update',
  fields: { breach, kinds: kinds ?? [], count: count ?? false, mails: mails ?? false, ...said(rest) },
  read: whole,
});

export const breachDecide = (breach: number, notifies: boolean, reasons: string): Order<Breach> => ({
  name: 'breach-decide',
  fields: { breach, notifies, reasons },
  read: whole,
});

export const breachExport = (breach: number, as: 'pdf' | 'json', language: string): Order<Made> => ({
  name: 'breach-export',
  fields: { breach, to: `breach-${breach}.${as}`, language },
  read: ({ facts }) => made(facts),
});

/** What became of mail that was accepted. `lost` must be 0. */
export interface Losses {
  from: string;
  to: string;
  accounts: number | null;
  accepted: number | null;
  filed: number | null;
  deleted: number | null;
  pending: number | null;
  lost: number | null;
  unreachable: number | null;
  unclaimed: number | null;
  failed: number | null;
  senders: number | null;
  gone: number | null;
  why: string | null;
  download: string | null;
}

/** @param csv a file's name, to have one; empty for none */
export function losses(account: string, incident: number, csv: string): Order<Losses> {
  return {
    name: 'losses',
    fields: said({ account, incident: incident === 0 ? null : incident, csv }),
    read: ({ facts }) => ({
      from: facts.text('from'),
      to: facts.text('to'),
      accounts: facts.maybeNumber('accounts'),
      accepted: facts.maybeNumber('accepted'),
      filed: facts.maybeNumber('filed'),
      deleted: facts.maybeNumber('deleted'),
      pending: facts.maybeNumber('pending'),
      lost: facts.maybeNumber('lost'),
      unreachable: facts.maybeNumber('unreachable'),
      unclaimed: facts.maybeNumber('unclaimed'),
      failed: facts.maybeNumber('failed'),
      // Of one account it is a list: with whom it is about, and no figure.
      senders: account === '' ? facts.maybeNumber('senders') : null,
      gone: facts.maybeNumber('gone'),
      why: facts.maybeText('why'),
      download: facts.maybeText('download'),
    }),
  };
}
