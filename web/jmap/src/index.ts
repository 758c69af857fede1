/**
 * What lives here: the JMAP methods the webmail uses, typed, one file per method group.
 * Promises: every failure is a JmapError of a closed set; nothing is retried, nothing is kept.
 * Never: a user interface, a cache, a password.
 * Start at client.ts. RFC 8620 (core), RFC 8621 (mail).
 */
export * from './auth.ts';
export * from './blob.ts';
export * from './client.ts';
export * from './email.ts';
export * from './errors.ts';
export type { Fetch } from './http.ts';
export { GUARD_HEADER } from './http.ts';
export * from './help.ts';
export * from './identity.ts';
export * from './mailbox.ts';
export * from './own.ts';
export * from './push.ts';
export * from './second.ts';
export * from './service.ts';
export * from './session.ts';
export * from './submission.ts';
export * from './wire.ts';
