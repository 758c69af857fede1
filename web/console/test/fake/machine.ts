/** How the fake server is, and what it does by itself. */
import { done, Refused, text, type Order, type Row } from './doing.ts';
import { from } from './state.ts';

const WORKS = ['healer', 'standby', 'collector', 'ladder', 'reopen'];
const MINUTES = 6 * 60;

/** A wave that comes to something near its middle, as a fault does. */
const wave = (base: number, swing: number, hill: number): [number, number][] => {
  const now = Math.floor(Date.now() / 60_000) * 60;
  return Array.from({ length: MINUTES }, (_, at) => {
    const peak = hill * Math.exp(-(((at - MINUTES * 0.6) / 25) ** 2));
    return [now - (MINUTES - at) * 60, Math.max(0, Math.round(base + swing * Math.sin(at / 23) + peak))];
  });
};

const PARTS: Row[] = ['engine', 'tail', 'vault files', 'vault pack', 'queue', 'directory'].map((name) => ({
  name,
  state: name === 'vault pack' ? 'degraded' : 'whole',
  ...(name === 'vault pack' ? { detail: 'its breaker is half-open' } : {}),
  since: from(name === 'vault pack' ? -38 * 60_000 : -9 * 24 * 3_600_000),
  probe: { p50Millis: 0.4, p99Millis: 2.1 },
}));

const WAITING: Row[] = [
  {
    arrival: 'v0001',
    message: 'q7k2m9',
    priority: 'urgent',
    account: 'a1k7q0000000001',
    address: 'anna@posta.example',
    received: from(-14 * 60_000),
    bytes: 48_112,
    attempts: 3,
    due: from(2 * 60_000),
    why: 'the account is being switched to its second copy',
  },
  {
    arrival: 'v0002',
    message: 'q7k2n4',
    priority: 'personal',
    account: 'a1k7q0000000003',
    address: 'bruno@virgola.example',
    received: from(-6 * 60_000),
    bytes: 2_204_800,
    attempts: 1,
  },
];

export const machine: Record<string, Order> = {
  status: () =>
    done(
      {
        status: 'degraded',
        parts: PARTS,
        holes: { opened: 1, possibleDuplicates: 0, newest: from(-9 * 24 * 3_600_000) },
        service: { standby: 12, continuation: 0, apart: 1 },
        debt: { objects: 1840, oldestSeconds: 2280 },
        queue: { urgent: 1, personal: 1, bulk: 0, oldestSeconds: 840 },
        archive: { waitingBytes: 14_200_000, oldestSeconds: 41 },
        wrong: [],
        paused: [],
      },
      [],
      true,
    ),
  doctor: () =>
    done({
      well: false,
      findings: [
        {
          symptom: 'vault.pack',
          level: 'critical',
          title: 'A vault does not answer',
          since: from(-38 * 60_000),
          seen: 'vault pack answers 61 of 100 calls',
          machine: 'reads come from the other vault; what it misses is owed',
          operator: 'look at its disk',
          runbook: 'docs/operations/runbooks/vault.md',
        },
      ],
      over: [
        {
          symptom: 'queue.old',
          title: 'Mail waits for long',
          since: from(-30 * 3_600_000),
          until: from(-28 * 3_600_000),
        },
      ],
      paused: [],
    }),
  debt: () =>
    done({
      objects: 1840,
      bytes: 37_000_000,
      accounts: 61,
      oldestSeconds: 2280,
      vaults: [
        {
          name: 'files',
          technology: 'files',
          breaker: 'closed',
          surveyed: true,
          objects: 0,
          bytes: 0,
          accounts: 0,
          removals: 0,
          couldRebuild: 22_040,
          ofAccounts: 22_040,
          provenSince: from(-2 * 24 * 3_600_000),
          notWhole: 0,
        },
        {
          name: 'pack',
          technology: 'pack',
          breaker: 'half-open',
          surveyed: true,
          objects: 1840,
          bytes: 37_000_000,
          accounts: 61,
          removals: 0,
          couldRebuild: 21_979,
          ofAccounts: 22_040,
          provenSince: null,
          notWhole: 61,
        },
      ],
    }),
  'automation-list': ({ state }) =>
    done(
      {},
      WORKS.map((work) => ({ work, paused: state.paused.has(work), ...state.paused.get(work) })),
    ),
  'automation-pause': ({ state, fields, by }) => {
    state.paused.set(text(fields, 'work'), { since: from(0), by });
    return done({});
  },
  'automation-resume': ({ state, fields }) => {
    state.paused.delete(text(fields, 'work'));
    return done({});
  },
  trends: () =>
    done({
      every: 60,
      series: [
        { name: 'debt', unit: 'objects', points: wave(0, 0, 1840) },
        { name: 'queue', unit: 'mails', points: wave(3, 2, 90) },
        { name: 'delivered', unit: 'per minute', points: wave(120, 60, -60) },
        { name: 'logins', unit: 'per minute', points: wave(40, 22, 130) },
        { name: 'elsewhere', unit: 'accounts', points: wave(0, 0, 13) },
      ],
    }),
  'queue-list': () =>
    done(
      { recipients: 2, urgent: 1, personal: 1, bulk: 0, bytes: 2_252_912, oldestSeconds: 840, files: 1 },
      WAITING,
    ),
  'queue-show': ({ fields }) => {
    const some = WAITING.filter(({ message }) => message === fields['message']);
    if (some.length === 0) throw new Refused(`message: nobody waits for ${text(fields, 'message')}`);
    return done(
      {
        message: text(fields, 'message'),
        priority: 'urgent',
        received: from(-14 * 60_000),
        sender: 'avvisi@comune.example',
        bytes: 48_112,
        segment: 4,
        offset: 812,
        recipients: some.length,
      },
      some,
    );
  },
  'vault-list': ({ state }) =>
    done({}, [
      {
        vault: 'files',
        kind: 'files',
        role: 'home',
        state: 'closed',
        objects: 13_224_000,
        bytes: 268_000_000_000,
      },
      {
        vault: 'pack',
        kind: 'pack',
        role: 'home',
        state: 'half-open',
        objects: 13_222_160,
        bytes: 266_000_000_000,
      },
      ...(state.vault
        ? [
            {
              vault: 'pack-new',
              kind: 'pack',
              role: 'on its way into the place of pack',
              state: `${state.vault['stage']}, ${state.vault['state']}`,
            },
          ]
        : []),
      { vault: 'rocks', kind: '', role: 'retired', state: 'since 2026-09-01; its files hold mail' },
    ]),
  'vault-show': ({ state, fields }) => {
    if (fields['name'] !== 'pack-new' || !state.vault) throw new Refused('vault: it is not on its way');
    return done(state.vault);
  },
  'vault-add': ({ fields }) => {
    if (text(fields, 'name') === '') throw new Refused('name: must be said');
    return done({
      vault: text(fields, 'name'),
      kind: text(fields, 'kind'),
      folder: text(fields, 'folder') || `/srv/casella/vaults/${text(fields, 'name')}`,
      replaces: text(fields, 'replaces') || 'files',
      probation: '30d',
      dryRun: fields['dryRun'] === true,
    });
  },
  'vault-halt': ({ state }) => {
    if (state.vault) state.vault = { ...state.vault, state: 'halted', why: 'halted by an operator' };
    return done(state.vault ?? {});
  },
  'cohort-list': () =>
    done({ accounts: 22_040 }, [
      { cohort: 'staff', order: 0, accounts: 14, placed: 14, brands: { posta: 14 }, plans: { plus: 14 } },
      {
        cohort: 'volunteers',
        order: 1,
        accounts: 120,
        placed: 120,
        brands: { posta: 80, virgola: 40 },
        plans: { free: 120 },
      },
      ...Array.from({ length: 6 }, (_, at) => ({
        cohort: `slice-0${at}`,
        order: 2 + at,
        accounts: 219,
        placed: 0,
        brands: { posta: 140, virgola: 79 },
        plans: { free: 180, plus: 39 },
      })),
    ]),
  'standby-list': () =>
    done({ accounts: 1, continued: 1 }, [
      {
        account: 'a1k7q0000000003',
        address: 'bruno@virgola.example',
        place: 'continuation',
        since: from(-9 * 60_000),
      },
      {
        account: 'a1k7q0000000001',
        address: 'anna@posta.example',
        epoch: 4,
        since: from(-14 * 60_000),
        reason: 'hung',
        returning: false,
      },
    ]),
  'reopen-status': () => done({ underWay: false, ended: from(-3 * 24 * 3_600_000) }),
  'reopen-plan': () =>
    done({ accounts: 22_040, soakSeconds: 600, paidFirst: false, underWay: false }, [
      { step: 1, letsIn: 'staff', accounts: 14, earliestSeconds: 60 },
      { step: 2, letsIn: 'volunteers', accounts: 120, earliestSeconds: 120 },
      { step: 3, letsIn: 'slices 00 to 04', accounts: 1100, earliestSeconds: 720 },
      { step: 4, letsIn: 'slices 05 to 99', accounts: 20_806, earliestSeconds: 1320 },
    ]),
  'drill-run': async ({ fields, by, progress }) => {
    progress(30, 60, 'seconds');
    return done({
      version: 2,
      drill: text(fields, 'name'),
      cohort: text(fields, 'cohort'),
      by,
      begun: from(-60_000),
      passed: true,
      aborted: '',
      darkMinutes: 0,
      accepted: 61,
      refused: 0,
      lost: 0,
      duplicated: 0,
      identifiersChanged: 0,
      wrongBytesServed: 0,
      timeToDialToneMillis: 1420,
      returned: true,
      checks: [{ what: 'nothing is owed after it', held: true }],
      timeline: [],
      folder: '/srv/casella/drills/2026-11-23-engine-hung',
    });
  },
  'drill-stop': () => done({ runs: false, stopped: false }),
};
