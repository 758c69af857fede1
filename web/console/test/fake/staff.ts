/** The people of the fake, and what each role may. */
export interface Member {
  name: string;
  password: string;
  roles: string[];
}

const PASSWORD = 'casella';

export const STAFF: Member[] = [
  { name: 'carla', password: PASSWORD, roles: ['operator'] },
  { name: 'dario', password: PASSWORD, roles: ['operator', 'data-protection'] },
  { name: 'sara', password: PASSWORD, roles: ['support'] },
  { name: 'paola', password: PASSWORD, roles: ['data-protection'] },
  { name: 'bice', password: PASSWORD, roles: ['billing'] },
  { name: 'remo', password: PASSWORD, roles: ['read-only'] },
];

const among =
  (...names: string[]) =>
  (name: string) =>
    names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));

export const ROLES: Record<string, (order: string) => boolean> = {
  operator: (name) => !name.startsWith('breach-'),
  support: among(
    'status',
    'doctor',
    'queue-list',
    'queue-show',
    'account-find',
    'account-show',
    'account-hold',
    'restore',
    'proof',
    'incident-list',
    'incident-show',
    'complaint-*',
    'brand-list',
  ),
  'data-protection': among(
    'status',
    'breach-*',
    'losses',
    'incident-list',
    'incident-show',
    'incident-report',
    'audit-list',
  ),
  billing: among('compensation-status', 'compensation-list', 'incident-list', 'plan-list'),
  'read-only': among(
    'status',
    'doctor',
    'debt',
    'trends',
    'automation-list',
    'queue-list',
    'vault-list',
    'vault-show',
    'cohort-list',
    'standby-list',
    'reopen-status',
    'incident-list',
    'incident-show',
    'brand-list',
    'plan-list',
  ),
};
