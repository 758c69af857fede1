/** What the server would say of a mailbox that had a bad day, as the webmail asks for it. */
import type { Absence, Attempt, Compensation, Reckoning } from '@casella/jmap';

const HOUR = 3_600_000;
const NONE = { logIn: 0, read: 0, receive: 0, send: 0, push: 0, mailbox: 0 };
const FROM = '2026-11-20T08:00:00Z';
const UNTIL = '2026-11-21T10:15:00Z';

const absences: Absence[] = [
  {
    id: 'days90',
    incident: null,
    title: null,
    from: '2026-08-25T08:00:00Z',
    until: '2026-11-23T08:00:00Z',
    awayMillis: { ...NONE, logIn: 2 * HOUR, read: 26.25 * HOUR, push: 20_000, mailbox: 26.25 * HOUR },
    mailbox: [{ from: FROM, until: UNTIL }],
  },
  {
    id: 'n2',
    incident: 'n2',
    title: { it: 'Le caselle <b>non</b> si aprono', en: 'Mailboxes do <b>not</b> open' },
    from: FROM,
    until: UNTIL,
    awayMillis: { ...NONE, logIn: 2 * HOUR, read: 26.25 * HOUR, mailbox: 26.25 * HOUR },
    mailbox: [{ from: FROM, until: UNTIL }],
  },
  {
    id: 'n1',
    incident: 'n1',
    title: { it: 'Invio lento', en: 'Slow sending' },
    from: '2026-10-02T06:00:00Z',
    until: '2026-10-02T07:00:00Z',
    awayMillis: NONE,
    mailbox: [],
  },
];

const attempts: Attempt[] = Array.from({ length: 22 }, (_, at) => ({
  id: `t${at}`,
  sender: at === 1 ? null : `mittente${at}@banca.example`,
  first: FROM,
  last: at === 0 ? UNTIL : FROM,
  tries: 3,
  code: at === 0 ? 451 : at === 1 ? null : 452,
  reason: 'Try again later',
  came: at === 0 ? null : UNTIL,
}));

const compensations: Compensation[] = [
  {
    id: 'c1',
    incident: 'n2',
    title: { it: 'Le caselle <b>non</b> si aprono', en: 'Mailboxes do <b>not</b> open' },
    quotaBytes: 2_000_000_000,
    months: 6,
    given: '2026-11-22T09:00:00Z',
    ended: null,
  },
];

const reckoning: Reckoning = {
  id: 'singleton',
  at: '2026-11-23T08:00:00Z',
  accepted: 1204,
  filed: 1100,
  deleted: 103,
  pending: 1,
  lost: 0,
  unreachable: 0,
  meanwhile: {
    days90: { mails: 12, first: FROM, last: UNTIL },
    n2: { mails: 12, first: FROM, last: UNTIL },
    n1: { mails: 0, first: null, last: null },
  },
  statement: '{"payload":"e30","protected":"e30","signature":"x"}',
};

/** Undefined for a method that asks for nothing of this. */
export function ownList(method: string): object[] | undefined {
  switch (method) {
    case 'Absence/get':
      return absences;
    case 'Attempt/get':
      return attempts;
    case 'Compensation/get':
      return compensations;
    case 'Reckoning/get':
      return [reckoning];
    default:
      return undefined;
  }
}
