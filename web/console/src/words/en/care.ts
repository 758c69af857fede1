/** The words of what is done about mailboxes' contents, of new mailboxes, and of reports that are kept. */
import { counting } from '../counting.ts';

const n = counting('en');

export const care = {
  tab: 'Care',
  contents: 'What mailboxes hold',
  contentsText: 'For one mailbox or for all. All of it reads much; it goes on while people work.',
  account: 'Mailbox',
  accountHint: 'Its address or id; empty for all.',
  oneHint: 'Its address or id.',
  everybody: 'all accounts',
  verify: 'Verify',
  verifySays: 'Every mail is read in every vault and compared with the journal. It changes nothing.',
  verified: (accounts: number, emails: number) =>
    `${n(accounts, 'account', 'accounts')}, ${n(emails, 'mail', 'mails')} looked at.`,
  verifiedWrong: (wrong: number, lost: number) =>
    `${n(wrong, 'account is', 'accounts are')} not right, ${n(lost, 'mail is', 'mails are')} lost.`,
  verifyDone: 'Verified.',
  rebuild: 'Make anew',
  rebuildSays:
    'What the engine shows of it is made anew from a vault and the journal’s tail. Of all, those that are right are left as they are.',
  from: 'From vault',
  rebuilt: (rebuilt: number, of: number, failed: number) =>
    `${rebuilt} of ${n(of, 'account', 'accounts')} made anew, ${failed} failed.`,
  rebuildDone: 'Made anew.',
  release: 'Let in what was set aside',
  releaseSays:
    'A mailbox whose data ended the server’s process twice is set aside. Let in again, what waits for it in the queue is filed. If the cause is still there, it may end the process again.',
  released: 'Let in again.',
  collector: 'Cleaning up',
  collectorText: 'Removes mail for good once it ended longer ago than its plan’s days.',
  collectorStates: { idle: 'rests', running: 'under way', asks: 'stands, and asks' } as Record<
    string,
    string
  >,
  lastRun: 'Last run',
  usual: (vault: string) => `Usually removed from ${vault}`,
  aside: 'Left alone',
  collect: 'Clean up now',
  collectSays:
    'What it may remove it would remove tonight by itself. It stands and asks where something is odd.',
  answerYes: 'Answer yes',
  answerSays: (what: string, means: string) => `${what}. Yes ${means}.`,
  stoodAndAsks: 'It stands, and asks:',
  collected: (accounts: number, condemned: number, later: number) =>
    `${n(accounts, 'account', 'accounts')} looked at, ${n(condemned, 'mail', 'mails')} may go, ${later} later.`,
  collectDone: 'Cleaned up.',
  lookUp: 'Look up a cohort',
  lookUpSays: 'How many are in a cohort, or which one a mailbox goes with.',
  lookUpWhat: 'Cohort, address or id',
  inCohort: (cohort: string, accounts: number, placed: number) =>
    `${cohort}: ${n(accounts, 'account', 'accounts')}, ${placed} placed by hand.`,
  goesWith: (address: string, cohort: string, slice: string) =>
    `${address} goes with ${cohort}; its id says ${slice}.`,
  lookedUp: 'Looked up.',
  moveOne: 'Move a mailbox',
  bundle: 'Support bundle',
  bundleSays:
    'What somebody who helps needs to see, in a ZIP file: status, figures, threads, orders. No mail, no addresses. Look through it before you give it away.',
  bundleDone: 'Written.',
  testAlerts: 'Test the alerts',
  testAlertsSays: 'A test goes out by every channel that tells operators.',
  testAlertsDone: 'Tested.',
  channel: (channel: string, ended: string) => `${channel}: ${ended}`,
  addAccount: 'Add a mailbox',
  addAccountSays: 'It can be used at once. Its password is made, and shown this once.',
  address: 'Address',
  plan: 'Plan',
  planHint: 'Empty for free.',
  ownerName: 'Name',
  language: 'Language',
  added: (address: string) => `${address} is there.`,
  password: (password: string) => `Its password: ${password}`,
  addedDone: 'Added.',
  importAccounts: 'Add from a CSV file',
  importSays:
    'A line for each mailbox; the first names the columns: address, password, name, plan, language, aliases, paid-until. Those that are there already are refused, the others added.',
  file: 'CSV file',
  imported: (added: number, refused: number) =>
    `${n(added, 'mailbox', 'mailboxes')} added, ${refused} refused.`,
  importDone: 'Read.',
  addAlias: 'Add an alias',
  addAliasSays: 'Mail to it comes into this mailbox, which may also write from it.',
  removeAlias: 'Remove an alias',
  removeAliasSays: 'Mail to it is refused from now on.',
  alias: 'Alias',
  aliasDone: 'Changed.',
  erase: 'Erase for good',
  eraseSays:
    'Everything of it, everywhere, now: engine, journal, every vault, queue. This can’t be undone. The signed certificate says what each place confirmed.',
  wouldErase: (places: string) => `It would be erased from ${places}.`,
  wouldEraseBytes: (size: string) => `It is ${size} of mail.`,
  eraseUnknown: 'Nobody can say now how much mail it is.',
  eraseOrdered: (time: string) => `It was ordered already, ${time}.`,
  erasedPlace: (place: string) => `${place}: has nothing left`,
  erasingPlace: (place: string) => `${place}: has not confirmed yet`,
  certificate: 'Download the signed certificate',
  eraseDone: 'Ordered.',
  noSearch: 'Your roles look up nobody here; support’s do.',
  past: 'Reports that are kept',
  noPast: 'No drill was run yet.',
  reportOf: (drill: string) => `Report of ${drill}`,
  checks: 'What had to hold',
  heldTag: 'held',
  notHeldTag: 'not held',
  timeline: 'Time line',
};
