/** What every page of the console says: its frame, failures, dialogs. */
import type { Failure } from '../../api/failure.ts';
import { counting } from '../counting.ts';

const n = counting('en');

export const frame = {
  title: 'Casella console',
  navigation: 'Views',
  more: 'More',
  menu: 'All views',
  close: 'Close',
  skip: 'Skip to the content',
  views: {
    overview: 'Overview',
    accounts: 'Accounts',
    vaults: 'Vaults and ladder',
    queue: 'Queue',
    incidents: 'Incidents',
    compensation: 'Compensation',
    complaints: 'Complaints',
    privacy: 'Privacy',
    brands: 'Brands and plans',
    drills: 'Drills',
    audit: 'Audit log',
  },
  roles: {
    operator: 'operator',
    support: 'support',
    'data-protection': 'data protection',
    billing: 'billing',
    'read-only': 'read only',
  } as Record<string, string>,
  language: 'Italiano',
  languageLabel: 'Passa all’italiano',
  scheme: 'Light or dark',
  logOut: 'Log out',
  offline: 'You are not connected. What you see may be old; nothing can be done until you are back.',
  nothingFor: 'There is no view for your roles',
  nothingForText: 'You are logged in, but none of your roles shows anything here. Ask who gives out roles.',
  notYours: 'This view is not for your roles',
  notYoursText: 'Choose another one.',
};

export const login = {
  title: 'Operators’ console',
  name: 'Name',
  password: 'Password',
  submit: 'Log in',
  busy: 'Logging in…',
  missing: 'Write your name and your password.',
  refused: 'Name and password do not match. Check both and try again.',
  tooMany: (minutes: number) => `Too many attempts. Try again in ${n(minutes, 'minute', 'minutes')}.`,
  left: 'You are logged out.',
  ended: 'Your log-in has ended',
  endedText: 'Log in again: the page and what you wrote in it are still there.',
  show: 'Show password',
  hide: 'Hide password',
};

export const common = {
  retry: 'Try again',
  refresh: 'Refresh',
  asOf: (time: string) => `As of ${time}`,
  stale: (time: string) => `This is as it was at ${time}.`,
  since: (time: string) => `since ${time}`,
  forSpan: (span: string) => `for ${span}`,
  never: 'never',
  none: 'none',
  all: 'all',
  yes: 'yes',
  no: 'no',
  unknown: 'not known',
  back: 'Back to the list',
  show: 'Show',
  more: 'There is more than is shown here.',
  units: { d: 'd', h: 'h', min: 'min', s: 's' },
  accounts: (count: number) => n(count, 'account', 'accounts'),
  mails: (count: number) => n(count, 'mail', 'mails'),
  objects: (count: number) => n(count, 'object', 'objects'),
  italian: 'Italian',
  english: 'English',
  download: 'Download',
  copied: 'Copied.',
  copy: 'Copy',
  table: 'The same as a table',
  time: 'Time',
  by: 'by',
  brand: 'Brand',
  plan: 'Plan',
  account: 'Account',
  state: 'State',
  incident: 'Incident',
  when: 'When',
  who: 'Who',
  what: 'What',
  /** What a failure means, and what to do. */
  failure: (failure: Failure): string => {
    switch (failure.kind) {
      case 'unreachable':
        return 'The server can’t be reached. Check your connection and whether it runs.';
      case 'denied':
        return 'Your log-in has ended. Log in again.';
      case 'forbidden':
        return 'None of your roles may do this.';
      case 'tooMany':
        return `Too much at once. Try again in ${n(failure.seconds, 'second', 'seconds')}.`;
      case 'refused':
        return 'Not done: the server says what is against it.';
      case 'away':
        return 'The part of the server that does this is not there now. Try again when it is back.';
      case 'tooLarge':
        return 'This is more than the server takes at once.';
      case 'nonsense':
        return 'The server answered something this page does not understand. Is the page as new as the server?';
    }
  },
};

export const deed = {
  cancel: 'Cancel',
  close: 'Close',
  look: 'See what would happen',
  looking: 'Looking, changing nothing…',
  would: 'What would happen',
  running: 'Under way…',
  target: (target: string) => `To confirm, type ${target}`,
  wrong: 'It was carried out, and something is not as it should be.',
  ended: 'What came of it',
  missing: 'Fill in what is marked.',
  needed: 'needed',
  progress: (done: string, of: string | null, unit: string) =>
    of === null ? `${done} ${unit}` : `${done} of ${of} ${unit}`,
};
