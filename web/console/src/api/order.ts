/** What is asked of the server: an order's name, its fields, and how its answer is read. */
import type { Facts } from './facts.ts';

/** Every order the console gives; a person's `may` says which of them are theirs. */
export const ORDERS = [
  'account-add',
  'account-erase',
  'account-find',
  'account-hold',
  'account-import',
  'account-plan',
  'account-show',
  'account-state',
  'alerts-test',
  'alias-add',
  'alias-remove',
  'association-pack',
  'audit-list',
  'automation-list',
  'automation-pause',
  'automation-resume',
  'availability-all',
  'brand-add',
  'brand-dkim',
  'brand-list',
  'breach-decide',
  'breach-export',
  'breach-list',
  'breach-open',
  'breach-show',
  'breach-update',
  'cohort-list',
  'cohort-move',
  'cohort-show',
  'collect-run',
  'collect-status',
  'compensation-apply',
  'compensation-approve',
  'compensation-list',
  'compensation-preview',
  'compensation-revoke',
  'compensation-status',
  'complaint-answer',
  'complaint-attach',
  'complaint-decide',
  'complaint-export',
  'complaint-file',
  'complaint-import',
  'complaint-list',
  'complaint-open',
  'complaint-package',
  'complaint-show',
  'complaint-sort',
  'debt',
  'doctor',
  'domain-add',
  'drill-report',
  'drill-reports',
  'drill-run',
  'drill-stop',
  'help-begin',
  'help-end',
  'help-folders',
  'help-message',
  'help-messages',
  'help-show',
  'incident-answer',
  'incident-list',
  'incident-open',
  'incident-post-mortem',
  'incident-report',
  'incident-show',
  'incident-update',
  'losses',
  'plan-add',
  'plan-list',
  'proof',
  'quarantine-release',
  'queue-list',
  'queue-show',
  'rebuild',
  'reopen-plan',
  'reopen-start',
  'reopen-status',
  'reopen-stop',
  'restore',
  'staff-list',
  'standby-list',
  'standby-open',
  'standby-return',
  'status',
  'support-bundle',
  'trends',
  'vault-add',
  'vault-burn-in',
  'vault-continue',
  'vault-halt',
  'vault-list',
  'vault-remove',
  'vault-retire',
  'vault-rollback',
  'vault-show',
  'vault-start',
  'verify',
] as const;

export type OrderName = (typeof ORDERS)[number];

export type Fields = Record<string, unknown>;

/** What an order answered, before it is read. */
export interface Given {
  facts: Facts;
  rows: Facts[];
  /** There were more rows than were sent. */
  more: boolean;
}

export interface Order<T> {
  name: OrderName;
  fields: Fields;
  read(given: Given): T;
}

/** An order of whose answer nothing is needed. */
export function deed(name: OrderName, fields: Fields): Order<null> {
  return { name, fields, read: () => null };
}

/** Without the fields that say nothing. */
export function said(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
}
