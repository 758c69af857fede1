/** What is done about mailboxes' contents: proving them, making them anew, cleaning up what ended. */
import { deed, said, type Order } from './order.ts';

export interface Verified {
  accounts: number;
  emails: number;
  wrong: number;
  lost: number;
  /** What is wrong, each with its account: at most so many as are told. */
  problems: string[];
}

const TOLD_MAX = 50;

/** @param account an address or id; empty for all */
export const verify = (account: string): Order<Verified> => ({
  name: 'verify',
  fields: said({ account }),
  read: ({ facts, rows }) => ({
    accounts: facts.number('accounts'),
    emails: facts.number('emails'),
    wrong: facts.number('wrong'),
    lost: facts.number('lost'),
    problems: rows
      .flatMap((row) =>
        row
          .list('problems', (one) => `${one.text('what')} ${one.maybeText('repair') ?? ''}`.trim())
          .map((problem) => `${row.maybeText('address') ?? row.maybeText('account') ?? ''}: ${problem}`),
      )
      .slice(0, TOLD_MAX),
  }),
});

export interface Rebuilt {
  accounts: number;
  rebuilt: number;
  failed: number;
}

/** @param account an address or id; empty for all */
export const rebuild = (account: string, from: string): Order<Rebuilt> => ({
  name: 'rebuild',
  fields: said({ account, from }),
  read: ({ facts }) => ({
    accounts: facts.number('accounts'),
    rebuilt: facts.number('rebuilt'),
    failed: facts.number('failed'),
  }),
});

export const quarantineRelease = (account: string) => deed('quarantine-release', { account });

/** What removes mail for good once it ended long enough ago. */
export interface Collector {
  /** `asks`, `running` or `idle`. */
  state: string;
  lastRun: string | null;
  /** What it asks, where it does: which rule stopped it, what it saw, what a yes means. */
  asks: { reason: string; what: string; confirmed: string } | null;
  aside: string[];
  usual: [string, number][];
}

export const collectStatus = (): Order<Collector> => ({
  name: 'collect-status',
  fields: {},
  read: ({ facts }) => {
    const reason = facts.maybeText('reason');
    return {
      state: facts.text('state'),
      lastRun: facts.maybeText('lastRun'),
      asks: reason === null ? null : { reason, what: facts.text('what'), confirmed: facts.text('confirmed') },
      aside: facts.texts('aside'),
      usual: facts.counts('usual'),
    };
  },
});

export interface Collected {
  /** Null where it stood and asks. */
  accounts: number | null;
  condemned: number;
  later: number;
  what: string | null;
}

/** @param confirm whether what it asks is answered with yes */
export const collectRun = (confirm: boolean): Order<Collected> => ({
  name: 'collect-run',
  fields: { confirm },
  read: ({ facts }) => ({
    accounts: facts.maybeNumber('accounts'),
    condemned: facts.count('condemned'),
    later: facts.count('later'),
    what: facts.maybeText('what'),
  }),
});
