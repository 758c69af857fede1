/** Accounts, brands and plans of the fake, and what was ordered there. */
import { done, number, Refused, text, type Doing, type Order, type Row } from './doing.ts';
import { STAFF } from './staff.ts';
import { from, type FakeAccount } from './state.ts';

function account({ state, fields }: Doing, name: string): FakeAccount {
  const asked = text(fields, name);
  const found = state.accounts.find((one) => one.id === asked || one.address === asked);
  if (!found) throw new Refused('account: there is none with that address');
  return found;
}

const HOUR = 3_600_000;

export const people: Record<string, Order> = {
  'account-find': ({ state, fields }) => {
    const sought = text(fields, 'text').toLowerCase();
    return done(
      {},
      state.accounts
        .filter((one) => one.id === sought || one.address.startsWith(sought))
        .map(({ id, address, name, brand, plan, state }) => ({ id, address, name, brand, plan, state })),
    );
  },
  'account-show': (doing) => {
    const one = account(doing, 'account');
    const away = one.address.startsWith('anna@');
    return done({
      account: one,
      held: doing.state.held.has(one.address),
      cohort: 'slice-07',
      service: away
        ? {
            state: 'waiting',
            since: from(-2 * HOUR),
            place: { number: 12 },
            estimate: from(25 * 60_000),
          }
        : { state: 'whole', since: null, place: null, estimate: null },
      say: away
        ? {
            italian:
              'Lei è il numero 12 in fila; contiamo di aprire la sua casella verso le 18:40. La sua posta è al sicuro.',
            english:
              'You are number 12 in the line; we expect to open your mailbox at about 18:40. Your mail is safe.',
          }
        : { italian: 'Funziona tutto.', english: 'Everything works.' },
      availability: {
        address: one.address,
        account: one.id,
        begins: '2026-09-01T00:00:00Z',
        from: '2026-09-01T00:00:00Z',
        to: from(0),
        mailboxMillis: 5 * HOUR,
        capabilities: ['log-in', 'read', 'receive', 'send', 'push'].map((capability) => ({
          capability,
          awayMillis: capability === 'receive' ? 0 : 5 * HOUR,
          away:
            capability === 'receive'
              ? []
              : [
                  {
                    from: from(-72 * HOUR),
                    until: from(-67 * HOUR),
                    millis: 5 * HOUR,
                    own: false,
                    causes: ['engine'],
                  },
                ],
        })),
        protocols: [],
      },
      complaints: doing.state.complaints.filter((each) => each['account'] === one.id),
      compensation: [],
    });
  },
  'account-hold': (doing) => {
    const one = account(doing, 'address');
    if (doing.fields['held'] === true) doing.state.held.add(one.address);
    else doing.state.held.delete(one.address);
    return done({ ...one, held: doing.fields['held'] === true });
  },
  'account-state': (doing) => {
    const one = account(doing, 'address');
    one.state = text(doing.fields, 'state');
    return done(one);
  },
  'account-plan': (doing) => {
    const one = account(doing, 'address');
    one.plan = text(doing.fields, 'plan');
    return done(one);
  },
  restore: (doing) => {
    account(doing, 'account');
    if (text(doing.fields, 'asOf') === '') throw new Refused('as-of: must be said for an account');
    return done({ emails: 14, placements: 15, folders: 1, there: 204, missing: 0 });
  },
  proof: (doing) => {
    const one = account(doing, 'account');
    return done({
      document: { protected: 'e30', payload: 'e30', signature: 'AA' },
      payload: {
        document: 'casella-proof',
        format: 1,
        account: one.id,
        ended: from(0),
        emails: 218,
        copies: 436,
        vaults: [
          { name: 'files', technology: 'files', emailsRight: 218 },
          { name: 'pack', technology: 'pack', emailsRight: 218 },
        ],
        problems: [],
      },
    });
  },
  'cohort-move': (doing) =>
    done({
      address: account(doing, 'address').address,
      account: 'a',
      from: 'slice-07',
      to: text(doing.fields, 'to'),
      moved: doing.fields['dryRun'] !== true,
      dryRun: doing.fields['dryRun'] === true,
    }),
  'standby-open': () => done({ accounts: 1, switched: 1, failed: 0, continued: 0 }),
  'standby-return': () => done({ accounts: 1, switched: 1, failed: 0, continued: 0 }),
  'brand-list': ({ state }) => done({}, state.brands),
  'brand-add': ({ state, fields }) => {
    const name = text(fields, 'name');
    const before = state.brands.find((one) => one['name'] === name);
    if (before) Object.assign(before, fields);
    else state.brands.push({ ...fields, domains: [] });
    return done({ ...fields, domains: [] });
  },
  'domain-add': ({ state, fields }) => {
    const found = state.brands.find((one) => one['name'] === fields['brand']);
    if (!found) throw new Refused(`brand: there is no '${text(fields, 'brand')}'`);
    found['domains'] = [...(found['domains'] as string[]), text(fields, 'domain')];
    return done({ brand: fields['brand'], domain: fields['domain'] });
  },
  'brand-dkim': ({ fields }) =>
    done({ brands: 1 }, [
      {
        brand: text(fields, 'name'),
        domain: 'posta.example',
        selector: 'c2026',
        signs: true,
        name: 'c2026._domainkey.posta.example',
        type: 'TXT',
        text: 'v=DKIM1; k=ed25519; p=…',
        zone: 'c2026._domainkey.posta.example. TXT "v=DKIM1; k=ed25519; p=…"',
      },
    ]),
  'plan-list': ({ state }) => done({}, state.plans),
  'plan-add': ({ state, fields }) => {
    const before = state.plans.find((one) => one['name'] === fields['name']);
    const plan: Row = { ...fields, recoveryBytes: number(fields, 'recoveryBytes') };
    if (before) Object.assign(before, plan);
    else state.plans.push(plan);
    return done(plan);
  },
  'staff-list': () =>
    done(
      {},
      STAFF.map(({ name, roles }) => ({ name, roles, since: '2026-09-01T08:00:00Z' })),
    ),
  'audit-list': ({ state, fields }) => {
    const before = text(fields, 'before');
    const older = state.audit.filter((one) => before === '' || String(one['at']) < before);
    return done({}, older.slice(0, number(fields, 'limit')));
  },
};
