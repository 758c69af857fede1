/**
 * Proves that every number on every page is one that the API answers: each view is walked before a running
 * server that has something of everything, and what it shows is compared with what the test itself is told.
 * Says what it needs to know in `story.e2e.ts`; a vault on its way has to be called `nuovo`, a report of a
 * drill has to be kept, and incident, complaint and breach 1 to be there.
 */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader, startBrowser } from '../../../../kit/test/browser.ts';
import { size } from '../../../../kit/src/format.ts';
import { dialog } from '../world.ts';
import { STAGES } from '../../../src/api/vaults.ts';
import { en as w } from '../../../src/words/en/index.ts';

const asked = process.env['CASELLA_CONSOLE_URL'] ?? '';
const CONSOLE = asked.endsWith('/') ? asked : `${asked}/`;
const [NAME = '', PASSWORD = ''] = (process.env['CASELLA_CONSOLE_STAFF'] ?? 'carla:casella').split(':');
const ACCOUNT = process.env['CASELLA_CONSOLE_ACCOUNT'] ?? 'anna@posta.example';
const TRIES = 4;
/** So many characters of a preview's digest are on its page. */
const DIGEST_SHOWN = 8;

type Json = Record<string, unknown>;
interface Given {
  facts: Json;
  rows: Json[];
}
/** What the orders of a view answered, by their names. */
type Answers = Record<string, Given>;

/** What is at a path of names and places in a list. */
function at(json: unknown, path: string): unknown {
  let here = json;
  for (const name of path.split('.')) here = (here as Record<string, unknown> | null)?.[name];
  return here;
}
const number = (json: unknown, path: string): number => {
  const value = at(json, path);
  if (typeof value !== 'number') throw new Error(`${path} is no number: ${String(value)}`);
  return value;
};
const list = (json: unknown, path: string): Json[] => (at(json, path) ?? []) as Json[];
const text = (json: unknown, path: string): string => String(at(json, path) ?? '');
const fmt = (value: number) => new Intl.NumberFormat(w.locale).format(value);
const bytes = (value: number) => size(w.locale, value);

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

interface View {
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

const VIEWS: View[] = [
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

let browser: Browser;
let reader: Reader;
/** What of an order's answer is not as the server's own document has it. */
let odd: (given: unknown) => string[];

/** Reads the document that the server gives out, which has to be one. */
async function documented(): Promise<typeof odd> {
  const document = (await (await fetch(new URL('/api', CONSOLE))).json()) as Json;
  expect((await new Validator().validate(structuredClone(document))).errors).toBeUndefined();
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  const matches = ajv.compile(at(document, 'components.schemas.Outcome') as Json);
  return (given) => (matches(given) ? [] : (matches.errors ?? []).map((one) => JSON.stringify(one)));
}

beforeAll(async () => {
  odd = await documented();
  browser = await startBrowser();
  reader = await Reader.arrive(browser, { language: 'en' });
  reader.context.setDefaultTimeout(30_000);
  const { page } = reader;
  await page.goto(CONSOLE);
  await page.locator('#login').fill(NAME);
  await page.locator('#password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.side nav a').first().waitFor();
});
afterAll(async () => {
  await browser.close();
});

async function ask(page: Page, order: string, fields: Json = {}): Promise<Given> {
  const answer = await page.request.post(new URL(`/api/v1/orders/${order}`, CONSOLE).href, { data: fields });
  expect(answer.status(), `${order}: ${await answer.text()}`).toBe(200);
  const given = (await answer.json()) as Given;
  expect(odd(given), order).toEqual([]);
  return given;
}

/** Every number there is in answers, as the console may write it. */
function known(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value === 'number') {
    for (const one of [fmt(value), String(value), bytes(value), fmt(value / 1000)]) tokens(one, into);
    into.add(new Intl.NumberFormat(w.locale, { minimumFractionDigits: 1 }).format(value / 1000));
  } else if (typeof value === 'string') tokens(value, into);
  else if (Array.isArray(value)) {
    into.add(String(value.length));
    value.forEach((one) => known(one, into));
  } else if (value !== null && typeof value === 'object') {
    Object.entries(value).forEach(([name, one]) => (tokens(name, into), known(one, into)));
  }
  return into;
}

function tokens(words: string, into = new Set<string>()): Set<string> {
  for (const [token] of words.matchAll(/\d+(?:[.,]\d+)*/g)) into.add(token);
  return into;
}

/** What is read on the page; times of day and how long ago they were are made of times, and let be. */
async function read(page: Page): Promise<{ all: string; rest: string }> {
  return page.evaluate(() => {
    const main = document.querySelector<HTMLElement>('main#content')?.cloneNode(true) as HTMLElement;
    const flat = (element: Element) => (element.textContent ?? '').replace(/\s+/g, ' ');
    for (const cell of main.querySelectorAll('td, th, dt, dd, li, p, span, h2, summary')) cell.append(' ');
    const all = flat(main);
    for (const gone of main.querySelectorAll('time, figure, .fresh, input, select, nav, header h1'))
      gone.remove();
    return { all, rest: flat(main).replace(/\d+ (d|h|min|s)\b/g, '') };
  });
}

/** What is on the page and should not be, or should be and is not. */
async function differences(page: Page, view: View): Promise<string[]> {
  const answers: Answers = {};
  for (const [order, fields] of view.asks) answers[order] = await ask(page, order, fields);
  const { all, rest } = await read(page);
  const found = view
    .says(answers)
    .map((line) => line.replace(/\s+/g, ' '))
    .filter((line) => !all.replace(/ +/g, ' ').includes(line))
    .map((line) => `not read: ${line}`);
  for (const [selector, expected] of view.counts?.(answers) ?? []) {
    const there = await page.locator(selector).count();
    if (there !== expected) found.push(`${there} instead of ${expected} of ${selector}`);
  }
  const may = tokens(view.own?.(answers) ?? '', known(answers));
  for (const token of tokens(rest)) if (!may.has(token)) found.push(`nobody said: ${token}`);
  return found;
}

test.each(VIEWS)(
  '$place',
  async (view) => {
    const { page } = reader;
    let found: string[] = [];
    // Between the page's question and ours something may have changed: then both are asked again.
    for (let time = 0; time < TRIES; time++) {
      await page.goto('about:blank');
      await page.goto(CONSOLE + view.place);
      await page.locator(view.ready).first().waitFor();
      await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null);
      found = await differences(page, view);
      if (found.length === 0) break;
    }
    expect(found).toEqual([]);
  },
  120_000,
);

test('what was lost is reckoned as the API reckons it', async () => {
  const { page } = reader;
  await page.goto(`${CONSOLE}#/privacy/losses`);
  await page.getByRole('button', { name: w.privacy.reckon }).click();
  await dialog(page).getByRole('button', { name: w.privacy.reckon }).click();
  await dialog(page).getByText(w.deed.ended).waitFor();
  // The first line says from when to when.
  const shown = tokens((await dialog(page).locator('.told li').allInnerTexts()).slice(1).join(' '));
  const { facts } = await ask(page, 'losses');
  const may = known(facts);
  expect([...shown].filter((token) => !may.has(token))).toEqual([]);
  for (const name of ['accepted', 'filed', 'pending', 'lost'])
    expect(shown).toContain(fmt(number(facts, name)));
}, 60_000);

test('nothing was against the page’s policy, and nothing broke', () => {
  expect(reader.problems).toEqual([]);
});
