/** Drills: what is broken on purpose, for how long, and what owners saw of it. */
import type { Facts } from './facts.ts';
import { deed, said, type Order } from './order.ts';

export const DRILLS = [
  'engine-hung',
  'engine-gone',
  'vault-slow',
  'vault-gone',
  'vault-lying',
  'technology-gone',
  'tail-gone',
  'everything-gone',
  'disk-full',
  'directory-gone',
  'clock-jump',
  'node-killed',
] as const;

export type DrillName = (typeof DRILLS)[number];

export interface DrillReport {
  drill: string;
  cohort: string;
  /** Of a re-enactment, nobody. */
  by: string | null;
  begun: string;
  passed: boolean;
  aborted: string | null;
  darkMinutes: number;
  accepted: number;
  refused: number;
  /** Null where it was not measured. */
  lost: number | null;
  duplicated: number | null;
  identifiersChanged: number;
  wrongBytesServed: number;
  dialToneMillis: number | null;
  returned: boolean;
  checks: { what: string; held: boolean }[];
  timeline: { atMillis: number; what: string }[];
  folder: string | null;
}

const report = (facts: Facts): DrillReport => ({
  drill: facts.text('drill'),
  cohort: facts.text('cohort'),
  by: facts.maybeText('by'),
  begun: facts.text('begun'),
  passed: facts.flag('passed'),
  aborted: facts.maybeText('aborted'),
  darkMinutes: facts.count('darkMinutes'),
  accepted: facts.count('accepted'),
  refused: facts.count('refused'),
  lost: facts.maybeNumber('lost'),
  duplicated: facts.maybeNumber('duplicated'),
  identifiersChanged: facts.count('identifiersChanged'),
  wrongBytesServed: facts.count('wrongBytesServed'),
  dialToneMillis: facts.maybeNumber('timeToDialToneMillis'),
  returned: facts.flag('returned'),
  checks: facts.list('checks', (one) => ({ what: one.text('what'), held: one.flag('held') })),
  timeline: facts.list('timeline', (one) => ({
    atMillis: one.number('atMillis'),
    what: one.text('what'),
  })),
  folder: facts.maybeText('folder'),
});

/** @param cohort `all`, an address or a cohort's name; empty for all on a demo */
export function drillRun(
  name: string,
  cohort: string,
  time: string,
  technology: string,
  scale: string,
): Order<DrillReport> {
  return {
    name: 'drill-run',
    fields: said({ name, cohort, time, technology, scale }),
    read: ({ facts }) => report(facts),
  };
}

export const drillStop = () => deed('drill-stop', {});

/** A report that is kept: its own name, and what every drill is told by. */
export interface Kept extends DrillReport {
  report: string;
}

const kept = (facts: Facts): Kept => ({ ...report(facts), report: facts.text('report') });

/** Those that are kept, the newest last. */
export const drillReports = (): Order<Kept[]> => ({
  name: 'drill-reports',
  fields: {},
  read: ({ rows }) => rows.map(kept),
});

/** @param name a report's own */
export const drillReport = (name: string): Order<Kept & { text: string }> => ({
  name: 'drill-report',
  fields: { report: name },
  read: ({ facts }) => ({ ...kept(facts), text: facts.text('text') }),
});
