/** The four meanings a colour may have, and none. */
export type Meaning = 'good' | 'note' | 'warn' | 'bad' | 'quiet';

/** What a state's word means, wherever the server says it; one that nobody knows means nothing. */
const MEANINGS: Record<string, Meaning> = {
  // Parts and vaults.
  whole: 'good',
  degraded: 'warn',
  gone: 'bad',
  closed: 'quiet',
  // What is wrong, and incidents.
  critical: 'bad',
  warning: 'warn',
  notice: 'note',
  major: 'warn',
  minor: 'note',
  investigating: 'warn',
  identified: 'warn',
  restoring: 'note',
  monitoring: 'note',
  resolved: 'good',
  // Accounts, and who serves them.
  active: 'good',
  disabled: 'warn',
  wiped: 'bad',
  'second-copy': 'note',
  'contents-away': 'warn',
  continuation: 'warn',
  waiting: 'note',
  // A vault on its way.
  resting: 'quiet',
  moving: 'note',
  soaking: 'note',
  halted: 'bad',
  // Compensation.
  previewed: 'note',
  superseded: 'quiet',
  approved: 'note',
  applying: 'note',
  applied: 'good',
  revoking: 'warn',
  revoked: 'warn',
  // Breaches.
  'to-decide': 'warn',
  'to-notify': 'warn',
  notified: 'good',
  'not-notified': 'quiet',
  // A reopening.
  running: 'note',
  paused: 'warn',
  over: 'good',
};

export const meaningOf = (state: string): Meaning => MEANINGS[state] ?? 'quiet';
