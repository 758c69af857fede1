/** The console's views, for a proof of their numbers: what each asks for, and what has to be read there. */
import { size } from '../../../../kit/src/format.ts';
import { STAGES } from '../../../src/api/vaults.ts';
import { en as w } from '../../../src/words/en/index.ts';

const ACCOUNT = process.env['CASELLA_CONSOLE_ACCOUNT'] ?? 'anna@posta.example';
/** So many characters of a preview's digest are on its page. */
const DIGEST_SHOWN = 8;

export type Json = Record<string, unknown>;
export interface Given {
  facts: Json;
  rows: Json[];
}
/** What the orders of a view answered, by their names. */
export type Answers = Record<string, Given>;

/** What is at a path of names and places in a list. */
export function at(json: unknown, path: string): unknown {
  let here = json;
  for (const name of path.split('.')) here = (here as Record<string, unknown> | null)?.[name];
  return here;
}
export const number = (json: unknown, path: string): number => {
  const value = at(json, path);
  if (typeof value !== 'number') throw new Error(`${path} is no number: ${String(value)}`);
  return value;
};
export const list = (json: unknown, path: string): Json[] => (at(json, path) ?? []) as Json[];
export const text = (json: unknown, path: string): string => String(at(json, path) ?? '');
export const fmt = (value: number) => new Intl.NumberFormat(w.locale).format(value);
export const bytes = (value: number) => size(w.locale, value);

/** As the reader's clock has it. */
const second = (iso: string): string =>
  new Intl.DateTimeFormat(w.locale, {
    timeZone: 'Europe/Rome',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(iso));

export interface View {
  place: string;
  ready: string;
  asks: [string, Json?][];
  /** What has to be read on the page. */
  says(answers: Answers): string[];
  /** What the page says in numbers of its own: stages, articles, hours of the law. */
  own?(answers: Answers): string;
  /** How many there have to be of what. */
  counts?(answers: Answers): [string, number][];
}

const of = (answers: Answers, order: string): Given => answers[order] ?? { facts: {}, rows: [] };

const drill = (one: Json) =>
  w.drills.figures(number(one, 'accepted'), number(one, 'refused'), number(one, 'lost'));

export const VIEWS: View[] = [
  {
    place: '#/overview',
    own: () => w.overview.breachRuns(''),
    ready: '#machine',
    asks: [
      ['status'],
      ['doctor'],
      ['debt'],
      ['incident-list'],
      ['complaint-list', { due: 3 }],
      ['breach-list'],
      ['automation-list'],
      ['vault-list'],
      ['reopen-status'],
      ['trends'],
    ],
    says: (a) => {
      const { facts } = of(a, 'status');
      const [urgent, personal, bulk] = ['urgent', 'personal', 'bulk'].map((kind) =>
        Number(at(facts, `queue.${kind}`) ?? 0),
      ) as [number, number, number];
      const service = [
        number(facts, 'service.standby'),
        number(facts, 'service.continuation'),
        number(facts, 'service.apart'),
      ] as const;
      const findings = list(of(a, 'doctor').facts, 'findings').length;
      const owed = number(of(a, 'debt').facts, 'objects');
      return [
        ...(findings > 0 ? [w.overview.wrong(findings)] : []),
        w.overview.elsewhereText(...service),
        w.overview.elsewhere(service[0] + service[1] + service[2]),
        `${w.overview.partsTitle} (${list(facts, 'parts').length})`,
        owed === 0 ? w.overview.twiceYes : w.overview.twiceNo(owed),
        ...list(of(a, 'debt').facts, 'vaults').flatMap((vault) => [
          w.overview.vaultOwes(number(vault, 'objects')),
          w.overview.couldRebuild(fmt(number(vault, 'couldRebuild')), fmt(number(vault, 'ofAccounts'))),
        ]),
        w.overview.mailWaits(urgent + personal + bulk),
        w.overview.priorities(urgent, personal, bulk),
        w.overview.owners(number(of(a, 'reopen-status').facts, 'waiting')),
        w.overview.reopening(
          number(of(a, 'reopen-status').facts, 'entered'),
          number(of(a, 'reopen-status').facts, 'waiting'),
        ),
        w.overview.complaintsDue(
          number(of(a, 'complaint-list').facts, 'overdue'),
          number(of(a, 'complaint-list').facts, 'dueSoon'),
        ),
      ];
    },
  },
  {
    place: `#/accounts/find%2F${ACCOUNT.slice(0, 1)}`,
    ready: 'main .rows a',
    asks: [['account-find', { text: ACCOUNT.slice(0, 1), limit: 50 }]],
    says: () => [],
    counts: (a) => [['main .rows li', of(a, 'account-find').rows.length]],
  },
  {
    place: `#/accounts/${encodeURIComponent(ACCOUNT)}`,
    ready: 'blockquote',
    own: () => w.help.text,
    asks: [['account-show', { account: ACCOUNT }]],
    says: (a) => {
      const { facts } = of(a, 'account-show');
      return [
        w.accounts.place(fmt(number(facts, 'service.place.number'))),
        text(facts, 'complaints.0.number'),
        `${w.incidents.number(number(facts, 'compensation.0.incident'))}: +${bytes(number(facts, 'compensation.0.quotaBytes'))}`,
        ...list(facts, 'availability.capabilities').map(
          (one) => `${w.accounts.intervals} (${list(one, 'away').length})`,
        ),
      ];
    },
  },
  {
    place: '#/vaults',
    ready: 'main .rows a',
    asks: [['vault-list']],
    says: (a) =>
      of(a, 'vault-list')
        .rows.filter((row) => row['role'] === 'home')
        .map((row) => w.vaults.holds(w.common.objects(number(row, 'objects')), bytes(number(row, 'bytes')))),
    counts: (a) => [['main .rows li', of(a, 'vault-list').rows.length]],
  },
  {
    place: '#/vaults/nuovo',
    own: () => STAGES.join(' '),
    ready: '[aria-current=step]',
    asks: [['vault-show', { name: 'nuovo' }]],
    says: (a) => [text(of(a, 'vault-show').facts, 'folder')],
  },
  {
    place: '#/vaults/cohorts',
    ready: 'main table',
    asks: [['cohort-list']],
    says: (a) => [
      w.common.accounts(number(of(a, 'cohort-list').facts, 'accounts')),
      ...of(a, 'cohort-list').rows.map((row) =>
        [text(row, 'cohort'), fmt(number(row, 'accounts')), fmt(number(row, 'placed'))].join(' '),
      ),
    ],
    counts: (a) => [['main tbody tr', of(a, 'cohort-list').rows.length]],
  },
  {
    place: '#/vaults/standby',
    ready: 'main .verdict',
    asks: [['standby-list']],
    says: (a) => [
      w.common.accounts(
        number(of(a, 'standby-list').facts, 'accounts') +
          Number(at(of(a, 'standby-list').facts, 'continued') ?? 0),
      ),
    ],
    counts: (a) => [['main .rows li', of(a, 'standby-list').rows.length]],
  },
  {
    place: '#/vaults/reopening',
    ready: 'main dl.facts',
    asks: [['reopen-status']],
    says: (a) => {
      const { facts } = of(a, 'reopen-status');
      return [
        w.vaults.step(number(facts, 'step'), number(facts, 'steps')),
        `${w.vaults.entered} ${fmt(number(facts, 'entered'))}`,
        `${w.vaults.waiting} ${fmt(number(facts, 'waiting'))}`,
      ];
    },
    counts: (a) => [['main .rows li', list(of(a, 'reopen-status').facts, 'gates').length]],
  },
  {
    place: '#/vaults/care',
    ready: 'main dl.facts',
    asks: [['collect-status']],
    says: (a) =>
      Object.entries((at(of(a, 'collect-status').facts, 'usual') ?? {}) as Record<string, number>).map(
        ([vault, usual]) => `${w.care.usual(vault)} ${fmt(usual)}`,
      ),
  },
  {
    place: '#/queue',
    ready: 'main .rows a',
    asks: [['queue-list']],
    says: (a) => {
      const { facts, rows } = of(a, 'queue-list');
      return [
        w.queue.waiting(number(facts, 'recipients')),
        `${w.overview.priorities(Number(facts['urgent'] ?? 0), Number(facts['personal'] ?? 0), Number(facts['bulk'] ?? 0))} · ${bytes(number(facts, 'bytes'))}`,
        ...rows.map((row) => `${bytes(number(row, 'bytes'))} · ${w.queue.attempts(number(row, 'attempts'))}`),
      ];
    },
    counts: (a) => [['main .rows li', of(a, 'queue-list').rows.length]],
  },
  {
    place: '#/incidents',
    ready: 'main .rows a',
    asks: [['incident-list']],
    says: (a) =>
      of(a, 'incident-list').rows.flatMap((row) => [
        w.incidents.number(number(row, 'incident')),
        w.common.accounts(number(row, 'accounts')),
      ]),
  },
  {
    place: '#/incidents/1',
    ready: '.timeline',
    asks: [['incident-show', { incident: 1 }]],
    says: (a) => [
      w.incidents.counted(
        number(of(a, 'incident-show').facts, 'accounts'),
        number(of(a, 'incident-show').facts, 'reduced'),
      ),
    ],
    counts: (a) => [['.timeline > li', list(of(a, 'incident-show').facts, 'entries').length]],
  },
  {
    place: '#/compensation',
    ready: 'main .rows a',
    asks: [['compensation-status'], ['incident-list']],
    says: (a) =>
      of(a, 'compensation-status').rows.map((row) =>
        w.compensation.got(number(row, 'credited'), number(row, 'accounts')),
      ),
  },
  {
    place: '#/compensation/1',
    own: (a) => text(of(a, 'compensation-status').rows[0], 'digest').slice(0, DIGEST_SHOWN),
    ready: 'main table',
    asks: [['compensation-status', { incident: 1 }]],
    says: (a) => {
      const run = of(a, 'compensation-status').rows[0];
      return [
        w.compensation.got(number(run, 'credited'), number(run, 'accounts')),
        w.compensation.inAll(bytes(number(run, 'quotaBytes')), number(run, 'months')),
        ...list(run, 'lines').map((line) =>
          [
            text(line, 'brand'),
            text(line, 'plan'),
            text(line, 'rule') || w.compensation.tooShort,
            fmt(number(line, 'accounts')),
            number(line, 'quotaBytes') > 0 ? bytes(number(line, 'quotaBytes')) : '–',
            number(line, 'months') > 0 ? fmt(number(line, 'months')) : '–',
            fmt(number(line, 'credited')),
          ].join(' '),
        ),
      ];
    },
  },
  {
    place: '#/complaints',
    ready: 'main .deadlines',
    asks: [['complaint-list']],
    says: (a) => {
      const { facts, rows } = of(a, 'complaint-list');
      return [
        w.complaints.figures(number(facts, 'open'), number(facts, 'answered'), number(facts, 'closed')),
        ...rows.map((row) => text(row, 'number')),
      ];
    },
    counts: (a) => [['main .rows li', of(a, 'complaint-list').rows.length]],
  },
  {
    place: '#/privacy',
    ready: 'main .rows a',
    asks: [['breach-list']],
    says: (a) =>
      of(a, 'breach-list').rows.flatMap((row) => [
        w.privacy.versions(number(row, 'versions')),
        w.incidents.number(number(row, 'incident')),
      ]),
    counts: (a) => [['main .rows li', of(a, 'breach-list').rows.length]],
  },
  {
    place: '#/privacy/1',
    own: () => `${w.privacy.clockLeft('')} ${w.privacy.missing}`,
    ready: 'meter',
    asks: [['breach-show', { breach: 1 }]],
    says: (a) =>
      (['people', 'records'] as const).map((name) => {
        const about = number(of(a, 'breach-show').facts, `draft.${name}`);
        return `${w.privacy[name]} ${about < 0 ? w.common.unknown : fmt(about)}`;
      }),
  },
  {
    place: '#/brands',
    ready: '#plans',
    asks: [['brand-list'], ['plan-list']],
    says: (a) =>
      of(a, 'plan-list').rows.map((row) =>
        w.brands.line(
          bytes(number(row, 'quotaBytes')),
          w.brands.levels[text(row, 'level')] ?? '',
          number(row, 'recoveryDays'),
          bytes(number(row, 'recoveryBytes')),
        ),
      ),
    counts: (a) => [
      ['section[aria-labelledby=brands] li', of(a, 'brand-list').rows.length],
      ['section[aria-labelledby=plans] li', of(a, 'plan-list').rows.length],
    ],
  },
  {
    place: '#/drills',
    ready: '#past',
    asks: [['drill-reports']],
    says: (a) => of(a, 'drill-reports').rows.map(drill),
    counts: (a) => [['section[aria-labelledby=past] li', of(a, 'drill-reports').rows.length]],
  },
  {
    place: '#/audit',
    ready: 'main .rows .meta',
    asks: [['audit-list', { limit: 200 }]],
    says: (a) => of(a, 'audit-list').rows.map((row) => second(text(row, 'at'))),
    own: (a) =>
      of(a, 'audit-list')
        .rows.map((row) => second(text(row, 'at')))
        .join(' '),
    counts: (a) => [['main .rows > li', of(a, 'audit-list').rows.length]],
  },
  {
    place: '#/audit/staff',
    ready: 'main .rows strong',
    asks: [['staff-list']],
    says: () => [],
    counts: (a) => [['main .rows li', of(a, 'staff-list').rows.length]],
  },
];
