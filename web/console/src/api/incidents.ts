/** Incidents: what people were told when, what would be said, and what health proposes to say. */
import type { Facts } from './facts.ts';
import { said, type Order } from './order.ts';

/** In both languages; an empty English one says the Italian one. */
export interface Text {
  italian: string;
  english: string;
}

/** Which owners of its brands an incident concerns: an empty list narrows nothing. */
export interface Part {
  cohorts: string[];
  doors: string[];
  apps: string[];
}

export interface IncidentLine {
  incident: number;
  title: Text;
  severity: string;
  state: string;
  /** Empty for all. */
  brands: string[];
  part: Part;
  opened: string;
  resolved: string | null;
  back: string | null;
  confidence: string | null;
  cause: string | null;
  causeEvidence: string | null;
  accounts: number | null;
  reduced: number | null;
  doors: string[];
  /** What those concerned use, with shares: `Thunderbird 31 %`. */
  apps: string[];
  /** Where those are that have less than always. */
  cohorts: string[];
  /** Channels by which it was not said, and why. */
  failed: [string, string][];
}

export const SEVERITIES = ['minor', 'major', 'critical'] as const;
export const DOORS = ['imap', 'pop3', 'smtp', 'web'] as const;
export const STATES = ['investigating', 'identified', 'restoring', 'monitoring', 'resolved'] as const;

const part = (facts: Facts): Part => ({
  cohorts: facts.texts('cohorts'),
  doors: facts.texts('doors'),
  apps: facts.texts('apps'),
});

const line = (facts: Facts): IncidentLine => ({
  incident: facts.number('incident'),
  title: { italian: facts.text('titleIt'), english: facts.text('titleEn') },
  severity: facts.text('severity'),
  state: facts.text('state'),
  brands: facts.texts('brands'),
  part: part(facts.facts('part')),
  opened: facts.text('opened'),
  resolved: facts.maybeText('resolved'),
  back: facts.maybeText('back'),
  confidence: facts.maybeText('confidence'),
  cause: facts.maybeText('cause'),
  causeEvidence: facts.maybeText('causeEvidence'),
  accounts: facts.maybeNumber('accounts'),
  reduced: facts.maybeNumber('reduced'),
  doors: facts.texts('doors'),
  apps: facts.texts('apps'),
  cohorts: facts.texts('cohorts'),
  failed: facts.pairs('failed'),
});

export interface Proposal {
  proposal: string;
  title: string;
  severity: string;
  since: string;
  evidence: string;
}

export interface IncidentList {
  incidents: IncidentLine[];
  proposals: Proposal[];
  channels: string[];
}

export function incidentList(): Order<IncidentList> {
  return {
    name: 'incident-list',
    fields: {},
    read: ({ facts, rows }) => ({
      incidents: rows.map(line),
      proposals: facts.list('proposals', (one) => ({
        proposal: one.text('proposal'),
        title: one.text('title'),
        severity: one.text('severity'),
        since: one.text('since'),
        evidence: one.text('evidence'),
      })),
      channels: facts.texts('channels'),
    }),
  };
}

/** One thing that was done or said. */
export type Entry = { number: number; at: string; by: string } & (
  | { what: 'opened'; text: Text }
  | { what: 'told'; state: string; text: Text; proof: string | null }
  | { what: 'estimated'; back: string | null; confidence: string }
  | { what: 'caused'; cause: string; evidence: string }
  | { what: 'counted'; accounts: number; reduced: number }
  | { what: 'answered'; key: string; brand: string | null; text: Text }
  | { what: 'post-mortem'; text: Text; proof: string | null }
  | { what: 'published'; of: number; channel: string; why: string | null }
  | { what: 'other'; name: string }
);

function entry(row: Facts): Entry {
  const head = { number: row.number('number'), at: row.text('at'), by: row.text('by') };
  const text = () => ({ italian: row.text('it'), english: row.text('en') });
  const what = row.text('what');
  switch (what) {
    case 'opened':
      return { ...head, what, text: text() };
    case 'told':
      return { ...head, what, state: row.text('state'), text: text(), proof: row.maybeText('proof') };
    case 'estimated':
      return { ...head, what, back: row.maybeText('back'), confidence: row.text('confidence') };
    case 'caused':
      return { ...head, what, cause: row.text('cause'), evidence: row.maybeText('evidence') ?? '' };
    case 'counted':
      return { ...head, what, accounts: row.number('accounts'), reduced: row.number('reduced') };
    case 'answered':
      return { ...head, what, key: row.text('key'), brand: row.maybeText('brand'), text: text() };
    case 'post-mortem':
      return { ...head, what, text: text(), proof: row.maybeText('proof') };
    case 'published':
      return {
        ...head,
        what,
        of: row.number('of'),
        channel: row.text('channel'),
        why: row.maybeText('why'),
      };
    default:
      return { ...head, what: 'other', name: what };
  }
}

export interface Incident extends IncidentLine {
  evidence: string | null;
  entries: Entry[];
}

const whole = (facts: Facts): Incident => ({
  ...line(facts),
  evidence: facts.maybeText('evidence'),
  entries: facts.list('entries', entry),
});

export const incidentShow = (incident: number): Order<Incident> => ({
  name: 'incident-show',
  fields: { incident },
  read: ({ facts }) => whole(facts),
});

/** What would be said where. */
export interface Preview {
  incident: Incident;
  lines: { brand: string; text: Text }[];
  channels: string[];
}

function preview(facts: Facts): Preview {
  return {
    incident: whole(facts),
    lines: facts.list('lines', (one) => ({
      brand: one.text('brand'),
      text: { italian: one.text('it'), english: one.text('en') },
    })),
    channels: facts.texts('channels'),
  };
}

const text = ({ italian, english }: Text) =>
  italian.trim() === '' ? null : { italian: italian.trim(), ...said({ english: english.trim() }) };

export interface Opening {
  title: Text;
  severity: string;
  brands: string[];
  part: Part;
  text: Text;
  proof: string;
  unproven: boolean;
  proposal: string | null;
}

const opening = (open: Opening, preview: boolean) => ({
  title: text(open.title) ?? { italian: '' },
  severity: open.severity,
  brands: open.brands,
  cohorts: open.part.cohorts,
  doors: open.part.doors,
  apps: open.part.apps,
  unproven: open.unproven,
  preview,
  ...said({ text: text(open.text), proof: open.proof, proposal: open.proposal }),
});

export const incidentOpenPreview = (open: Opening): Order<Preview> => ({
  name: 'incident-open',
  fields: opening(open, true),
  read: ({ facts }) => preview(facts),
});

export const incidentOpen = (open: Opening): Order<Incident> => ({
  name: 'incident-open',
  fields: opening(open, false),
  read: ({ facts }) => whole(facts),
});

export interface Update {
  incident: number;
  state: string;
  text: Text;
  proof: string;
  unproven: boolean;
  /** With the reader's offset; `none` takes an estimate back; empty says none. */
  back: string;
  confidence: string;
  cause: string;
  evidence: string;
}

const update = (one: Update, preview: boolean) => ({
  incident: one.incident,
  unproven: one.unproven,
  preview,
  ...said({
    state: one.state,
    text: text(one.text),
    proof: one.proof,
    back: one.back,
    confidence: one.back === '' ? '' : one.confidence,
    cause: one.cause,
    evidence: one.evidence,
  }),
});

export const incidentUpdatePreview = (one: Update): Order<Preview> => ({
  name: 'incident-update',
  fields: update(one, true),
  read: ({ facts }) => preview(facts),
});

export const incidentUpdate = (one: Update): Order<Incident> => ({
  name: 'incident-update',
  fields: update(one, false),
  read: ({ facts }) => whole(facts),
});

export function incidentAnswer(
  incident: number,
  key: string,
  brand: string,
  question: Text,
  answer: Text,
): Order<Incident> {
  return {
    name: 'incident-answer',
    fields: { incident, key, ...said({ brand, question: text(question), answer: text(answer) }) },
    read: ({ facts }) => whole(facts),
  };
}

/** A file that the server made; where it can be had once. */
export interface Made {
  bytes: number;
  download: string;
}

export const made = (facts: Facts): Made => ({
  bytes: facts.count('bytes'),
  download: facts.text('download'),
});

export const incidentReport = (incident: number): Order<Made> => ({
  name: 'incident-report',
  fields: { incident, to: `incident-${incident}.zip` },
  read: ({ facts }) => made(facts),
});

/** For how long what did not work for every account of the incident's brands: CSV. */
export const availabilityAll = (incident: number): Order<Made> => ({
  name: 'availability-all',
  fields: { incident, to: `availability-${incident}.csv` },
  read: ({ facts }) => made(facts),
});

/** What was learned of an incident that is over: a page in Markdown, in both languages. */
export interface PostMortem {
  incident: number;
  /** Empty where it stays as the version before has it. */
  text: Text;
  proof: string;
  unproven: boolean;
}

/** Its titles, as they would be on the page. */
export function postMortem(one: PostMortem, preview: boolean): Order<Text> {
  return {
    name: 'incident-post-mortem',
    fields: {
      incident: one.incident,
      unproven: one.unproven,
      preview,
      ...said({ italian: one.text.italian, english: one.text.english, proof: one.proof }),
    },
    read: ({ facts }) => ({
      italian: facts.maybeText('titleOfIt') ?? '',
      english: facts.maybeText('titleOfEn') ?? '',
    }),
  };
}
