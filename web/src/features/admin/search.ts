import { compact, pickOne } from '../../lib/url.ts';

const ADMIN_TABS = ['users', 'keys'] as const;
export type AdminTab = (typeof ADMIN_TABS)[number];

export function parseAdminSearch(search: Record<string, unknown>): { tab?: AdminTab } {
  return compact({ tab: pickOne(search, 'tab', ADMIN_TABS) });
}
