/** The English words. Written, not translated; `it` says the same in its own way. */
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { brands } from './brands.ts';
import { care } from './care.ts';
import { compensation } from './compensation.ts';
import { complaints } from './complaints.ts';
import { drills } from './drills.ts';
import { common, deed, frame, login } from './frame.ts';
import { help } from './help.ts';
import { incidents } from './incidents.ts';
import { overview } from './overview.ts';
import { privacy } from './privacy.ts';
import { queue } from './queue.ts';
import { vaults } from './vaults.ts';

export const en = {
  language: 'en',
  locale: 'en-GB',
  accounts,
  audit,
  brands,
  care,
  common,
  compensation,
  complaints,
  deed,
  drills,
  frame,
  help,
  incidents,
  login,
  overview,
  privacy,
  queue,
  vaults,
};

export type Words = typeof en;
