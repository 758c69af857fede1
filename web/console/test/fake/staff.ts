/** The people of the fake, and what each role may: as the server has it. */
export interface Member {
  name: string;
  password: string;
  roles: string[];
}

const PASSWORD = 'casella';
const member = (name: string, ...roles: string[]): Member => ({ name, password: PASSWORD, roles });

export const STAFF: Member[] = [
  member('carla', 'operator', 'support', 'billing'),
  member('dario', 'operator', 'support', 'data-protection', 'billing'),
  member('olga', 'operator'),
  member('sara', 'support'),
  member('paola', 'data-protection'),
  member('bice', 'billing'),
  member('remo', 'read-only'),
];

/** How things are: for everybody. */
const SEEN = [
  'status',
  'debt',
  'doctor',
  'trends',
  'automation-list',
  'queue-list',
  'vault-list',
  'vault-show',
  'cohort-list',
  'reopen-plan',
  'reopen-status',
  'incident-list',
  'incident-show',
  'brand-list',
  'plan-list',
  'compensation-status',
];

const COMPLAINTS = [
  'complaint-list',
  'complaint-show',
  'complaint-open',
  'complaint-import',
  'complaint-sort',
  'complaint-answer',
  'complaint-decide',
  'complaint-attach',
  'complaint-file',
  'complaint-export',
  'complaint-package',
  'association-pack',
];

const MAY: Record<string, string[]> = {
  operator: [
    ...SEEN,
    'automation-pause',
    'automation-resume',
    'brand-add',
    'brand-dkim',
    'domain-add',
    'standby-open',
    'standby-return',
    'standby-list',
    'drill-run',
    'drill-stop',
    'cohort-move',
    'reopen-start',
    'reopen-stop',
    'incident-open',
    'incident-update',
    'incident-post-mortem',
    'incident-answer',
    'vault-add',
    'vault-burn-in',
    'vault-start',
    'vault-continue',
    'vault-halt',
    'vault-rollback',
    'vault-retire',
    'vault-remove',
    'proof',
    'queue-show',
    'staff-list',
    'audit-list',
  ],
  support: [
    ...SEEN,
    ...COMPLAINTS,
    'standby-list',
    'incident-answer',
    'proof',
    'account-find',
    'account-show',
    'account-plan',
    'account-state',
    'restore',
  ],
  'data-protection': [
    ...SEEN,
    ...COMPLAINTS,
    'proof',
    'queue-show',
    'staff-list',
    'audit-list',
    'account-find',
    'account-show',
    'account-state',
    'account-hold',
    'restore',
    'losses',
    'breach-list',
    'breach-show',
    'breach-open',
    'breach-update',
    'breach-decide',
    'breach-export',
    'incident-report',
    'availability-all',
  ],
  billing: [
    ...SEEN,
    'account-find',
    'account-show',
    'account-plan',
    'plan-add',
    'compensation-preview',
    'compensation-approve',
    'compensation-apply',
    'compensation-revoke',
    'compensation-list',
  ],
  'read-only': SEEN,
};

export const may = (one: Member, order: string): boolean =>
  one.roles.some((role) => MAY[role]?.includes(order) === true);
