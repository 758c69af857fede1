/** Accounts: found by the beginning of an address, shown on a card, and what can be done for one. */
import { complaintLine, type ComplaintLine } from './complaints.ts';
import { credit, type Credit } from './compensation.ts';
import { deed, said, type Order } from './order.ts';
import type { Facts } from './facts.ts';

export interface FoundAccount {
  id: string;
  address: string;
  name: string;
  brand: string;
  plan: string;
  state: string;
}

export function accountFind(text: string, limit: number): Order<{ accounts: FoundAccount[]; more: boolean }> {
  return {
    name: 'account-find',
    fields: { text, limit },
    read: ({ rows, more }) => ({
      more: more || rows.length >= limit,
      accounts: rows.map((row) => ({
        id: row.text('id'),
        address: row.text('address'),
        name: row.maybeText('name') ?? '',
        brand: row.text('brand'),
        plan: row.text('plan'),
        state: row.text('state'),
      })),
    }),
  };
}

export interface Away {
  from: string;
  until: string;
  millis: number;
  /** Of this account alone. */
  own: boolean;
  causes: string[];
}

export interface Availability {
  begins: string;
  mailboxMillis: number;
  capabilities: { capability: string; awayMillis: number; away: Away[] }[];
}

function availability(facts: Facts): Availability {
  return {
    begins: facts.text('begins'),
    mailboxMillis: facts.count('mailboxMillis'),
    capabilities: facts.list('capabilities', (one) => ({
      capability: one.text('capability'),
      awayMillis: one.number('awayMillis'),
      away: one.list('away', (span) => ({
        from: span.text('from'),
        until: span.text('until'),
        millis: span.number('millis'),
        own: span.flag('own'),
        causes: span.texts('causes'),
      })),
    })),
  };
}

export interface Card {
  account: FoundAccount & { language: string; created: string; paidUntil: string | null };
  held: boolean;
  cohort: string;
  service: {
    state: string;
    since: string | null;
    place: { number: number } | null;
    estimate: string | null;
  };
  say: { italian: string; english: string };
  availability: Availability | null;
  complaints: ComplaintLine[];
  compensation: Credit[];
}

export function accountShow(account: string): Order<Card> {
  return {
    name: 'account-show',
    fields: { account },
    read: ({ facts }) => {
      const one = facts.facts('account');
      const service = facts.facts('service');
      const place = service.maybe('place');
      const say = facts.facts('say');
      const record = facts.maybe('availability');
      return {
        account: {
          id: one.text('id'),
          address: one.text('address'),
          name: one.maybeText('name') ?? '',
          brand: one.text('brand'),
          plan: one.text('plan'),
          state: one.text('state'),
          language: one.maybeText('language') ?? '',
          created: one.text('created'),
          paidUntil: one.maybeText('paidUntil'),
        },
        held: facts.flag('held'),
        cohort: facts.maybeText('cohort') ?? '',
        service: {
          state: service.text('state'),
          since: service.maybeText('since'),
          place: place && { number: place.number('number') },
          estimate: service.maybeText('estimate'),
        },
        say: { italian: say.text('italian'), english: say.text('english') },
        availability: record && availability(record),
        complaints: facts.list('complaints', complaintLine),
        compensation: facts.list('compensation', credit),
      };
    },
  };
}

export const accountHold = (address: string, held: boolean) => deed('account-hold', { address, held });

export const accountState = (address: string, state: 'active' | 'disabled' | 'wiped') =>
  deed('account-state', { address, state });

/** @param paidUntil a date; null for what is never paid */
export const accountPlan = (address: string, plan: string, paidUntil: string | null) =>
  deed('account-plan', said({ address, plan, paidUntil }));

export interface Restored {
  emails: number;
  placements: number;
  folders: number;
  /** Those that were there already. */
  there: number;
  missing: number;
}

/** @param folder its full name; null for all of the account */
export function restore(account: string, asOf: string, folder: string | null): Order<Restored> {
  return {
    name: 'restore',
    fields: { emails: [], ...said({ account, asOf, folder }) },
    read: ({ facts }) => ({
      emails: facts.number('emails'),
      placements: facts.number('placements'),
      folders: facts.number('folders'),
      there: facts.number('there'),
      missing: facts.number('missing'),
    }),
  };
}

export interface Proof {
  /** The signed document, as a file. */
  document: string;
  ended: string;
  emails: number;
  copies: number;
  vaults: { name: string; emailsRight: number }[];
  problems: { what: string; repair: string }[];
}

export function proof(account: string): Order<Proof> {
  return {
    name: 'proof',
    fields: { account },
    read: ({ facts }) => {
      const payload = facts.facts('payload');
      const document = facts.whole('document');
      return {
        document: typeof document === 'string' ? document : JSON.stringify(document, null, 2),
        ended: payload.text('ended'),
        emails: payload.number('emails'),
        copies: payload.number('copies'),
        vaults: payload.list('vaults', (one) => ({
          name: one.text('name'),
          emailsRight: one.number('emailsRight'),
        })),
        problems: payload.list('problems', (one) => ({
          what: one.text('what'),
          repair: one.maybeText('repair') ?? '',
        })),
      };
    },
  };
}

export interface NewAccount {
  address: string;
  plan: string;
  name: string;
  language: string;
}

/** Its password is made, and told this once. */
export const accountAdd = (wanted: NewAccount): Order<{ address: string; password: string | null }> => ({
  name: 'account-add',
  fields: said({ ...wanted }),
  read: ({ facts }) => ({ address: facts.text('address'), password: facts.maybeText('password') }),
});

/** @param csv as `casella account import` takes it */
export const accountImport = (csv: string): Order<{ added: number; refused: number; errors: string[] }> => ({
  name: 'account-import',
  fields: { body: csv },
  read: ({ facts }) => ({
    added: facts.number('added'),
    refused: facts.number('refused'),
    errors: facts.texts('errors'),
  }),
});

export const aliasAdd = (address: string, alias: string) => deed('alias-add', { address, alias });
export const aliasRemove = (address: string, alias: string) => deed('alias-remove', { address, alias });

export interface Erasing {
  places: string[];
  /** Null where nobody can say now. */
  bytes: number | null;
  ordered: string | null;
}

export const wouldErase = (address: string): Order<Erasing> => ({
  name: 'account-erase',
  fields: { address, dryRun: true },
  read: ({ facts }) => ({
    places: facts.texts('places'),
    bytes: facts.maybeNumber('bytes'),
    ordered: facts.maybeText('ordered'),
  }),
});

export interface Erased {
  /** The signed certificate, as a file. */
  document: string;
  places: { place: string; confirmed: string | null }[];
}

export const accountErase = (address: string): Order<Erased> => ({
  name: 'account-erase',
  fields: { address, dryRun: false },
  read: ({ facts }) => ({
    document: JSON.stringify(facts.whole('document') ?? facts.whole('payload'), null, 2),
    places: facts
      .facts('payload')
      .list('places', (one) => ({ place: one.text('place'), confirmed: one.maybeText('confirmed') })),
  }),
});
