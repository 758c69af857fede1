/** What the fake server knows: a day in which something happened. */
import type { Row } from './doing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** When the incident began that is over: within the hours that are plotted. */
const BEGAN = -5.2 * HOUR;

export const from = (millis: number): string => new Date(Date.now() + millis).toISOString();

export interface FakeAccount extends Row {
  id: string;
  address: string;
  state: string;
  plan: string;
}

const account = (
  id: string,
  address: string,
  name: string,
  plan = 'free',
  state = 'active',
): FakeAccount => ({
  id,
  address,
  name,
  brand: address.split('@')[1]?.split('.')[0] ?? 'posta',
  plan,
  state,
  language: 'it',
  created: '2019-03-04T09:00:00Z',
  paidUntil: plan === 'plus' ? '2027-06-30T00:00:00Z' : null,
});

export class State {
  /** Who may look inside a mailbox now. */
  helper: string | null = null;
  readonly begun = Date.now();
  accounts: FakeAccount[] = [
    account('a1k7q0000000001', 'anna@posta.example', 'Anna Bianchi'),
    account('a1k7q0000000002', 'annalisa.deluca@posta.example', 'Annalisa De Luca', 'plus'),
    account('a1k7q0000000003', 'bruno@virgola.example', 'Bruno Conti', 'plus'),
    account('a1k7q0000000004', 'anselmo@posta.example', '', 'free', 'disabled'),
    account('a1k7q0000000005', 'dora@posta.example', 'Dora Serra', 'free', 'wiped'),
  ];
  held = new Set<string>();
  paused = new Map<string, { since: string; by: string }>();
  incidents: Row[] = [
    {
      incident: 1,
      titleIt: 'Alcune caselle si aprono lentamente',
      titleEn: 'Some mailboxes open slowly',
      severity: 'major',
      state: 'resolved',
      brands: [],
      opened: from(BEGAN),
      resolved: from(BEGAN + 5 * HOUR),
      notices: 3,
      cause: 'internal',
      causeEvidence: 'burn-in of 12 January: blocks past 1,032 objects',
      accounts: 18_400,
      reduced: 812,
      doors: ['imap', 'jmap'],
      apps: ['webmail 61 %', 'Thunderbird 22 %'],
      cohorts: ['slice-07'],
      part: { cohorts: [], doors: [], apps: [] },
      failed: {},
      evidence: 'engine.slow: p99 of reads 2.1 s, since 2026-11-20T09:02:00Z',
      entries: [
        {
          number: 1,
          at: from(BEGAN),
          by: 'carla',
          what: 'opened',
          it: 'Alcune caselle si aprono lentamente',
          en: 'Some mailboxes open slowly',
        },
        { number: 2, at: from(BEGAN), by: 'carla', what: 'counted', accounts: 18_400, reduced: 812 },
        {
          number: 3,
          at: from(BEGAN),
          by: 'carla',
          what: 'told',
          state: 'investigating',
          it: 'Alcune cose non funzionano come sempre. Stiamo cercando la causa.',
          en: 'Some things do not work as always. We are looking for the cause.',
          proof: '',
        },
        {
          number: 4,
          at: from(BEGAN + HOUR),
          by: 'casella',
          what: 'published',
          of: 3,
          channel: 'sms',
          why: '',
        },
        {
          number: 5,
          at: from(BEGAN + 2 * HOUR),
          by: 'carla',
          what: 'estimated',
          back: from(BEGAN + 6 * HOUR),
          confidence: 'medium',
        },
        {
          number: 6,
          at: from(BEGAN + 5 * HOUR),
          by: 'dario',
          what: 'told',
          state: 'resolved',
          it: 'È finita: tutto funziona come sempre.',
          en: 'It is over: everything works as always.',
          proof: 'verify --all, 18:40: 0 wrong',
        },
      ],
    },
  ];
  runs: Row[] = [];
  complaints: Row[] = [
    complaint(1, 'open', 'availability', -50, -20, 'Marta Galli', 'letter'),
    complaint(2, 'open', 'lost-mail', -28, 2, 'Giulio Ferri', 'mail'),
    complaint(3, 'open', 'compensation', -5, 25, 'Anna Bianchi', 'form', 'a1k7q0000000001'),
    complaint(4, 'closed', 'contract', -60, -30, 'Nora Sala', 'telephone'),
  ];
  breaches: Row[] = [
    {
      breach: 1,
      title: 'Caselle non raggiungibili',
      state: 'to-decide',
      incident: 1,
      aware: from(-40 * HOUR),
      awareBy: 'Turno di notte',
      deadline: from(32 * HOUR),
      leftSeconds: 32 * 3600,
      left: '32 h 0 min',
      over: false,
      lateSeconds: 0,
      late: '0 h 0 min',
      notified: null,
      versions: 1,
      people: 812,
      records: -1,
      missing: ['records', 'contact', 'consequences'],
      draft: {
        kinds: ['availability'],
        nature: 'Per cinque ore una parte delle caselle non si apriva.',
        peopleCategories: 'Titolari di caselle',
        people: 812,
        recordCategories: '',
        records: -1,
        contact: '',
        consequences: '',
        measures: 'Lettura dalla seconda copia.',
        delay: '',
        counted: { from: from(-3 * DAY), until: from(-3 * DAY + 5 * HOUR), accounts: 18_400, people: 812 },
      },
      notes: [
        {
          number: 1,
          at: from(-40 * HOUR),
          by: 'paola',
          what: 'opened',
          title: 'Caselle non raggiungibili',
        },
        {
          number: 2,
          at: from(-39 * HOUR),
          by: 'paola',
          what: 'drafted',
          version: 1,
          kinds: ['availability'],
          nature: 'Per cinque ore una parte delle caselle non si apriva.',
          people: 812,
          records: -1,
        },
      ],
    },
  ];
  vault: Row | null = {
    vault: 'pack-new',
    kind: 'pack',
    folder: '/srv/casella/vaults/pack-new',
    replaces: 'pack',
    stage: '10%',
    state: 'soaking',
    since: from(-20 * HOUR),
    why: '',
    burnIn: 'passed',
    forced: false,
    soak: "each stage's own",
    probation: '30d',
    trouble: null,
    waits: null,
    retire: 'it does not serve everybody yet',
    moved: { whole: 2204, accounts: 2204, behind: 0, objects: 1_322_400, bytes: 27_000_000_000, passes: 2 },
    measured: {
      writes: '88021',
      reads: '412040',
      failed: '0',
      right: '412040',
      wrong: '0',
      readMillis: '3.1',
    },
    evidence: [
      {
        at: from(-6 * DAY),
        by: 'carla',
        stage: 'added',
        what: 'burned in',
        why: 'passed: 4,194,304 objects, slowest write 41 ms',
        measured: {},
      },
      {
        at: from(-20 * HOUR),
        by: 'casella',
        stage: '10%',
        what: 'began',
        why: 'all gates of 1% were good for 24h',
        measured: { writes: '9120', wrong: '0' },
      },
    ],
  };
  brands: Row[] = [
    brand('posta', 'Posta', '#1a6b5a', ['posta.example'], ['posta.example', 'mail.posta.example']),
    brand('virgola', 'Virgola Mail', '#8a2b62', ['virgola.example'], ['virgola.example']),
  ];
  plans: Row[] = [
    {
      name: 'free',
      quotaBytes: 2 ** 30,
      paid: false,
      level: 'basic',
      recoveryDays: 30,
      recoveryBytes: 2 ** 30,
    },
    {
      name: 'plus',
      quotaBytes: 25 * 2 ** 30,
      paid: true,
      level: 'premium',
      recoveryDays: 90,
      recoveryBytes: 25 * 2 ** 30,
    },
  ];
  audit: Row[] = Array.from({ length: 260 }, (_, at) => ({
    at: from(-(at + 1) * 7 * 60_000),
    by: at % 3 === 0 ? 'carla' : 'dario',
    order:
      at % 2 === 0 ? 'AutomationPause[work=healer]' : 'AccountHold[address=anna@posta.example, held=true]',
    ended: [
      'done',
      'begins',
      'refused: account: there is none with that address',
      'done, and found something wrong',
    ][at % 4],
  }));
}

function brand(name: string, title: string, accent: string, domains: string[], hosts: string[]): Row {
  return { name, title, accent, domains, hosts, languages: ['it', 'en'] };
}

function complaint(
  id: number,
  state: string,
  category: string,
  receivedDays: number,
  dueDays: number,
  name: string,
  channel: string,
  account: string | null = null,
): Row {
  return {
    complaint: id,
    number: `R-2026-${String(id).padStart(4, '0')}`,
    state,
    category,
    channel,
    brand: 'posta',
    account,
    name,
    received: from(receivedDays * DAY),
    deadline: from(dueDays * DAY),
    overdue: state === 'open' && dueDays < 0,
    incident: id === 3 ? 1 : 0,
    association: '',
    protocol: channel === 'letter' ? '4471/2026' : '',
    contact: account === null ? 'Via Roma 4, Treviso' : 'anna@posta.example',
    subject: 'La mia casella',
    text: 'Per tre giorni non ho potuto leggere la posta.\nChiedo che cosa è successo, e un ristoro.',
    language: 'it',
    mandate: '',
    steps: [
      { number: 1, at: from(receivedDays * DAY + HOUR), by: 'casella', what: 'acknowledged', way: 'mail' },
    ],
    given: [],
  };
}
