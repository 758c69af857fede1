/** What can be done with brands and plans. */
import { brandAdd, brandDkim, domainAdd, planAdd, type Brand, type Plan } from '../../api/brands.ts';
import { listed, plainly, told, type Deed } from '../../desk/deed.ts';
import type { Words } from '../../words/words.svelte.ts';

type After = () => void;

const GIB = 2 ** 30;

/** @param brand what is there; null for a new one */
export const branding = (w: Words, brand: Brand | null, after: After): Deed => ({
  title: brand ? `${w.brands.change}: ${brand.name}` : w.brands.add,
  says: w.brands.addSays,
  fields: [
    ...(brand
      ? []
      : [
          {
            name: 'name',
            label: w.brands.name,
            kind: 'text' as const,
            hint: w.brands.nameHint,
            required: true,
          },
        ]),
    { name: 'title', label: w.brands.title, kind: 'text', value: brand?.title ?? '', required: true },
    {
      name: 'hosts',
      label: w.brands.hosts,
      kind: 'text',
      hint: w.brands.hostsHint,
      value: brand?.hosts.join(', ') ?? '',
    },
    {
      name: 'accent',
      label: w.brands.accent,
      kind: 'text',
      hint: w.brands.accentHint,
      value: brand?.accent ?? '',
      required: true,
    },
    {
      name: 'languages',
      label: w.brands.languages,
      kind: 'text',
      hint: w.brands.languagesHint,
      value: brand?.languages.join(', ') ?? 'it, en',
      required: true,
    },
  ],
  target: (values) => brand?.name ?? values['name'] ?? '',
  button: brand ? w.brands.change : w.brands.add,
  run: (values, client) =>
    plainly(
      client.ask(
        brandAdd(
          brand?.name ?? values['name'] ?? '',
          values['title'] ?? '',
          listed(values['hosts']),
          values['accent'] ?? '',
          listed(values['languages']),
        ),
      ),
    ),
  done: w.brands.saved,
  after,
});

export const addingDomain = (w: Words, brand: string, after: After): Deed => ({
  title: `${w.brands.addDomain}: ${brand}`,
  says: w.brands.addDomainSays,
  fields: [{ name: 'domain', label: w.brands.domain, kind: 'text', required: true }],
  button: w.brands.addDomain,
  run: (values, client) => plainly(client.ask(domainAdd(brand, (values['domain'] ?? '').trim()))),
  done: w.brands.domainAdded,
  after,
});

export const signing = (w: Words, brand: string): Deed => ({
  title: `${w.brands.dkim}: ${brand}`,
  says: w.brands.dkimSays,
  wide: true,
  button: w.brands.dkim,
  run: async (_, client) =>
    told(await client.ask(brandDkim(brand)), (records) => ({
      wrong: false,
      lines: records.map(({ zone, signs }) => (signs ? `${zone} (${w.brands.signs})` : zone)),
    })),
  done: w.brands.dkimDone,
});

const gib = (bytes: number) => String(Math.round((bytes / GIB) * 1000) / 1000);

/** @param plan what is there; null for a new one */
export const planning = (w: Words, plan: Plan | null, after: After): Deed => ({
  title: plan ? `${w.brands.change}: ${plan.name}` : w.brands.addPlan,
  says: w.brands.planSays,
  fields: [
    ...(plan
      ? []
      : [
          {
            name: 'name',
            label: w.brands.name,
            kind: 'text' as const,
            hint: w.brands.nameHint,
            required: true,
          },
        ]),
    {
      name: 'quota',
      label: w.brands.quota,
      kind: 'text',
      value: plan ? gib(plan.quotaBytes) : '',
      required: true,
    },
    { name: 'paid', label: w.brands.paid, kind: 'check', value: plan?.paid ? 'yes' : '' },
    {
      name: 'level',
      label: w.brands.level,
      kind: 'choice',
      value: plan?.level ?? 'basic',
      options: ['basic', 'standard', 'premium'].map((value) => ({
        value,
        label: w.brands.levels[value] ?? value,
      })),
    },
    {
      name: 'days',
      label: w.brands.recoveryDays,
      kind: 'number',
      value: String(plan?.recoveryDays ?? 30),
      required: true,
    },
    {
      name: 'recovery',
      label: w.brands.recoveryGib,
      kind: 'text',
      hint: w.brands.recoveryHint,
      value: plan ? gib(plan.recoveryBytes) : '',
    },
  ],
  target: (values) => plan?.name ?? values['name'] ?? '',
  button: plan ? w.brands.change : w.brands.addPlan,
  run: (values, client) =>
    plainly(
      client.ask(
        planAdd({
          name: plan?.name ?? values['name'] ?? '',
          quotaBytes: Math.round(Number(values['quota']) * GIB),
          paid: values['paid'] === 'yes',
          level: values['level'] ?? 'basic',
          recoveryDays: Number(values['days']),
          recoveryBytes: values['recovery'] ? Math.round(Number(values['recovery']) * GIB) : null,
        }),
      ),
    ),
  done: w.brands.saved,
  after,
});
