/** Brands, the domains of their addresses, and plans. */
import { deed, said, type Order } from './order.ts';

export interface Brand {
  name: string;
  title: string;
  accent: string;
  domains: string[];
  hosts: string[];
  languages: string[];
}

export const brandList = (): Order<Brand[]> => ({
  name: 'brand-list',
  fields: {},
  read: ({ rows }) =>
    rows.map((row) => ({
      name: row.text('name'),
      title: row.text('title'),
      accent: row.maybeText('accent') ?? '',
      domains: row.texts('domains'),
      hosts: row.texts('hosts'),
      languages: row.texts('languages'),
    })),
});

/** Also changes one that is there. */
export const brandAdd = (name: string, title: string, hosts: string[], accent: string, languages: string[]) =>
  deed('brand-add', { name, title, hosts, accent, languages });

export const domainAdd = (brand: string, domain: string) => deed('domain-add', { brand, domain });

export interface DkimRecord {
  brand: string;
  domain: string;
  selector: string;
  signs: boolean;
  zone: string;
}

export const brandDkim = (name: string): Order<DkimRecord[]> => ({
  name: 'brand-dkim',
  fields: { name },
  read: ({ rows }) =>
    rows.map((row) => ({
      brand: row.text('brand'),
      domain: row.text('domain'),
      selector: row.text('selector'),
      signs: row.flag('signs'),
      zone: row.text('zone'),
    })),
});

export interface Plan {
  name: string;
  quotaBytes: number;
  paid: boolean;
  level: string;
  recoveryDays: number;
  recoveryBytes: number;
}

export const planList = (): Order<Plan[]> => ({
  name: 'plan-list',
  fields: {},
  read: ({ rows }) =>
    rows.map((row) => ({
      name: row.text('name'),
      quotaBytes: row.number('quotaBytes'),
      paid: row.flag('paid'),
      level: row.text('level'),
      recoveryDays: row.number('recoveryDays'),
      recoveryBytes: row.count('recoveryBytes'),
    })),
});

/** Also changes one that is there. */
export const planAdd = (plan: Omit<Plan, 'recoveryBytes'> & { recoveryBytes: number | null }) =>
  deed('plan-add', said({ ...plan }));
