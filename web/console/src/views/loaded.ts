/** Each view's page, fetched when it is first opened. */
import type { Component } from 'svelte';
import type { ViewName } from '../route.ts';

/** @param what the one thing of the view that is shown; empty for its list */
export type Page = Component<{ what: string }>;

export const loaded: Record<ViewName, () => Promise<{ default: Page }>> = {
  overview: () => import('./overview/Overview.svelte'),
  accounts: () => import('./accounts/Accounts.svelte'),
  vaults: () => import('./vaults/Vaults.svelte'),
  queue: () => import('./queue/Queue.svelte'),
  incidents: () => import('./incidents/Incidents.svelte'),
  compensation: () => import('./compensation/Compensation.svelte'),
  complaints: () => import('./complaints/Complaints.svelte'),
  privacy: () => import('./privacy/Privacy.svelte'),
  brands: () => import('./brands/Brands.svelte'),
  drills: () => import('./drills/Drills.svelte'),
  audit: () => import('./audit/Audit.svelte'),
};
