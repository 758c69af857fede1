/** A look inside a mailbox that its owner allows. */
import { deed, type Order } from './order.ts';
import type { Facts } from './facts.ts';

export type HelpScope = 'folders' | 'messages' | 'contents';

/** How far and until when the person may look. */
export interface Help {
  scope: HelpScope;
  until: string;
}

function scopeOf(word: string): HelpScope {
  return word === 'contents' || word === 'messages' ? word : 'folders';
}

/** Null: the owner does not let this person look. */
export function helpShow(account: string): Order<Help | null> {
  return {
    name: 'help-show',
    fields: { account },
    read: ({ facts }) => {
      const scope = facts.maybeText('scope');
      return scope === null ? null : { scope: scopeOf(scope), until: facts.text('until') };
    },
  };
}

export function helpBegin(account: string, code: string): Order<Help> {
  return {
    name: 'help-begin',
    fields: { account, code },
    read: ({ facts }) => ({ scope: scopeOf(facts.text('scope')), until: facts.text('until') }),
  };
}

export interface Folder {
  id: string;
  name: string;
  role: string | null;
  emails: number;
  unread: number;
}

export function helpFolders(account: string): Order<Folder[]> {
  return {
    name: 'help-folders',
    fields: { account },
    read: ({ rows }) =>
      rows.map((row) => ({
        id: row.text('id'),
        name: row.text('name'),
        role: row.maybeText('role'),
        emails: row.number('emails'),
        unread: row.number('unread'),
      })),
  };
}

export interface Line {
  id: string;
  from: string;
  subject: string;
  received: string;
  size: number;
  seen: boolean;
}

function line(row: Facts): Line {
  return {
    id: row.text('id'),
    from: row.maybeText('from') ?? '',
    subject: row.maybeText('subject') ?? '',
    received: row.text('received'),
    size: row.number('size'),
    seen: row.flag('seen'),
  };
}

/** @param limit at most 50 */
export function helpMessages(
  account: string,
  folder: string,
  position: number,
  limit: number,
): Order<Line[]> {
  return {
    name: 'help-messages',
    fields: { account, folder, position, limit },
    read: ({ rows }) => rows.map(line),
  };
}

export interface Message extends Line {
  text: string;
  truncated: boolean;
  /** Names of attachments. */
  files: string[];
}

export function helpMessage(account: string, email: string): Order<Message> {
  return {
    name: 'help-message',
    fields: { account, email },
    read: ({ facts }) => ({
      ...line(facts),
      text: facts.maybeText('text') ?? '',
      truncated: facts.flag('truncated'),
      files: facts.texts('files'),
    }),
  };
}

export const helpEnd = (account: string) => deed('help-end', { account });
