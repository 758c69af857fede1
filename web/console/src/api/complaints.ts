/** Complaints: cases with a number and a day by which they are answered. */
import { csv } from './csv.ts';
import type { Facts } from './facts.ts';
import { made, type Made } from './incidents.ts';
import { said, type Order } from './order.ts';

export interface ComplaintLine {
  complaint: number;
  number: string;
  state: string;
  category: string;
  channel: string;
  brand: string;
  account: string | null;
  name: string;
  received: string;
  deadline: string;
  overdue: boolean;
  /** 0 for none. */
  incident: number;
  association: string | null;
  protocol: string | null;
}

export const CATEGORIES = [
  'availability',
  'lost-mail',
  'compensation',
  'privacy',
  'contract',
  'other',
] as const;
export const OUTCOMES = ['upheld', 'partly-upheld', 'rejected', 'withdrawn'] as const;
export const WAYS = ['mailbox', 'mail', 'pec', 'letter', 'telephone'] as const;
/** Those by which an operator may enter one. */
export const CHANNELS = ['letter', 'pec', 'telephone', 'mail'] as const;

export const complaintLine = (row: Facts): ComplaintLine => ({
  complaint: row.number('complaint'),
  number: row.text('number'),
  state: row.text('state'),
  category: row.text('category'),
  channel: row.text('channel'),
  brand: row.text('brand'),
  account: row.maybeText('account'),
  name: row.maybeText('name') ?? '',
  received: row.text('received'),
  deadline: row.text('deadline'),
  overdue: row.flag('overdue'),
  incident: row.count('incident'),
  association: row.maybeText('association'),
  protocol: row.maybeText('protocol'),
});

export interface ComplaintList {
  complaints: ComplaintLine[];
  figures: { open: number; answered: number; closed: number; overdue: number; dueSoon: number };
  more: boolean;
}

/**
 * @param state `open`, `answered`, `closed`; empty for all
 * @param due those only that must be answered within so many days; null for all
 */
export function complaintList(state: string, due: number | null = null): Order<ComplaintList> {
  return {
    name: 'complaint-list',
    fields: said({ state, due }),
    read: ({ facts, rows, more }) => ({
      complaints: rows.map(complaintLine),
      figures: {
        open: facts.count('open'),
        answered: facts.count('answered'),
        closed: facts.count('closed'),
        overdue: facts.count('overdue'),
        dueSoon: facts.count('dueSoon'),
      },
      more,
    }),
  };
}

export type Step = { number: number; at: string; by: string } & (
  | { what: 'acknowledged'; way: string }
  | { what: 'heard'; text: string }
  | { what: 'said'; way: string; text: string }
  | { what: 'filed'; name: string; type: string; bytes: number }
  | { what: 'sorted'; category: string; incident: number }
  | { what: 'decided'; outcome: string; way: string; text: string }
  | { what: 'other'; name: string }
);

function step(row: Facts): Step {
  const head = { number: row.number('number'), at: row.text('at'), by: row.text('by') };
  const what = row.text('what');
  switch (what) {
    case 'acknowledged':
      return { ...head, what, way: row.text('way') };
    case 'heard':
      return { ...head, what, text: row.text('text') };
    case 'said':
      return { ...head, what, way: row.text('way'), text: row.text('text') };
    case 'filed':
      return {
        ...head,
        what,
        name: row.text('name'),
        type: row.text('type'),
        bytes: row.number('bytes'),
      };
    case 'sorted':
      return { ...head, what, category: row.text('category'), incident: row.count('incident') };
    case 'decided':
      return { ...head, what, outcome: row.text('outcome'), way: row.text('way'), text: row.text('text') };
    default:
      return { ...head, what: 'other', name: what };
  }
}

export interface Complaint extends ComplaintLine {
  contact: string;
  subject: string;
  text: string;
  language: string;
  mandate: string | null;
  steps: Step[];
  given: { incident: number; bytes: number; months: number; at: string; ended: string | null }[];
  /** Milliseconds by capability, in the incident it is about. */
  away: [string, number][];
}

export const complaintShow = (complaint: number): Order<Complaint> => ({
  name: 'complaint-show',
  fields: { complaint },
  read: ({ facts }) => ({
    ...complaintLine(facts),
    contact: facts.maybeText('contact') ?? '',
    subject: facts.maybeText('subject') ?? '',
    text: facts.text('text'),
    language: facts.maybeText('language') ?? '',
    mandate: facts.maybeText('mandate'),
    steps: facts.list('steps', step),
    given: facts.list('given', (one) => ({
      incident: one.number('incident'),
      bytes: one.number('bytes'),
      months: one.number('months'),
      at: one.text('at'),
      ended: one.maybeText('ended'),
    })),
    away: facts.counts('awayMillis'),
  }),
});

const changed = ({ facts }: { facts: Facts }): ComplaintLine => complaintLine(facts);

export interface NewComplaint {
  channel: string;
  category: string;
  brand: string;
  account: string;
  name: string;
  contact: string;
  subject: string;
  text: string;
  language: string;
  received: string;
  protocol: string;
}

export const complaintOpen = (one: NewComplaint): Order<ComplaintLine> => ({
  name: 'complaint-open',
  fields: {
    channel: one.channel,
    category: one.category,
    brand: one.brand,
    name: one.name,
    contact: one.contact,
    subject: one.subject,
    text: one.text,
    language: one.language,
    ...said({ account: one.account, received: one.received, protocol: one.protocol }),
  },
  read: changed,
});

export interface Imported {
  entered: number;
  refused: number;
  /** The rows that were left out, and why. */
  lines: { line: number; refused: string }[];
}

export function complaintImport(
  brand: string,
  association: string,
  mandate: string,
  csv: string,
): Order<Imported> {
  return {
    name: 'complaint-import',
    fields: { brand, association, mandate, body: csv },
    read: ({ facts, rows }) => ({
      entered: facts.number('entered'),
      refused: facts.number('refused'),
      lines: rows.flatMap((row) => {
        const refused = row.maybeText('refused');
        return refused === null ? [] : [{ line: row.number('line'), refused }];
      }),
    }),
  };
}

/** @param incident 0 for none */
export const complaintSort = (
  complaint: number,
  category: string,
  incident: number,
): Order<ComplaintLine> => ({
  name: 'complaint-sort',
  fields: { complaint, category, incident },
  read: changed,
});

export const complaintAnswer = (complaint: number, way: string, text: string): Order<ComplaintLine> => ({
  name: 'complaint-answer',
  fields: { complaint, way, text },
  read: changed,
});

export const complaintDecide = (
  complaint: number,
  outcome: string,
  way: string,
  text: string,
): Order<ComplaintLine> => ({
  name: 'complaint-decide',
  fields: { complaint, outcome, way, text },
  read: changed,
});

/** @param base64 what is in the file */
export const complaintAttach = (
  complaint: number,
  name: string,
  type: string,
  base64: string,
): Order<ComplaintLine> => ({
  name: 'complaint-attach',
  fields: { complaint, name, type, body: base64 },
  read: changed,
});

export interface FiledContent {
  name: string;
  type: string;
  /** Base64. */
  content: string;
}

export const complaintFile = (complaint: number, step: number): Order<FiledContent> => ({
  name: 'complaint-file',
  fields: { complaint, step },
  read: ({ facts }) => ({
    name: facts.text('name'),
    type: facts.text('type'),
    content: facts.text('content'),
  }),
});

/** All that is kept of the person a case concerns, for that person. */
export const complaintPackage = (complaint: number): Order<Made> => ({
  name: 'complaint-package',
  fields: { complaint, to: `complaint-${complaint}.zip` },
  read: ({ facts }) => made(facts),
});

/** What an association is told of an incident. */
export const associationPack = (association: string, incident: number): Order<Made> => ({
  name: 'association-pack',
  fields: { association, incident, to: `association-${incident}.zip` },
  read: ({ facts }) => made(facts),
});

const EXPORTED = [
  'number',
  'channel',
  'category',
  'state',
  'received',
  'deadline',
  'answered',
  'inTime',
  'closed',
  'outcome',
  'association',
  'incident',
  'brand',
  'account',
  'quotaBytes',
  'months',
  'awayHours',
];

/** Hours with four decimals, as `casella complaint export` writes them. */
const hours = (millis: number | null) => (millis === null ? null : Math.round(millis / 360) / 10_000);

/** Every case with its dates, outcome, and what was measured and given, as CSV: it names nobody. */
export const complaintExport = (): Order<{ cases: number; csv: string }> => ({
  name: 'complaint-export',
  fields: {},
  read: ({ facts, rows }) => ({
    cases: facts.number('cases'),
    csv: csv(
      EXPORTED,
      rows.map((row) =>
        EXPORTED.map((column) =>
          column === 'awayHours' ? hours(row.maybeNumber('awayMillis')) : row.cell(column),
        ),
      ),
    ),
  }),
});
