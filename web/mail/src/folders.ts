/** How a folder is shown: its sign by its role, and where it is. */
import type { IconName } from '@casella/kit';
import type { PlacedMailbox } from '@casella/store';
import type { Route } from './route.ts';

const SIGNS: Record<string, IconName> = {
  inbox: 'inbox',
  drafts: 'draft',
  sent: 'sent',
  archive: 'archive',
  junk: 'junk',
  trash: 'trash',
  flagged: 'flag',
};

export function signOf({ role }: Pick<PlacedMailbox, 'role'>): IconName {
  return SIGNS[role ?? ''] ?? 'folder';
}

/** A folder with a role we know is named by it, so that its address is the same for everybody. */
export function routeTo({ role, id }: Pick<PlacedMailbox, 'role' | 'id'>): Route {
  return { name: 'mailbox', mailbox: role !== null && role in SIGNS ? role : id, email: null };
}
