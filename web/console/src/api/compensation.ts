/** What owners are given for what did not work: previewed by one, approved by another, given once. */
import { csv } from './csv.ts';
import type { Facts } from './facts.ts';
import { deed, said, type Order } from './order.ts';

/** What one account got, or is to get. */
export interface Credit {
  key: string;
  incident: number;
  account: string;
  address: string;
  brand: string;
  plan: string;
  rule: string;
  months: number;
  quotaBytes: number;
  state: string;
  at: string | null;
  ended: string | null;
}

export const credit = (row: Facts): Credit => ({
  key: row.text('key'),
  incident: row.number('incident'),
  account: row.text('account'),
  address: row.maybeText('address') ?? '',
  brand: row.text('brand'),
  plan: row.text('plan'),
  rule: row.text('rule'),
  months: row.number('months'),
  quotaBytes: row.number('quotaBytes'),
  state: row.text('state'),
  at: row.maybeText('at'),
  ended: row.maybeText('ended'),
});

/** The accounts of a brand and plan to which one rule says the same. */
export interface RunLine {
  brand: string;
  plan: string;
  /** Empty for those whose time is too short for every rule. */
  rule: string;
  accounts: number;
  quotaBytes: number;
  months: number;
  credited: number;
  gone: number;
  told: number;
  becauseIt: string | null;
  becauseEn: string | null;
}

export interface Act {
  at: string;
  by: string;
  act: string;
  words: string;
}

export interface Run {
  incident: number;
  run: number;
  state: string;
  digest: string;
  from: string;
  to: string;
  lines: RunLine[];
  accounts: number;
  quotaBytes: number;
  months: number;
  credited: number;
  gone: number;
  ended: number;
  told: number;
  waitsFor: string | null;
  acts: Act[];
}

function run(facts: Facts): Run {
  return {
    incident: facts.number('incident'),
    run: facts.number('run'),
    state: facts.text('state'),
    digest: facts.maybeText('digest') ?? '',
    from: facts.text('from'),
    to: facts.text('to'),
    lines: facts.list('lines', (row) => ({
      brand: row.text('brand'),
      plan: row.text('plan'),
      rule: row.maybeText('rule') ?? '',
      accounts: row.number('accounts'),
      quotaBytes: row.count('quotaBytes'),
      months: row.count('months'),
      credited: row.count('credited'),
      gone: row.count('gone'),
      told: row.count('told'),
      becauseIt: row.maybeText('becauseIt'),
      becauseEn: row.maybeText('becauseEn'),
    })),
    accounts: facts.number('accounts'),
    quotaBytes: facts.count('quotaBytes'),
    months: facts.count('months'),
    credited: facts.count('credited'),
    gone: facts.count('gone'),
    ended: facts.count('ended'),
    told: facts.count('told'),
    waitsFor: facts.maybeText('waitsFor'),
    acts: facts.list('acts', (row) => ({
      at: row.text('at'),
      by: row.text('by'),
      act: row.text('act'),
      words: row.maybeText('words') ?? '',
    })),
  };
}

/** @param incident null for all */
export const compensationStatus = (incident: number | null): Order<Run[]> => ({
  name: 'compensation-status',
  fields: said({ incident }),
  read: ({ rows }) => rows.map(run),
});

/** A preview, with what of the record was not settled when it was made. */
export interface Previewed {
  run: Run;
  incidentOver: boolean;
  accountsGoOn: number;
  goOn: { scope: string; cause: string; since: string }[];
  beganBefore: string | null;
}

export function compensationPreview(
  incident: number,
  rules: string,
  from: string,
  to: string,
): Order<Previewed> {
  return {
    name: 'compensation-preview',
    fields: { incident, rules, ...said({ from, to }) },
    read: ({ facts }) => ({
      run: run(facts),
      incidentOver: facts.flag('incidentOver'),
      accountsGoOn: facts.count('accountsGoOn'),
      goOn: facts.list('goOn', (one) => ({
        scope: one.text('scope'),
        cause: one.text('cause'),
        since: one.text('since'),
      })),
      beganBefore: facts.maybeText('beganBefore'),
    }),
  };
}

/** @param digest of the preview that was looked at: no other is approved */
export const compensationApprove = (incident: number, digest: string) =>
  deed('compensation-approve', { incident, ...said({ digest }) });

export const compensationApply = (incident: number): Order<Run> => ({
  name: 'compensation-apply',
  fields: { incident },
  read: ({ facts }) => run(facts),
});

export const compensationRevoke = (incident: number, why: string): Order<Run> => ({
  name: 'compensation-revoke',
  fields: { incident, why },
  read: ({ facts }) => run(facts),
});

export const compensationList = (incident: number): Order<Credit[]> => ({
  name: 'compensation-list',
  fields: { incident },
  read: ({ rows }) => rows.map(credit),
});

const COLUMNS = [
  'key',
  'incident',
  'account',
  'address',
  'brand',
  'plan',
  'rule',
  'months',
  'quotaBytes',
  'state',
  'at',
  'ended',
] as const satisfies readonly (keyof Credit)[];

/** With the columns of `casella compensation status --csv`. */
export const billingCsv = (credits: Credit[]): string =>
  csv(
    COLUMNS,
    credits.map((one) => COLUMNS.map((column) => one[column])),
  );
