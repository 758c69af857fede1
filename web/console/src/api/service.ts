/** Who serves accounts, which go together, and how everybody is let in again. */
import { deed, said, type Order } from './order.ts';
import type { Facts } from './facts.ts';

export interface Cohort {
  cohort: string;
  order: number;
  accounts: number;
  placed: number;
  brands: [string, number][];
  plans: [string, number][];
}

export function cohortList(): Order<{ accounts: number; cohorts: Cohort[] }> {
  return {
    name: 'cohort-list',
    fields: {},
    read: ({ facts, rows }) => ({
      accounts: facts.number('accounts'),
      cohorts: rows.map((row) => ({
        cohort: row.text('cohort'),
        order: row.number('order'),
        accounts: row.number('accounts'),
        placed: row.count('placed'),
        brands: row.counts('brands'),
        plans: row.counts('plans'),
      })),
    }),
  };
}

/** A cohort with how many are in it, or an account with the cohort it goes with. */
export type CohortShown =
  | { what: 'cohort'; cohort: string; accounts: number; placed: number }
  | { what: 'account'; address: string; cohort: string; slice: string };

/** @param what a cohort's name, an address or an id */
export const cohortShow = (what: string): Order<CohortShown> => ({
  name: 'cohort-show',
  fields: { what },
  read: ({ facts }) => {
    const cohort = facts.text('cohort');
    const address = facts.maybeText('address');
    return address === null
      ? { what: 'cohort', cohort, accounts: facts.number('accounts'), placed: facts.count('placed') }
      : { what: 'account', address, cohort, slice: facts.text('slice') };
  },
});

export interface CohortMove {
  from: string;
  to: string;
  moved: boolean;
}

export function cohortMove(address: string, to: string, dryRun: boolean): Order<CohortMove> {
  return {
    name: 'cohort-move',
    fields: { address, to, dryRun },
    read: ({ facts }) => ({ from: facts.text('from'), to: facts.text('to'), moved: facts.flag('moved') }),
  };
}

/** An account that its engine does not serve. */
export interface Elsewhere {
  account: string;
  address: string | null;
  continuation: boolean;
  since: string;
  reason: string | null;
  returning: boolean;
}

export function standbyList(): Order<{
  standby: number;
  continued: number;
  accounts: Elsewhere[];
  more: boolean;
}> {
  return {
    name: 'standby-list',
    fields: {},
    read: ({ facts, rows, more }) => ({
      standby: facts.count('accounts'),
      continued: facts.count('continued'),
      more,
      accounts: rows.map((row) => ({
        account: row.text('account'),
        address: row.maybeText('address'),
        continuation: row.maybeText('place') === 'continuation',
        since: row.text('since'),
        reason: row.maybeText('reason'),
        returning: row.flag('returning'),
      })),
    }),
  };
}

export interface Switched {
  accounts: number;
  switched: number;
  failed: number;
}

const switched = ({ facts }: { facts: Facts }): Switched => ({
  accounts: facts.number('accounts'),
  switched: facts.number('switched'),
  failed: facts.number('failed'),
});

/** @param account an address or id; null for all */
export const standbyOpen = (account: string | null): Order<Switched> => ({
  name: 'standby-open',
  fields: said({ account }),
  read: switched,
});

/** @param account an address or id; null for all that the standby serves */
export const standbyReturn = (account: string | null): Order<Switched> => ({
  name: 'standby-return',
  fields: said({ account }),
  read: switched,
});

export interface Gate {
  gate: string;
  good: boolean;
  seen: string;
}

export interface Reopening {
  underWay: boolean;
  /** `running`, `halted`, `paused`, `over`. */
  state: string;
  ended: string | null;
  since: string | null;
  by: string | null;
  paidFirst: boolean;
  soakSeconds: number;
  /** Steps that are in, of how many. */
  letIn: string | null;
  step: number;
  steps: number;
  nextSeconds: number | null;
  perSecond: number;
  entered: number;
  waiting: number;
  gates: Gate[];
}

function reopening(facts: Facts): Reopening {
  return {
    underWay: facts.flag('underWay'),
    state: facts.maybeText('state') ?? '',
    ended: facts.maybeText('ended'),
    since: facts.maybeText('since'),
    by: facts.maybeText('by'),
    paidFirst: facts.flag('paidFirst'),
    soakSeconds: facts.count('soakSeconds'),
    letIn: facts.maybeText('letIn'),
    step: facts.count('step'),
    steps: facts.count('steps'),
    nextSeconds: facts.maybeNumber('nextSeconds'),
    perSecond: facts.count('perSecond'),
    entered: facts.count('entered'),
    waiting: facts.count('waiting'),
    gates: facts.list('gates', (one) => ({
      gate: one.text('gate'),
      good: one.flag('good'),
      seen: one.maybeText('seen') ?? '',
    })),
  };
}

export const reopenStatus = (): Order<Reopening> => ({
  name: 'reopen-status',
  fields: {},
  read: ({ facts }) => reopening(facts),
});

export interface PlannedStep {
  step: number;
  letsIn: string;
  accounts: number;
  earliestSeconds: number;
}

export interface ReopenPlan {
  accounts: number;
  soakSeconds: number;
  underWay: boolean;
  steps: PlannedStep[];
}

const terms = (paidFirst: boolean, soak: string) => said({ first: paidFirst ? 'paid' : null, soak });

export function reopenPlan(paidFirst: boolean, soak: string): Order<ReopenPlan> {
  return {
    name: 'reopen-plan',
    fields: terms(paidFirst, soak),
    read: ({ facts, rows }) => ({
      accounts: facts.number('accounts'),
      soakSeconds: facts.number('soakSeconds'),
      underWay: facts.flag('underWay'),
      steps: rows.map((row) => ({
        step: row.number('step'),
        letsIn: row.text('letsIn'),
        accounts: row.number('accounts'),
        earliestSeconds: row.number('earliestSeconds'),
      })),
    }),
  };
}

export const reopenStart = (paidFirst: boolean, soak: string) => deed('reopen-start', terms(paidFirst, soak));
export const reopenStop = () => deed('reopen-stop', {});
