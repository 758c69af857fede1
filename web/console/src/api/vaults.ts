/** The vaults there are, and the one on its way into the place of another. */
import { deed, said, type Order } from './order.ts';
import type { Facts } from './facts.ts';

export interface Vault {
  name: string;
  kind: string;
  /** `home`, `spare`, `on its way into the place of …`, `retired`. */
  role: string;
  state: string;
  objects: number | null;
  bytes: number | null;
}

const ON_ITS_WAY = 'on its way into the place of ';

/** The vault into whose place it comes; null when it is not on its way. */
export const replacing = (vault: Vault): string | null =>
  vault.role.startsWith(ON_ITS_WAY) ? vault.role.slice(ON_ITS_WAY.length) : null;

export function vaultList(): Order<Vault[]> {
  return {
    name: 'vault-list',
    fields: {},
    read: ({ rows }) =>
      rows.map((row) => ({
        name: row.text('vault'),
        kind: row.maybeText('kind') ?? '',
        role: row.text('role'),
        state: row.text('state'),
        objects: row.maybeNumber('objects'),
        bytes: row.maybeNumber('bytes'),
      })),
  };
}

export interface Step {
  at: string;
  by: string;
  stage: string;
  what: string;
  why: string;
  measured: [string, string][];
}

export interface Climb {
  vault: string;
  kind: string;
  folder: string;
  replaces: string;
  /** Empty for a vault that has come. */
  stage: string;
  state: string;
  since: string | null;
  why: string;
  burnIn: string;
  forced: boolean;
  soak: string;
  probation: string;
  inPlaceSince: string | null;
  trouble: string | null;
  waits: string | null;
  /** Why the other may not be retired yet; null when it may. */
  retire: string | null;
  moved: { whole: number; accounts: number; behind: number; objects: number; bytes: number } | null;
  measured: [string, string][];
  evidence: Step[];
}

/** The stages a vault goes through, in their order. */
export const STAGES = ['added', 'shadow', 'canary', '1%', '10%', '50%', '100%'] as const;

function climb(facts: Facts): Climb {
  const moved = facts.maybe('moved');
  return {
    vault: facts.text('vault'),
    kind: facts.text('kind'),
    folder: facts.maybeText('folder') ?? '',
    replaces: facts.text('replaces'),
    stage: facts.maybeText('stage') ?? '',
    state: facts.maybeText('state') ?? '',
    since: facts.maybeText('since'),
    why: facts.maybeText('why') ?? '',
    burnIn: facts.maybeText('burnIn') ?? '',
    forced: facts.flag('forced'),
    soak: facts.maybeText('soak') ?? '',
    probation: facts.maybeText('probation') ?? '',
    inPlaceSince: facts.maybeText('inPlaceSince'),
    trouble: facts.maybeText('trouble'),
    waits: facts.maybeText('waits'),
    retire: facts.maybeText('retire'),
    moved: moved && {
      whole: moved.number('whole'),
      accounts: moved.number('accounts'),
      behind: moved.count('behind'),
      objects: moved.count('objects'),
      bytes: moved.count('bytes'),
    },
    measured: facts.pairs('measured'),
    evidence: facts.list('evidence', (one) => ({
      at: one.text('at'),
      by: one.maybeText('by') ?? '',
      stage: one.text('stage'),
      what: one.text('what'),
      why: one.maybeText('why') ?? '',
      measured: one.pairs('measured'),
    })),
  };
}

export const vaultShow = (name: string): Order<Climb> => ({
  name: 'vault-show',
  fields: { name },
  read: ({ facts }) => climb(facts),
});

export interface NewVault {
  name: string;
  kind: string;
  folder: string;
  replaces: string;
  probation: string;
}

export interface Added {
  vault: string;
  kind: string;
  folder: string;
  replaces: string;
  probation: string;
}

export function vaultAdd(vault: NewVault, dryRun: boolean): Order<Added> {
  return {
    name: 'vault-add',
    fields: { ...said({ ...vault }), dryRun },
    read: ({ facts }) => ({
      vault: facts.text('vault'),
      kind: facts.text('kind'),
      folder: facts.text('folder'),
      replaces: facts.text('replaces'),
      probation: facts.text('probation'),
    }),
  };
}

export function vaultBurnIn(
  name: string,
  objects: number,
  bytes: string,
): Order<{ passed: boolean; folder: string }> {
  return {
    name: 'vault-burn-in',
    fields: { name, objects, ...said({ bytes }) },
    read: ({ facts }) => ({ passed: facts.flag('passed'), folder: facts.maybeText('folder') ?? '' }),
  };
}

export const vaultStart = (name: string, soak: string, withoutBurnIn: boolean) =>
  deed('vault-start', { name, withoutBurnIn, ...said({ soak }) });
export const vaultContinue = (name: string, force: boolean) => deed('vault-continue', { name, force });
export const vaultHalt = (name: string, why: string) => deed('vault-halt', { name, ...said({ why }) });
export const vaultRollback = (name: string, to: string) => deed('vault-rollback', { name, ...said({ to }) });
export const vaultRemove = (name: string) => deed('vault-remove', { name });

export interface Retirement {
  came: string;
  accounts: number;
  emails: number;
  wrong: number;
}

export function vaultRetire(name: string, dryRun: boolean): Order<Retirement> {
  return {
    name: 'vault-retire',
    fields: { name, dryRun },
    read: ({ facts }) => ({
      came: facts.text('came'),
      accounts: facts.number('accounts'),
      emails: facts.number('emails'),
      wrong: facts.number('wrong'),
    }),
  };
}
