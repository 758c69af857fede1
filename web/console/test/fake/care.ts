/** The fake's care for what mailboxes hold, new mailboxes, and reports that are kept. */
import { done, Refused, text, type Order, type Row } from './doing.ts';
import { from } from './state.ts';

const DAY = 24 * 3_600_000;

const report = (name: string, drill: string, days: number, passed: boolean): Row => ({
  report: name,
  drill,
  cohort: 'slice-07',
  by: 'staff:carla',
  begun: from(-days * DAY),
  passed,
  aborted: null,
  darkMinutes: 0,
  accepted: 118,
  refused: 0,
  lost: passed ? 0 : 2,
  duplicated: 0,
  identifiersChanged: 0,
  wrongBytesServed: 0,
  timeToDialToneMillis: 1_840,
  returned: true,
  checks: [{ what: 'Every answer with wrong bytes was found and repaired', held: passed }],
  timeline: [
    { atMillis: 0, what: 'begun' },
    { atMillis: 2_100, what: 'the fault is on' },
    { atMillis: 62_300, what: 'all is as before' },
  ],
  folder: `/srv/casella/drills/${name}`,
});

const REPORTS = [
  report('20261102T030000Z-vault-lying', 'vault-lying', 21, false),
  report('20261116T030000Z-engine-hung', 'engine-hung', 7, true),
];

export const care: Record<string, Order> = {
  verify: ({ fields, progress }) => {
    if (!fields['account']) progress(11_020, 22_040, 'accounts');
    return done(
      { accounts: fields['account'] ? 1 : 22_040, emails: 412, wrong: 1, lost: 0, holes: 0 },
      [
        {
          account: 'a1k7q0000000001',
          address: 'anna@posta.example',
          emails: 412,
          copies: 823,
          problems: [{ what: 'a copy is missing in pack', repair: 'the healer copies it' }],
        },
      ],
      true,
    );
  },
  rebuild: ({ fields }) =>
    done({ accounts: fields['account'] ? 1 : 22_040, rebuilt: 1, failed: 0 }, [
      { account: 'a1k7q0000000001', outcome: 'rebuilt' },
    ]),
  'quarantine-release': ({ fields }) => {
    if (text(fields, 'account') !== 'bruno@virgola.example')
      throw new Refused('account: it is not set aside');
    return done({ account: 'a1k7q0000000003', outcome: 'released' });
  },
  'collect-status': () =>
    done(
      {
        state: 'asks',
        lastRun: from(-DAY),
        reason: 'volume',
        what: '41,200 objects of pack may go; usually it is 900 a run',
        confirmed: 'means: this once so much may go',
        aside: [],
        usual: { files: 910, pack: 897 },
      },
      [],
      true,
    ),
  'collect-run': ({ fields }) =>
    fields['confirm'] === true
      ? done({ accounts: 22_040, condemned: 41_200, later: 12, 'removed-pack': 41_200 })
      : done(
          { state: 'asks', reason: 'volume', what: '41,200 objects of pack may go', confirmed: '' },
          [],
          true,
        ),
  'cohort-show': ({ fields }) =>
    text(fields, 'what').includes('@')
      ? done({ address: fields['what'], account: 'a', cohort: 'volunteers', placed: true, slice: 'slice-07' })
      : done({ cohort: fields['what'], order: 3, accounts: 221, placed: 4, brands: {}, plans: {} }),
  'account-add': ({ state, fields }) => {
    const address = text(fields, 'address');
    if (state.accounts.some((one) => one.address === address)) throw new Refused('address: is taken');
    return done({ address, id: 'a1k7q0000000009', password: 'vela-corda-neve-pane' });
  },
  'account-import': () => done({ added: 2, refused: 1, errors: ['line 3: address: is taken'] }, [], true),
  'alias-add': ({ fields }) => done({ address: fields['address'] }),
  'alias-remove': ({ fields }) => done({ address: fields['address'] }),
  'account-erase': ({ state, fields }) => {
    const one = state.accounts.find(({ address }) => address === fields['address']);
    if (one?.state !== 'wiped') throw new Refused('address: the account must be wiped first (account wipe)');
    const places = ['engine', 'queue', 'tail', 'vault.files', 'vault.pack'];
    if (fields['dryRun'] === true) {
      return done({ dryRun: true, account: one.id, address: one.address, places, bytes: 48_200_000 });
    }
    const payload = {
      account: one.id,
      places: places.map((place) => ({ place, confirmed: place === 'vault.pack' ? null : from(0) })),
    };
    return done({ document: { payload: 'e30', signature: 'x' }, payload }, [], true);
  },
  'alerts-test': () =>
    done({}, [
      { channel: 'webhook', ended: 'sent' },
      { channel: 'mail', ended: 'sent' },
    ]),
  'support-bundle': ({ file, fields }) =>
    done({ to: fields['to'], bytes: 3, download: file(text(fields, 'to'), Buffer.from('PK!')) }),
  'drill-reports': () => done({}, REPORTS),
  'drill-report': ({ fields }) => {
    const one = REPORTS.find((each) => each['report'] === fields['report']);
    if (!one) throw new Refused(`report: there is no report yet of ${text(fields, 'report')}`);
    return done({ ...one, text: `# Drill ${String(one['drill'])}\n` });
  },
};
