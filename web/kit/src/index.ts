/**
 * What lives here: colours, sizes and signs, the reader's language and scheme, and the few components every
 * page shares.
 * Promises: contrast of at least 4.5 for text in both schemes and for any brand's accent; no request.
 * Never: mail, JMAP, a page's words. DialogFrame.svelte is fetched by its name, so that it comes when it is
 * needed.
 * Start at tokens.css.
 */
export { default as Button } from './Button.svelte';
export * from './color.ts';
export * from './format.ts';
export * from './geometry.ts';
export { default as Icon } from './Icon.svelte';
export type { IconName } from './icons.ts';
export * from './language.svelte.ts';
export * from './scheme.svelte.ts';
export { default as Skeleton } from './Skeleton.svelte';
export { default as Statement } from './Statement.svelte';
export * from './watch.ts';
