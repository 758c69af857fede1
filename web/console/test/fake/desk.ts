/** The fake's incident desk: incidents, complaints, breaches. */
import { done, number, Refused, text, type Doing, type Fields, type Order, type Row } from './doing.ts';
import { from } from './state.ts';

export const list = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);

function of(rows: Row[], key: string, wanted: number): Row {
  const found = rows.find((one) => one[key] === wanted);
  if (!found) throw new Refused(`${key}: there is no ${wanted}`);
  return found;
}

const words = (fields: Fields, name: string): { it: string; en: string } | null => {
  const value = fields[name] as { italian?: string; english?: string } | undefined;
  return value ? { it: value.italian ?? '', en: value.english ?? value.italian ?? '' } : null;
};

const READY = {
  it: 'Alcune cose non funzionano come sempre. Stiamo cercando la causa e vi aggiorniamo qui.',
  en: 'Some things do not work as always. We are looking for the cause and will tell you more here.',
};

function assured(said: { it: string }, fields: Fields): void {
  if (!/nessun dato/i.test(said.it) || fields['proof'] || fields['unproven'] === true) return;
  throw new Refused(
    'the text says that no data was lost: cite the run that proves it with --proof, or --unproven',
  );
}

function preview(incident: Row, said: { it: string; en: string }): Row {
  const one = (brand: string) => ({
    brand,
    it: `${String(incident['titleIt'])}. ${said.it} Assistenza 800 000 000.`,
    en: `${String(incident['titleEn'])}. ${said.en} Help 800 000 000.`,
  });
  const brands = incident['brands'] as string[];
  return {
    ...incident,
    preview: true,
    lines: (brands.length > 0 ? brands : ['posta', 'virgola']).map(one),
    channels: ['log-in page', 'webmail', 'status pages', 'IMAP alert', 'JMAP', 'sms'],
  };
}

function open({ state, fields, by }: Doing): Row {
  const title = words(fields, 'title') ?? { it: '', en: '' };
  if (title.it.length > 120) throw new Refused('title: must be at most 120 characters');
  const said = words(fields, 'text') ?? READY;
  assured(said, fields);
  const preview_ = fields['preview'] === true;
  const incident: Row = {
    incident: preview_ ? 0 : state.incidents.length + 1,
    titleIt: title.it,
    titleEn: title.en,
    severity: text(fields, 'severity'),
    state: 'investigating',
    brands: fields['brands'],
    opened: from(0),
    resolved: null,
    notices: 1,
    accounts: 22_040,
    reduced: 13,
    doors: ['imap'],
    apps: ['Thunderbird 31 %'],
    cohorts: [],
    part: { cohorts: fields['cohorts'] ?? [], doors: fields['doors'] ?? [], apps: fields['apps'] ?? [] },
    failed: {},
    evidence: text(fields, 'proposal'),
    entries: [
      { number: 1, at: from(0), by, what: 'opened', ...title },
      { number: 2, at: from(0), by, what: 'counted', accounts: 22_040, reduced: 13 },
      {
        number: 3,
        at: from(0),
        by,
        what: 'told',
        state: 'investigating',
        ...said,
        proof: text(fields, 'proof'),
      },
    ],
  };
  if (preview_) return preview(incident, said);
  state.incidents.unshift(incident);
  return incident;
}

function update({ state, fields, by }: Doing): Row {
  const before = of(state.incidents, 'incident', number(fields, 'incident'));
  const said = words(fields, 'text') ?? READY;
  assured(said, fields);
  const now = text(fields, 'state') || String(before['state']);
  const entries = [...list(before['entries'])];
  const add = (entry: Row) => entries.push({ number: entries.length + 1, at: from(0), by, ...entry });
  if (text(fields, 'back') !== '') {
    const back = fields['back'] === 'none' ? null : new Date(text(fields, 'back')).toISOString();
    add({ what: 'estimated', back, confidence: text(fields, 'confidence') || 'low' });
  }
  if (fields['text'] || fields['state'])
    add({ what: 'told', state: now, ...said, proof: text(fields, 'proof') });
  if (entries.length === list(before['entries']).length) {
    throw new Refused('say something: a state, a text, an estimate or a cause');
  }
  const after = {
    ...before,
    state: now,
    resolved: now === 'resolved' ? from(0) : null,
    entries,
  };
  if (fields['preview'] === true) return preview(after, said);
  Object.assign(before, after);
  return before;
}

/** Its last figures, as a complaint's list has them. */
function figures(complaints: Row[]): Row {
  const count = (state: string) => complaints.filter((one) => one['state'] === state).length;
  const open = complaints.filter((one) => one['state'] === 'open');
  const soon = open.filter(
    (one) => one['overdue'] !== true && Date.parse(String(one['deadline'])) < Date.now() + 3 * 86_400_000,
  );
  return {
    open: count('open'),
    answered: count('answered'),
    closed: count('closed'),
    overdue: open.filter((one) => one['overdue'] === true).length,
    dueSoon: soon.length,
    categories: {},
  };
}

function stepped(doing: Doing, step: Row, change: Row = {}): ReturnType<typeof done> {
  const one = of(doing.state.complaints, 'complaint', number(doing.fields, 'complaint'));
  const steps = list(one['steps']);
  steps.push({ number: steps.length + 1, at: from(0), by: doing.by, ...step });
  Object.assign(one, change);
  return done(one);
}

function breach({ state, fields }: Doing): Row {
  return of(state.breaches, 'breach', number(fields, 'breach'));
}

function noted(one: Row, by: string, note: Row, change: Row = {}): ReturnType<typeof done> {
  const notes = list(one['notes']);
  notes.push({ number: notes.length + 1, at: from(0), by, ...note });
  Object.assign(one, change);
  return done(one);
}

export const desk: Record<string, Order> = {
  'incident-list': ({ state }) =>
    done(
      {
        proposals: [
          {
            proposal: 'vault.pack',
            title: 'A vault does not answer',
            severity: 'major',
            since: from(-38 * 60_000),
            evidence: 'vault pack answers 61 of 100 calls',
          },
        ],
        channels: ['sms'],
      },
      state.incidents,
    ),
  'incident-show': ({ state, fields }) => done(of(state.incidents, 'incident', number(fields, 'incident'))),
  'incident-open': (doing) => done(open(doing)),
  'incident-update': (doing) => done(update(doing)),
  'incident-answer': ({ state, fields, by }) => {
    const one = of(state.incidents, 'incident', number(fields, 'incident'));
    const entries = list(one['entries']);
    entries.push({
      number: entries.length + 1,
      at: from(0),
      by,
      what: 'answered',
      key: fields['key'],
      brand: text(fields, 'brand'),
      ...words(fields, 'question'),
    });
    return done(one);
  },
  'incident-post-mortem': ({ fields }) =>
    done({ titleOfIt: 'Che cosa è successo', titleOfEn: 'What happened', preview: fields['preview'] }),
  'availability-all': ({ file, fields }) =>
    done({ to: fields['to'], bytes: 3, download: file(text(fields, 'to'), Buffer.from('csv')) }),
  'complaint-package': ({ file, fields }) =>
    done({ to: fields['to'], bytes: 3, download: file(text(fields, 'to'), Buffer.from('PK!')) }),
  'association-pack': ({ file, fields }) =>
    done({ to: fields['to'], bytes: 3, download: file(text(fields, 'to'), Buffer.from('PK!')) }),
  'complaint-export': ({ state }) =>
    done(
      { cases: state.complaints.length },
      state.complaints.map(({ number, channel, category }) => ({
        number,
        channel,
        category,
        incident: null,
      })),
    ),
  'incident-report': ({ file, fields }) =>
    done({ to: fields['to'], bytes: 3, download: file(text(fields, 'to'), Buffer.from('PK!')) }),
  'complaint-list': ({ state, fields }) =>
    done(
      figures(state.complaints),
      state.complaints.filter((one) => !fields['state'] || one['state'] === fields['state']),
    ),
  'complaint-show': ({ state, fields }) =>
    done(of(state.complaints, 'complaint', number(fields, 'complaint'))),
  'complaint-open': ({ state, fields }) => {
    const id = state.complaints.length + 1;
    const one: Row = {
      ...fields,
      complaint: id,
      number: `R-2026-${String(id).padStart(4, '0')}`,
      state: 'open',
      account: null,
      received: from(0),
      deadline: from(30 * 86_400_000),
      overdue: false,
      incident: 0,
      association: '',
      mandate: '',
      steps: [],
      given: [],
    };
    state.complaints.push(one);
    return done(one);
  },
  'complaint-import': () =>
    done({ entered: 2, refused: 1 }, [{ line: 3, refused: 'category: must be one of them' }], true),
  'complaint-sort': (doing) =>
    stepped(
      doing,
      { what: 'sorted', category: doing.fields['category'], incident: number(doing.fields, 'incident') },
      { category: doing.fields['category'], incident: number(doing.fields, 'incident') },
    ),
  'complaint-answer': (doing) =>
    stepped(
      doing,
      { what: 'said', way: doing.fields['way'], text: doing.fields['text'] },
      { state: 'answered', overdue: false },
    ),
  'complaint-decide': (doing) =>
    stepped(
      doing,
      {
        what: 'decided',
        outcome: doing.fields['outcome'],
        way: doing.fields['way'],
        text: doing.fields['text'],
      },
      { state: 'closed', overdue: false },
    ),
  'complaint-attach': (doing) =>
    stepped(doing, {
      what: 'filed',
      name: doing.fields['name'],
      type: doing.fields['type'],
      bytes: 12,
      sha256: '00',
    }),
  'complaint-file': () =>
    done({ name: 'lettera.txt', type: 'text/plain', sha256: '00', content: 'Y2lhbw==' }),
  'breach-list': ({ state }) => done({}, state.breaches),
  'breach-show': (doing) => done(breach(doing)),
  'breach-open': ({ state, fields, by }) => {
    const [known] = state.breaches;
    const one: Row = {
      ...structuredClone(known),
      breach: state.breaches.length + 1,
      title: fields['title'],
      incident: number(fields, 'incident'),
      awareBy: fields['awareBy'],
      notes: [{ number: 1, at: from(0), by, what: 'opened', title: fields['title'] }],
    };
    state.breaches.push(one);
    return done(one);
  },
  'breach-update': (doing) => {
    const one = breach(doing);
    const { fields } = doing;
    const versions = number(one, 'versions') + 1;
    const kinds = list(fields['kinds']).length > 0 ? { kinds: fields['kinds'] } : {};
    const drafted = { ...(one['draft'] as Row), ...fields, ...kinds };
    return noted(
      one,
      doing.by,
      { what: 'drafted', version: versions, ...drafted },
      { versions, draft: drafted },
    );
  },
  'breach-decide': (doing) => {
    const notifies = doing.fields['notifies'] === true;
    return noted(
      breach(doing),
      doing.by,
      { what: 'decided', decision: notifies ? 'notify' : 'do-not-notify', reasons: doing.fields['reasons'] },
      { state: notifies ? 'to-notify' : 'not-notified' },
    );
  },
  'breach-export': ({ file, fields }) =>
    done({ to: fields['to'], bytes: 8, download: file(text(fields, 'to'), Buffer.from('%PDF-1.7')) }),
  losses: () =>
    done({
      accounts: 22_040,
      from: from(-72 * 3_600_000),
      to: from(0),
      accepted: 81_204,
      filed: 80_100,
      deleted: 1_102,
      pending: 2,
      lost: 0,
      unreachable: 0,
      unclaimed: 0,
      failed: 0,
      senders: 41,
      gone: 3,
      named: [],
    }),
};
