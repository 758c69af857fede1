/** What is on screen, as the address bar says it, so that back, forward, reload and a bookmark work. */
export const VIEWS = [
  'overview',
  'accounts',
  'vaults',
  'queue',
  'incidents',
  'compensation',
  'complaints',
  'privacy',
  'brands',
  'drills',
  'audit',
] as const;

export type ViewName = (typeof VIEWS)[number];

/** `what` is the one thing shown of a view: an account's id, a vault's name; empty for the list. */
export interface Route {
  view: ViewName;
  what: string;
}

export const HOME: Route = { view: 'overview', what: '' };

const isView = (name: string): name is ViewName => VIEWS.some((view) => view === name);

/** Anything unknown is the overview. */
export function readRoute(hash: string): Route {
  const [view = '', ...rest] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  return isView(view) ? { view, what: rest.join('/') } : HOME;
}

export function writeRoute({ view, what }: Route): string {
  return what === '' ? `#/${view}` : `#/${view}/${encodeURIComponent(what)}`;
}

export const to = (view: ViewName, what: string | number = ''): string =>
  writeRoute({ view, what: String(what) });

/** The part of `what` before the first slash, and the rest. */
export function parted(what: string): [string, string] {
  const at = what.indexOf('/');
  return at < 0 ? [what, ''] : [what.slice(0, at), what.slice(at + 1)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
