/** What is on screen, as the address bar says it, so that back, forward, reload and a bookmark work. */
import type { EmailId } from '@casella/jmap';

export type Route =
  /** `mailbox` is a role of RFC 8621 §2 or an id. */
  | { name: 'mailbox'; mailbox: string; email: EmailId | null }
  | { name: 'search'; text: string; email: EmailId | null }
  /** The list of folders; a page of its own on the phone only. */
  | { name: 'folders' };

export const INBOX: Route = { name: 'mailbox', mailbox: 'inbox', email: null };

const ROLES = new Set(['inbox', 'flagged', 'drafts', 'sent', 'archive', 'junk', 'trash']);

/** Anything unknown is the inbox. */
export function readRoute(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').map(decoded);
  const [first = '', second = '', third = ''] = parts;
  if (first === 'folders') return { name: 'folders' };
  if (first === 'search' && second !== '') return { name: 'search', text: second, email: third || null };
  if (first === 'folder' && second !== '') return { name: 'mailbox', mailbox: second, email: third || null };
  if (ROLES.has(first)) return { name: 'mailbox', mailbox: first, email: second || null };
  return INBOX;
}

export function writeRoute(route: Route): string {
  switch (route.name) {
    case 'folders':
      return '#/folders';
    case 'search':
      return path('search', route.text, route.email);
    case 'mailbox':
      return ROLES.has(route.mailbox)
        ? path(route.mailbox, route.email)
        : path('folder', route.mailbox, route.email);
  }
}

export function emailOf(route: Route): EmailId | null {
  return route.name === 'folders' ? null : route.email;
}

/** The same list with another email open, or none. */
export function withEmail(route: Route, email: EmailId | null): Route {
  if (route.name === 'folders') return { name: 'mailbox', mailbox: 'inbox', email };
  return { ...route, email };
}

function path(...parts: (string | null)[]): string {
  return `#/${parts
    .filter((part) => part !== null)
    .map((part) => encodeURIComponent(part))
    .join('/')}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
