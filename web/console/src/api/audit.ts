/** Who works here, and who ordered what. */
import { said, type Order } from './order.ts';

export interface AuditLine {
  at: string;
  by: string;
  order: string;
  ended: string;
}

/** @param before an ISO time to go on from; null for the newest */
export const auditList = (limit: number, before: string | null): Order<AuditLine[]> => ({
  name: 'audit-list',
  fields: { limit, ...said({ before }) },
  read: ({ rows }) =>
    rows.map((row) => ({
      at: row.text('at'),
      by: row.text('by'),
      order: row.text('order'),
      ended: row.text('ended'),
    })),
});

export interface Colleague {
  name: string;
  roles: string[];
  since: string;
}

export const staffList = (): Order<Colleague[]> => ({
  name: 'staff-list',
  fields: {},
  read: ({ rows }) =>
    rows.map((row) => ({ name: row.text('name'), roles: row.texts('roles'), since: row.text('since') })),
});
