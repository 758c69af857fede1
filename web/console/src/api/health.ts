/**
 * How the server is: its parts, what is wrong with it, what it owes, what it does by itself, and its last
 * hours.
 */
import { made, type Made } from './incidents.ts';
import { deed, type Order } from './order.ts';
import type { Facts } from './facts.ts';

export type Whole = 'whole' | 'degraded' | 'gone';

export interface Part {
  name: string;
  state: string;
  detail: string | null;
  since: string | null;
  /** How quick its probe is, 99 of 100; null where it has none. */
  probeMillis: number | null;
}

export interface Paused {
  work: string;
  since: string;
  by: string;
}

export interface Status {
  status: string;
  parts: Part[];
  /** Accounts that are not served by their engine. */
  elsewhere: { standby: number; continuation: number; apart: number };
  debt: { objects: number; oldestSeconds: number };
  queue: { urgent: number; personal: number; bulk: number; oldestSeconds: number };
  archive: { waitingBytes: number; oldestSeconds: number };
  holes: { opened: number; newest: string | null };
  paused: Paused[];
}

const paused = (one: Facts): Paused => ({
  work: one.text('work'),
  since: one.text('since'),
  by: one.text('by'),
});

export function status(): Order<Status> {
  return {
    name: 'status',
    fields: {},
    read: ({ facts }) => {
      const service = facts.maybe('service');
      const debt = facts.maybe('debt');
      const queue = facts.maybe('queue');
      const archive = facts.maybe('archive');
      const holes = facts.maybe('holes');
      return {
        status: facts.text('status'),
        parts: facts.list('parts', part),
        elsewhere: {
          standby: service?.count('standby') ?? 0,
          continuation: service?.count('continuation') ?? 0,
          apart: service?.count('apart') ?? 0,
        },
        debt: { objects: debt?.count('objects') ?? 0, oldestSeconds: debt?.count('oldestSeconds') ?? 0 },
        queue: {
          urgent: queue?.count('urgent') ?? 0,
          personal: queue?.count('personal') ?? 0,
          bulk: queue?.count('bulk') ?? 0,
          oldestSeconds: queue?.count('oldestSeconds') ?? 0,
        },
        archive: {
          waitingBytes: archive?.count('waitingBytes') ?? 0,
          oldestSeconds: archive?.count('oldestSeconds') ?? 0,
        },
        holes: { opened: holes?.count('opened') ?? 0, newest: holes?.maybeText('newest') ?? null },
        paused: facts.list('paused', paused),
      };
    },
  };
}

const part = (one: Facts): Part => ({
  name: one.text('name'),
  state: one.text('state'),
  detail: one.maybeText('detail'),
  since: one.maybeText('since'),
  probeMillis: one.maybe('probe')?.maybeNumber('p99Millis') ?? null,
});

export interface Finding {
  symptom: string;
  level: string;
  title: string;
  since: string;
  seen: string;
  machine: string;
  operator: string;
  runbook: string;
}

export interface Past {
  symptom: string;
  title: string;
  since: string;
  until: string;
}

export interface Diagnosis {
  well: boolean;
  findings: Finding[];
  over: Past[];
}

export function doctor(): Order<Diagnosis> {
  return {
    name: 'doctor',
    fields: {},
    read: ({ facts }) => ({
      well: facts.flag('well'),
      findings: facts.list('findings', (one) => ({
        symptom: one.text('symptom'),
        level: one.text('level'),
        title: one.text('title'),
        since: one.text('since'),
        seen: one.text('seen'),
        machine: one.text('machine'),
        operator: one.text('operator'),
        runbook: one.maybeText('runbook') ?? '',
      })),
      over: facts.list('over', (one) => ({
        symptom: one.text('symptom'),
        title: one.text('title'),
        since: one.text('since'),
        until: one.text('until'),
      })),
    }),
  };
}

export interface VaultDebt {
  name: string;
  technology: string;
  breaker: string;
  objects: number;
  accounts: number;
  couldRebuild: number;
  ofAccounts: number;
  provenSince: string | null;
}

export interface Debt {
  objects: number;
  bytes: number;
  accounts: number;
  oldestSeconds: number;
  vaults: VaultDebt[];
}

export function debt(): Order<Debt> {
  return {
    name: 'debt',
    fields: {},
    read: ({ facts }) => ({
      objects: facts.number('objects'),
      bytes: facts.number('bytes'),
      accounts: facts.number('accounts'),
      oldestSeconds: facts.number('oldestSeconds'),
      vaults: facts.list('vaults', (one) => ({
        name: one.text('name'),
        technology: one.text('technology'),
        breaker: one.text('breaker'),
        objects: one.number('objects'),
        accounts: one.number('accounts'),
        couldRebuild: one.count('couldRebuild'),
        ofAccounts: one.count('ofAccounts'),
        provenSince: one.maybeText('provenSince'),
      })),
    }),
  };
}

/** What goes on by itself; `since` and `by` are of its pause. */
export interface Work {
  work: string;
  paused: boolean;
  since: string | null;
  by: string | null;
}

export function automationList(): Order<Work[]> {
  return {
    name: 'automation-list',
    fields: {},
    read: ({ rows }) =>
      rows.map((row) => ({
        work: row.text('work'),
        paused: row.flag('paused'),
        since: row.maybeText('since'),
        by: row.maybeText('by'),
      })),
  };
}

export const automationPause = (work: string) => deed('automation-pause', { work });
export const automationResume = (work: string) => deed('automation-resume', { work });

export interface Series {
  name: string;
  unit: string;
  /** Seconds since 1970, and the value. */
  points: [number, number][];
}

/** The figures of the last hours, a point each `every` seconds. */
export interface Trends {
  every: number;
  series: Series[];
}

export function trends(): Order<Trends> {
  return {
    name: 'trends',
    fields: {},
    read: ({ facts }) => ({
      every: facts.number('every'),
      series: facts.list('series', (one) => ({
        name: one.text('name'),
        unit: one.maybeText('unit') ?? '',
        points: one.points('points'),
      })),
    }),
  };
}

/** How a test by each channel that tells operators ended. */
export const alertsTest = (): Order<{ channel: string; ended: string }[]> => ({
  name: 'alerts-test',
  fields: {},
  read: ({ rows }) => rows.map((row) => ({ channel: row.text('channel'), ended: row.text('ended') })),
});

export const supportBundle = (): Order<Made> => ({
  name: 'support-bundle',
  fields: { to: 'casella-support.zip' },
  read: ({ facts }) => made(facts),
});
