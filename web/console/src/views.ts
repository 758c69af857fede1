/** Every view once: its sign, and the orders of which a person must be allowed one to see it. */
import type { IconName } from '@casella/kit';
import type { OrderName } from './api/order.ts';
import { VIEWS, type ViewName } from './route.ts';

export interface View {
  icon: IconName;
  needs: OrderName[];
}

export const SHOWN: Record<ViewName, View> = {
  overview: { icon: 'gauge', needs: ['status'] },
  accounts: { icon: 'person', needs: ['account-find', 'account-add'] },
  vaults: { icon: 'vault', needs: ['vault-list'] },
  queue: { icon: 'queue', needs: ['queue-list'] },
  incidents: { icon: 'bell', needs: ['incident-list'] },
  compensation: { icon: 'gift', needs: ['compensation-status'] },
  complaints: { icon: 'words', needs: ['complaint-list'] },
  privacy: { icon: 'shield', needs: ['breach-list', 'losses'] },
  brands: { icon: 'tag', needs: ['brand-list', 'plan-list'] },
  drills: { icon: 'drill', needs: ['drill-run', 'drill-stop', 'drill-reports'] },
  audit: { icon: 'log', needs: ['audit-list'] },
};

/** The views that somebody with these orders sees, in their order. */
export function visible(may: ReadonlySet<string>): ViewName[] {
  return VIEWS.filter((view) => SHOWN[view].needs.some((order) => may.has(order)));
}
