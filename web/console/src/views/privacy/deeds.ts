/** What can be noted of a breach, and what was lost. */
import {
  breachDecide,
  breachExport,
  breachOpen,
  breachUpdate,
  losses,
  type Breach,
  type BreachUpdate,
  type Draft,
  type Losses,
} from '../../api/breaches.ts';
import { count } from '@casella/kit';
import { plainly, told, type Deed, type Field, type Told, type Values } from '../../desk/deed.ts';
import { moment, withOffset } from '../../time.ts';
import type { Words } from '../../words/words.svelte.ts';

type After = () => void;

const KINDS = ['availability', 'integrity', 'confidentiality'];

const TEXTS = [
  'nature',
  'peopleCategories',
  'recordCategories',
  'contact',
  'consequences',
  'measures',
  'delay',
] as const;

export const opening = (w: Words, name: string, after: After): Deed => ({
  title: w.privacy.open,
  says: w.privacy.openSays,
  fields: [
    { name: 'title', label: w.privacy.titleField, kind: 'text', required: true },
    { name: 'incident', label: w.privacy.incidentField, kind: 'number', hint: w.privacy.incidentHint },
    { name: 'aware', label: w.privacy.aware, kind: 'moment', hint: w.privacy.awareHint },
    { name: 'awareBy', label: w.privacy.awareBy, kind: 'text', value: name, required: true },
  ],
  button: w.privacy.open,
  run: (values, client) =>
    plainly(
      client.ask(
        breachOpen(
          values['title'] ?? '',
          Number(values['incident'] ?? 0),
          withOffset(values['aware'] ?? ''),
          values['awareBy'] ?? '',
        ),
      ),
    ),
  done: w.privacy.opened,
  after,
});

const number = (value: number) => (value < 0 ? '' : String(value));

function draftFields(w: Words, draft: Draft): Field[] {
  const area = (name: (typeof TEXTS)[number]): Field => ({
    name,
    label: w.privacy[name],
    kind: name === 'contact' ? 'text' : 'area',
    value: draft[name],
    ...(name === 'delay' ? { hint: w.privacy.delayHint } : {}),
  });
  return [
    ...KINDS.map((kind): Field => ({
      name: `kind.${kind}`,
      label: `${w.privacy.kindsTerm}: ${w.privacy.kinds[kind] ?? kind}`,
      kind: 'check',
      value: draft.kinds.includes(kind) ? 'yes' : '',
    })),
    area('nature'),
    area('peopleCategories'),
    { name: 'people', label: w.privacy.people, kind: 'number', value: number(draft.people) },
    area('recordCategories'),
    { name: 'records', label: w.privacy.records, kind: 'number', value: number(draft.records) },
    area('contact'),
    area('consequences'),
    area('measures'),
    area('delay'),
  ];
}

/** Only what is other than before: what is left out stays as it was. */
export function changes(breach: number, before: Draft, values: Values): BreachUpdate {
  const update: BreachUpdate = { breach };
  const kinds = KINDS.filter((kind) => values[`kind.${kind}`] === 'yes');
  if (kinds.join() !== KINDS.filter((kind) => before.kinds.includes(kind)).join()) update.kinds = kinds;
  for (const name of TEXTS) {
    const text = (values[name] ?? '').trim();
    if (text !== '' && text !== before[name]) update[name] = text;
  }
  for (const name of ['people', 'records'] as const) {
    const text = (values[name] ?? '').trim();
    if (text !== '' && Number(text) !== before[name]) update[name] = Number(text);
  }
  return update;
}

export const updating = (w: Words, one: Breach, after: After): Deed => ({
  title: w.privacy.update,
  says: w.privacy.updateSays,
  wide: true,
  fields: draftFields(w, one.draft),
  button: w.privacy.update,
  run: (values, client) => plainly(client.ask(breachUpdate(changes(one.breach, one.draft, values)))),
  done: w.privacy.updated,
  after,
});

export const counting = (w: Words, one: Breach, after: After): Deed => ({
  title: w.privacy.count,
  says: w.privacy.countSays,
  fields: [{ name: 'mails', label: w.privacy.countMails, kind: 'check' }],
  button: w.privacy.count,
  run: (values, client, progress) =>
    plainly(
      client.watch(
        breachUpdate({ breach: one.breach, count: true, mails: values['mails'] === 'yes' }),
        progress,
      ),
    ),
  done: w.privacy.updated,
  after,
});

export const deciding = (w: Words, one: Breach, after: After): Deed => ({
  title: w.privacy.decide,
  says: w.privacy.decideSays,
  fields: [
    {
      name: 'decision',
      label: w.privacy.decision,
      kind: 'choice',
      value: 'notify',
      options: [
        { value: 'notify', label: w.privacy.notify },
        { value: 'do-not-notify', label: w.privacy.doNotNotify },
      ],
    },
    { name: 'reasons', label: w.privacy.reasons, kind: 'area', required: true },
  ],
  target: () => String(one.breach),
  button: w.privacy.decide,
  run: (values, client) =>
    plainly(client.ask(breachDecide(one.breach, values['decision'] === 'notify', values['reasons'] ?? ''))),
  done: w.privacy.decided,
  after,
});

export const notifying = (w: Words, one: Breach, after: After): Deed => ({
  title: w.privacy.sent,
  says: w.privacy.sentSays,
  fields: [
    { name: 'at', label: w.privacy.sentAt, kind: 'moment', required: true },
    {
      name: 'authority',
      label: w.privacy.authority,
      kind: 'text',
      value: w.privacy.authorityValue,
      required: true,
    },
    { name: 'reference', label: w.privacy.reference, kind: 'text' },
  ],
  target: () => String(one.breach),
  button: w.privacy.sent,
  run: (values, client) =>
    plainly(
      client.ask(
        breachUpdate({
          breach: one.breach,
          sent: {
            at: withOffset(values['at'] ?? ''),
            authority: values['authority'] ?? '',
            reference: values['reference'] || null,
          },
        }),
      ),
    ),
  done: w.privacy.updated,
  after,
});

export const telling = (w: Words, one: Breach, after: After): Deed => ({
  title: w.privacy.told,
  says: w.privacy.toldSays,
  fields: [
    { name: 'at', label: w.privacy.toldAt, kind: 'moment' },
    { name: 'how', label: w.privacy.toldHow, kind: 'area', required: true },
  ],
  button: w.privacy.told,
  run: (values, client) =>
    plainly(
      client.ask(
        breachUpdate({
          breach: one.breach,
          told: { at: withOffset(values['at'] ?? '') || null, how: values['how'] ?? '' },
        }),
      ),
    ),
  done: w.privacy.updated,
  after,
});

export const exporting = (w: Words, one: Breach): Deed => ({
  title: w.privacy.export,
  says: w.privacy.exportSays,
  fields: [
    {
      name: 'as',
      label: w.privacy.format,
      kind: 'choice',
      value: `pdf ${w.language}`,
      options: [
        { value: 'pdf it', label: `PDF, ${w.common.italian}` },
        { value: 'pdf en', label: `PDF, ${w.common.english}` },
        { value: 'json en', label: 'JSON' },
      ],
    },
  ],
  button: w.privacy.export,
  run: async (values, client) => {
    const [as, language = 'it'] = (values['as'] ?? 'pdf it').split(' ');
    const format = as === 'json' ? 'json' : 'pdf';
    return told(await client.ask(breachExport(one.breach, format, language)), ({ download }) => ({
      lines: [w.privacy.exported],
      wrong: false,
      file: { name: `breach-${one.breach}.${format}`, href: download, label: w.common.download },
    }));
  },
  done: w.privacy.exported,
});

const FIGURES = [
  'accounts',
  'accepted',
  'filed',
  'deleted',
  'pending',
  'lost',
  'unreachable',
  'unclaimed',
  'failed',
  'senders',
  'gone',
] as const satisfies readonly (keyof Losses)[];

function reckoned(w: Words, found: Losses, wrong: boolean): Told {
  return {
    wrong,
    lines: [
      w.privacy.period(moment(w.locale, found.from), moment(w.locale, found.to)),
      ...FIGURES.flatMap((name) => {
        const figure = found[name];
        return figure === null ? [] : [`${w.privacy.lossNames[name] ?? name}: ${count(w.locale, figure)}`];
      }),
      ...(found.why ? [found.why] : []),
    ],
    ...(found.download
      ? { file: { name: 'losses.csv', href: found.download, label: w.common.download } }
      : {}),
  };
}

export const reckoning = (w: Words): Deed => ({
  title: w.privacy.losses,
  says: w.privacy.reckonSays,
  fields: [
    { name: 'account', label: w.privacy.lossesAccount, kind: 'text', hint: w.privacy.lossesAccountHint },
    { name: 'incident', label: w.privacy.incidentField, kind: 'number', hint: w.privacy.incidentHint },
    { name: 'csv', label: w.privacy.lossesCsv, kind: 'check' },
  ],
  button: w.privacy.reckon,
  run: async (values, client, progress) =>
    told(
      await client.watch(
        losses(
          (values['account'] ?? '').trim(),
          Number(values['incident'] ?? 0),
          values['csv'] === 'yes' ? 'losses.csv' : '',
        ),
        progress,
      ),
      (found, wrong) => reckoned(w, found, wrong),
    ),
  done: w.privacy.reckoned,
});
