/** What can be said of an incident: looked at first, then published everywhere at once. */
import {
  availabilityAll,
  incidentAnswer,
  incidentOpen,
  incidentOpenPreview,
  incidentReport,
  incidentUpdate,
  incidentUpdatePreview,
  postMortem,
  DOORS,
  SEVERITIES,
  STATES,
  type IncidentLine,
  type Opening,
  type Preview,
  type Proposal,
  type Text,
  type Update,
} from '../../api/incidents.ts';
import { listed, plainly, told, type Deed, type Field, type Told, type Values } from '../../desk/deed.ts';
import { withOffset } from '../../time.ts';
import type { Words } from '../../words/words.svelte.ts';

const text = (values: Values, name: string): Text => ({
  italian: values[`${name}It`] ?? '',
  english: values[`${name}En`] ?? '',
});

const inBoth = (
  w: Words,
  name: 'title' | 'text',
  kind: 'text' | 'area',
  hint: string,
  required: boolean,
): Field[] => [
  { name: `${name}It`, label: w.incidents[`${name}It`], kind, hint, required },
  { name: `${name}En`, label: w.incidents[`${name}En`], kind },
];

const proven = (w: Words): Field[] => [
  { name: 'proof', label: w.incidents.proofField, kind: 'text', hint: w.incidents.proofHint },
  { name: 'unproven', label: w.incidents.unproven, kind: 'check' },
];

function said(w: Words, preview: Preview): Told {
  const { accounts, apps, cohorts } = preview.incident;
  return {
    wrong: false,
    lines: [
      ...(accounts === null ? [] : [w.incidents.concerns(w.common.accounts(accounts))]),
      ...(cohorts.length === 0 ? [] : [w.incidents.reducedIn(cohorts.join(', '))]),
      ...(apps.length === 0 ? [] : [w.incidents.theyUse(apps.join(', '))]),
      ...preview.lines.flatMap(({ brand, text }) => [
        w.incidents.preview(brand, w.common.italian, text.italian),
        w.incidents.preview(brand, w.common.english, text.english),
      ]),
      w.incidents.channels(preview.channels.join(', ')),
    ],
  };
}

/** @param brands those there are; empty where the person may not know them: then it concerns all */
export function opening(w: Words, brands: string[], proposal: Proposal | null, after: () => void): Deed {
  const opened = (values: Values): Opening => ({
    title: text(values, 'title'),
    severity: values['severity'] ?? 'major',
    brands: listed(values['brands']),
    part: {
      cohorts: listed(values['cohorts']),
      doors: listed(values['doors']),
      apps: listed(values['apps']),
    },
    text: text(values, 'text'),
    proof: values['proof'] ?? '',
    unproven: values['unproven'] === 'yes',
    proposal: proposal?.proposal ?? null,
  });
  return {
    title: w.incidents.open,
    says: w.incidents.openSays,
    wide: true,
    fields: [
      ...inBoth(w, 'title', 'text', w.incidents.titleHint, true),
      {
        name: 'severity',
        label: w.incidents.severity,
        kind: 'choice',
        value: proposal?.severity ?? 'major',
        options: SEVERITIES.map((value) => ({ value, label: w.incidents.severities[value] ?? value })),
      },
      ...(brands.length === 0
        ? []
        : [
            {
              name: 'brands',
              label: w.incidents.brands,
              kind: 'choices' as const,
              hint: w.incidents.brandsHint,
              options: brands.map((value) => ({ value, label: value })),
            },
          ]),
      { name: 'cohorts', label: w.incidents.cohorts, kind: 'text', hint: w.incidents.cohortsHint },
      {
        name: 'doors',
        label: w.incidents.onlyDoors,
        kind: 'choices',
        hint: w.incidents.onlyDoorsHint,
        options: DOORS.map((value) => ({ value, label: w.incidents.doorNames[value] ?? value })),
      },
      { name: 'apps', label: w.incidents.onlyApps, kind: 'text', hint: w.incidents.onlyAppsHint },
      ...inBoth(w, 'text', 'area', w.incidents.textHint, false),
      ...proven(w),
    ],
    target: (values) => values['brands'] || w.incidents.allBrands,
    button: w.incidents.publish,
    warns: true,
    look: async (values, client) =>
      told(await client.ask(incidentOpenPreview(opened(values))), (preview) => said(w, preview)),
    run: (values, client) => plainly(client.ask(incidentOpen(opened(values)))),
    done: w.incidents.published,
    after,
  };
}

function updated(incident: number, values: Values): Update {
  return {
    incident,
    state: values['state'] ?? '',
    text: text(values, 'text'),
    proof: values['proof'] ?? '',
    unproven: values['unproven'] === 'yes',
    back: values['none'] === 'yes' ? 'none' : withOffset(values['back'] ?? ''),
    confidence: values['confidence'] ?? '',
    cause: values['cause'] ?? '',
    evidence: values['evidence'] ?? '',
  };
}

function saying(
  w: Words,
  one: IncidentLine,
  title: string,
  fields: Field[],
  fixed: Values,
  after: () => void,
): Deed {
  return {
    title,
    says: w.incidents.updateSays,
    wide: true,
    fields,
    target: () => String(one.incident),
    button: w.incidents.publish,
    warns: true,
    look: async (values, client) =>
      told(
        await client.ask(incidentUpdatePreview(updated(one.incident, { ...values, ...fixed }))),
        (preview) => said(w, preview),
      ),
    run: (values, client) =>
      plainly(client.ask(incidentUpdate(updated(one.incident, { ...values, ...fixed })))),
    done: w.incidents.published,
    after,
  };
}

const words = (from: Record<string, string>, names: readonly string[], none: string) => [
  { value: '', label: none },
  ...names.map((value) => ({ value, label: from[value] ?? value })),
];

export function updating(w: Words, one: IncidentLine, after: () => void): Deed {
  const fields: Field[] = [
    {
      name: 'state',
      label: w.incidents.stateField,
      kind: 'choice',
      options: words(w.incidents.states, STATES.slice(0, -1), w.incidents.unchanged),
    },
    ...inBoth(w, 'text', 'area', w.incidents.noText, false),
    ...proven(w),
    { name: 'back', label: w.incidents.back, kind: 'moment' },
    {
      name: 'confidence',
      label: w.incidents.confidence,
      kind: 'choice',
      value: 'low',
      options: ['low', 'medium', 'high'].map((value) => ({
        value,
        label: w.incidents.confidences[value] ?? value,
      })),
    },
    { name: 'none', label: w.incidents.takeBack, kind: 'check' },
    {
      name: 'cause',
      label: w.incidents.causeField,
      kind: 'choice',
      options: words(w.incidents.causes, ['internal', 'attack', 'unknown'], w.incidents.notSaid),
    },
    { name: 'evidence', label: w.incidents.evidenceField, kind: 'text' },
  ];
  return saying(w, one, w.incidents.update, fields, {}, after);
}

export function resolving(w: Words, one: IncidentLine, after: () => void): Deed {
  const fields = [...inBoth(w, 'text', 'area', w.incidents.textHint, false), ...proven(w)];
  return saying(w, one, w.incidents.resolve, fields, { state: 'resolved' }, after);
}

export function answering(w: Words, one: IncidentLine, brands: string[], after: () => void): Deed {
  return {
    title: w.incidents.answer,
    says: w.incidents.answerSays,
    wide: true,
    fields: [
      { name: 'key', label: w.incidents.key, kind: 'text', hint: w.incidents.keyHint, required: true },
      {
        name: 'brand',
        label: w.incidents.brands,
        kind: 'choice',
        options: [
          { value: '', label: w.incidents.allBrands },
          ...brands.map((value) => ({ value, label: value })),
        ],
      },
      { name: 'questionIt', label: w.incidents.questionIt, kind: 'text', required: true },
      { name: 'questionEn', label: w.incidents.questionEn, kind: 'text' },
      { name: 'answerIt', label: w.incidents.answerIt, kind: 'area', required: true },
      { name: 'answerEn', label: w.incidents.answerEn, kind: 'area' },
    ],
    button: w.incidents.answer,
    run: (values, client) =>
      plainly(
        client.ask(
          incidentAnswer(
            one.incident,
            values['key'] ?? '',
            values['brand'] ?? '',
            text(values, 'question'),
            text(values, 'answer'),
          ),
        ),
      ),
    done: w.incidents.answered,
    after,
  };
}

export function reporting(w: Words, one: IncidentLine): Deed {
  return {
    title: w.incidents.report,
    says: w.incidents.reportSays,
    button: w.incidents.report,
    run: async (_, client, progress) =>
      told(await client.watch(incidentReport(one.incident), progress), ({ download }) => ({
        lines: [w.incidents.reportDone],
        wrong: false,
        file: { name: `incident-${one.incident}.zip`, href: download, label: w.common.download },
      })),
    done: w.incidents.reportDone,
  };
}

export const givingHours = (w: Words, one: IncidentLine): Deed => ({
  title: w.incidents.hours,
  says: w.incidents.hoursSays,
  button: w.incidents.hours,
  run: async (_, client, progress) =>
    told(await client.watch(availabilityAll(one.incident), progress), ({ download }) => ({
      lines: [w.incidents.hoursDone],
      wrong: false,
      file: { name: `availability-${one.incident}.csv`, href: download, label: w.common.download },
    })),
  done: w.incidents.hoursDone,
});

/** What was learned of an incident that is over. */
export function learning(w: Words, one: IncidentLine, after: () => void): Deed {
  const learned = (values: Values) => ({
    incident: one.incident,
    text: text(values, 'page'),
    proof: values['proof'] ?? '',
    unproven: values['unproven'] === 'yes',
  });
  return {
    title: w.incidents.postMortem,
    says: w.incidents.postMortemSays,
    wide: true,
    fields: [
      {
        name: 'pageIt',
        label: w.incidents.postMortemIt,
        kind: 'area',
        rows: 10,
        hint: w.incidents.postMortemHint,
      },
      { name: 'pageEn', label: w.incidents.postMortemEn, kind: 'area', rows: 10 },
      ...proven(w),
    ],
    target: () => String(one.incident),
    button: w.incidents.publish,
    warns: true,
    look: async (values, client) =>
      told(await client.ask(postMortem(learned(values), true)), (titles) => ({
        wrong: false,
        lines: [
          w.incidents.postMortemTitle(w.common.italian, titles.italian),
          w.incidents.postMortemTitle(w.common.english, titles.english),
        ],
      })),
    run: (values, client) => plainly(client.ask(postMortem(learned(values), false))),
    done: w.incidents.postMortemDone,
    after,
  };
}
