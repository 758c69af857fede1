/** What can be done with complaints. */
import {
  associationPack,
  CATEGORIES,
  CHANNELS,
  complaintAnswer,
  complaintAttach,
  complaintDecide,
  complaintExport,
  complaintImport,
  complaintOpen,
  complaintPackage,
  complaintSort,
  OUTCOMES,
  WAYS,
  type Complaint,
} from '../../api/complaints.ts';
import { plainly, told, type Deed, type Field } from '../../desk/deed.ts';
import type { Words } from '../../words/words.svelte.ts';

type After = () => void;

const options = (values: readonly string[], names: Record<string, string>) =>
  values.map((value) => ({ value, label: names[value] ?? value }));

const brandField = (w: Words, brands: string[]): Field =>
  brands.length > 0
    ? {
        name: 'brand',
        label: w.complaints.brand,
        kind: 'choice',
        value: brands[0] ?? '',
        options: brands.map((value) => ({ value, label: value })),
      }
    : { name: 'brand', label: w.complaints.brand, kind: 'text', required: true };

export function entering(w: Words, brands: string[], after: After): Deed {
  return {
    title: w.complaints.enter,
    says: w.complaints.enterSays,
    wide: true,
    fields: [
      {
        name: 'channel',
        label: w.complaints.channel,
        kind: 'choice',
        value: 'letter',
        options: options(CHANNELS, w.complaints.channels),
      },
      {
        name: 'protocol',
        label: w.complaints.protocol,
        kind: 'text',
        hint: w.complaints.protocolHint,
      },
      { name: 'received', label: w.complaints.received, kind: 'day', hint: w.complaints.receivedHint },
      {
        name: 'category',
        label: w.complaints.category,
        kind: 'choice',
        value: 'availability',
        options: options(CATEGORIES, w.complaints.categories),
      },
      brandField(w, brands),
      { name: 'account', label: w.complaints.account, kind: 'text', hint: w.complaints.accountHint },
      { name: 'name', label: w.complaints.name, kind: 'text' },
      { name: 'contact', label: w.complaints.contact, kind: 'text', hint: w.complaints.contactHint },
      { name: 'subject', label: w.complaints.subject, kind: 'text' },
      { name: 'text', label: w.complaints.text, kind: 'area', rows: 6, required: true },
      {
        name: 'language',
        label: w.complaints.language,
        kind: 'choice',
        value: 'it',
        options: [
          { value: 'it', label: w.common.italian },
          { value: 'en', label: w.common.english },
        ],
      },
    ],
    button: w.complaints.enter,
    run: (values, client) => {
      const value = (name: string) => values[name] ?? '';
      return plainly(
        client.ask(
          complaintOpen({
            channel: value('channel'),
            category: value('category'),
            brand: value('brand'),
            account: value('account').trim(),
            name: value('name'),
            contact: value('contact'),
            subject: value('subject'),
            text: value('text'),
            language: value('language'),
            received: value('received'),
            protocol: value('protocol'),
          }),
        ),
      );
    },
    done: w.complaints.entered,
    after,
  };
}

export const importing = (w: Words, brands: string[], after: After): Deed => ({
  title: w.complaints.importList,
  says: w.complaints.importSays,
  fields: [
    brandField(w, brands),
    { name: 'association', label: w.complaints.association, kind: 'text', required: true },
    { name: 'mandate', label: w.complaints.mandate, kind: 'text', required: true },
    { name: 'list', label: w.complaints.list, kind: 'csv', required: true },
  ],
  button: w.complaints.importList,
  run: async (values, client, progress) =>
    told(
      await client.watch(
        complaintImport(
          values['brand'] ?? '',
          values['association'] ?? '',
          values['mandate'] ?? '',
          values['list'] ?? '',
        ),
        progress,
      ),
      (done, wrong) => ({
        wrong,
        lines: [
          w.complaints.imported(done.entered, done.refused),
          ...done.lines.map((one) => w.complaints.importLine(one.line, one.refused)),
        ],
      }),
    ),
  done: w.complaints.entered,
  after,
});

export const sorting = (w: Words, one: Complaint, after: After): Deed => ({
  title: `${w.complaints.sort}: ${one.number}`,
  says: w.complaints.sortSays,
  fields: [
    {
      name: 'category',
      label: w.complaints.category,
      kind: 'choice',
      value: one.category,
      options: options(CATEGORIES, w.complaints.categories),
    },
    {
      name: 'incident',
      label: w.complaints.incidentField,
      kind: 'number',
      hint: w.complaints.incidentHint,
      value: one.incident === 0 ? '' : String(one.incident),
    },
  ],
  button: w.complaints.sort,
  run: (values, client) =>
    plainly(
      client.ask(complaintSort(one.complaint, values['category'] ?? '', Number(values['incident'] ?? 0))),
    ),
  done: w.complaints.sorted,
  after,
});

/** How somebody can be told: in a mailbox only where one is known. */
const ways = (w: Words, one: Complaint): Field => {
  const some = WAYS.filter((way) => way !== 'mailbox' || one.account !== null);
  return {
    name: 'way',
    label: w.complaints.way,
    kind: 'choice',
    value: some[0] ?? 'mail',
    options: options(some, w.complaints.ways),
  };
};

export const answering = (w: Words, one: Complaint, after: After): Deed => ({
  title: `${w.complaints.answer}: ${one.number}`,
  says: w.complaints.answerSays,
  wide: true,
  fields: [ways(w, one), { name: 'text', label: w.complaints.text, kind: 'area', rows: 8, required: true }],
  button: w.complaints.answer,
  run: (values, client) =>
    plainly(client.ask(complaintAnswer(one.complaint, values['way'] ?? '', values['text'] ?? ''))),
  done: w.complaints.answered,
  after,
});

export const deciding = (w: Words, one: Complaint, after: After): Deed => ({
  title: `${w.complaints.decide}: ${one.number}`,
  says: w.complaints.decideSays,
  wide: true,
  fields: [
    {
      name: 'outcome',
      label: w.complaints.outcome,
      kind: 'choice',
      value: 'upheld',
      options: options(OUTCOMES, w.complaints.outcomes),
    },
    ways(w, one),
    { name: 'text', label: w.complaints.text, kind: 'area', rows: 8, required: true },
  ],
  target: () => one.number,
  button: w.complaints.decide,
  run: (values, client) =>
    plainly(
      client.ask(
        complaintDecide(one.complaint, values['outcome'] ?? '', values['way'] ?? '', values['text'] ?? ''),
      ),
    ),
  done: w.complaints.decided,
  after,
});

export const attaching = (w: Words, one: Complaint, after: After): Deed => ({
  title: `${w.complaints.attach}: ${one.number}`,
  says: w.complaints.attachSays,
  fields: [{ name: 'file', label: w.complaints.file, kind: 'file', required: true }],
  button: w.complaints.attach,
  run: (values, client) =>
    plainly(
      client.ask(
        complaintAttach(
          one.complaint,
          values['file.name'] ?? '',
          values['file.type'] ?? '',
          values['file'] ?? '',
        ),
      ),
    ),
  done: w.complaints.attached,
  after,
});

export const exporting = (w: Words): Deed => ({
  title: w.complaints.exportAll,
  says: w.complaints.exportSays,
  button: w.complaints.exportAll,
  run: async (_, client, progress) =>
    told(await client.watch(complaintExport(), progress), ({ cases, csv }) => ({
      lines: [w.complaints.cases(cases)],
      wrong: false,
      file: {
        name: 'complaints.csv',
        href: URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' })),
        label: w.common.download,
      },
    })),
  done: w.complaints.exported,
});

export const packing = (w: Words): Deed => ({
  title: w.complaints.pack,
  says: w.complaints.packSays,
  fields: [
    { name: 'association', label: w.complaints.association, kind: 'text', required: true },
    { name: 'incident', label: w.complaints.incidentField, kind: 'number', required: true },
  ],
  button: w.complaints.pack,
  run: async (values, client, progress) => {
    const incident = Number(values['incident']);
    return told(
      await client.watch(associationPack(values['association'] ?? '', incident), progress),
      ({ download }) => ({
        lines: [w.complaints.exported],
        wrong: false,
        file: { name: `association-${incident}.zip`, href: download, label: w.common.download },
      }),
    );
  },
  done: w.complaints.exported,
});

export const givingAccess = (w: Words, one: Complaint): Deed => ({
  title: `${w.complaints.access}: ${one.number}`,
  says: w.complaints.accessSays,
  button: w.complaints.access,
  run: async (_, client, progress) =>
    told(await client.watch(complaintPackage(one.complaint), progress), ({ download }) => ({
      lines: [w.complaints.exported],
      wrong: false,
      file: { name: `complaint-${one.complaint}.zip`, href: download, label: w.common.download },
    })),
  done: w.complaints.exported,
});
