/** Drills: what is broken on purpose, for how long, and what owners saw of it. */
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
  by: string;
  begun: string;
  passed: boolean;
  aborted: string | null;
  darkMinutes: number;
  accepted: number;
  refused: number;
  lost: number;
  duplicated: number;
  identifiersChanged: number;
  wrongBytesServed: number;
  dialToneMillis: number | null;
  returned: boolean;
  checks: { what: string; held: boolean }[];
  timeline: { atMillis: number; what: string }[];
  folder: string | null;
}

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
    read: ({ facts }) => ({
      drill: facts.text('drill'),
      cohort: facts.text('cohort'),
      by: facts.text('by'),
      begun: facts.text('begun'),
      passed: facts.flag('passed'),
      aborted: facts.maybeText('aborted'),
      darkMinutes: facts.count('darkMinutes'),
      accepted: facts.count('accepted'),
      refused: facts.count('refused'),
      lost: facts.count('lost'),
      duplicated: facts.count('duplicated'),
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
    }),
  };
}

export const drillStop = () => deed('drill-stop', {});
