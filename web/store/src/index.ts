/**
 * What lives here: the reader's mail as records with named states, windowed lists, one change feed, drafts.
 * Promises: what the reader does shows at once and is taken back when refused; no typed word is lost; a list
 * of a million emails costs what its visible windows cost.
 * Never: words for the screen, the DOM, a framework, a password.
 * Start at gate.ts, then account.ts.
 */
export * from './account.ts';
export * from './actions.ts';
export * from './addresses.ts';
export * from './bodies.ts';
export * from './cell.ts';
export * from './draft.ts';
export * from './email-list.ts';
export * from './emails.ts';
export * from './feed.ts';
export * from './gate.ts';
export * from './help.ts';
export * from './leftovers.ts';
export * from './mailboxes.ts';
export * from './reply.ts';
export * from './segments.ts';
export * from './selection.ts';
export * from './notice.ts';
export * from './own.ts';
export * from './second.ts';
export * from './service.ts';
