/**
 * Every view of the console, for who looks at all of them: its address, and what is there when it is drawn.
 */
import type { Page } from 'playwright-core';

export interface Seen {
  name: string;
  place: string;
  ready: string;
  /** Opens what is meant, once the page is there. */
  open?: (page: Page) => Promise<void>;
}

const press = (selector: string) => async (page: Page) => {
  await page.locator(selector).first().click();
  await page.getByRole('dialog').waitFor();
};

const deed = (at: number) => press(`main .page > header .deeds button >> nth=${at}`);

export const SEEN: Seen[] = [
  { name: 'overview', place: '', ready: '.uplot canvas' },
  {
    name: 'trends',
    place: '',
    ready: '.uplot canvas',
    open: (page) => page.locator('figure').last().scrollIntoViewIfNeeded(),
  },
  { name: 'accounts', place: '#/accounts/find%2Fann', ready: 'main .rows a' },
  { name: 'account', place: '#/accounts/a1k7q0000000001', ready: 'blockquote' },
  { name: 'account-add', place: '#/accounts', ready: '#find', open: deed(0) },
  { name: 'account-wiped', place: '#/accounts/a1k7q0000000005', ready: 'blockquote' },
  { name: 'vaults', place: '#/vaults', ready: 'main .rows a' },
  { name: 'vault', place: '#/vaults/pack-new', ready: '[aria-current=step]' },
  { name: 'vault-add', place: '#/vaults', ready: 'main .rows a', open: deed(0) },
  { name: 'cohorts', place: '#/vaults/cohorts', ready: 'main table' },
  { name: 'standby', place: '#/vaults/standby', ready: 'main .rows a' },
  { name: 'reopening', place: '#/vaults/reopening', ready: 'main .statement' },
  { name: 'care', place: '#/vaults/care', ready: '.asks' },
  {
    name: 'rebuild',
    place: '#/vaults/care',
    ready: '.asks',
    open: press('section .deeds button >> nth=1'),
  },
  { name: 'queue', place: '#/queue', ready: 'main .rows a' },
  { name: 'queued', place: '#/queue/q7k2m9', ready: 'main .facts' },
  { name: 'incidents', place: '#/incidents', ready: 'main .rows a' },
  { name: 'incident', place: '#/incidents/1', ready: '.timeline' },
  { name: 'incident-open', place: '#/incidents', ready: 'main .rows a', open: deed(0) },
  { name: 'compensation', place: '#/compensation', ready: 'main .rows a' },
  { name: 'compensation-run', place: '#/compensation/1', ready: 'main table' },
  { name: 'complaints', place: '#/complaints', ready: 'main .deadlines' },
  { name: 'complaint', place: '#/complaints/3', ready: '.theirs' },
  { name: 'privacy', place: '#/privacy', ready: 'main .rows a' },
  { name: 'breach', place: '#/privacy/1', ready: 'meter' },
  { name: 'losses', place: '#/privacy/losses', ready: 'main .card button' },
  { name: 'brands', place: '#/brands', ready: 'main .rows strong' },
  { name: 'drills', place: '#/drills', ready: 'main .rows button' },
  { name: 'drill-report', place: '#/drills/20261102T030000Z-vault-lying', ready: 'main table' },
  { name: 'audit', place: '#/audit', ready: 'main .rows .meta' },
  { name: 'staff', place: '#/audit/staff', ready: 'main .rows strong' },
];

/** A preview, so that there is something to show. */
export async function previewed(url: string): Promise<void> {
  const session = await fetch(new URL('/api/v1/session', url), {
    method: 'POST',
    body: JSON.stringify({ name: 'carla', password: 'casella' }),
  });
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  await fetch(new URL('/api/v1/orders/compensation-preview', url), {
    method: 'POST',
    headers: { Cookie: cookie },
    body: JSON.stringify({ incident: 1, rules: 'plans: [free]' }),
  });
}
