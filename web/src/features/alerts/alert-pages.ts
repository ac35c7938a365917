/** Folding live alerts into the pages that are loaded. Pure: pages in, pages out. */
import type { Alert } from '@vedette/contracts';
import type { AlertPages } from './api/alerts.ts';

/** All loaded alerts, each once: a page border may move while pages load. */
export function flattenPages(pages: AlertPages | undefined): Alert[] {
  const seen = new Set<string>();
  const alerts: Alert[] = [];
  for (const page of pages?.pages ?? [])
    for (const alert of page.items) {
      if (seen.has(alert.id)) continue;
      seen.add(alert.id);
      alerts.push(alert);
    }
  return alerts;
}

/** Replaces alerts that are loaded, in place: nothing moves. The same object when nothing changed. */
export function replaceAlerts(data: AlertPages, changed: ReadonlyMap<string, Alert>): AlertPages {
  let touched = false;
  const pages = data.pages.map((page) => {
    if (!page.items.some((alert) => changed.has(alert.id))) return page;
    touched = true;
    return { ...page, items: page.items.map((alert) => changed.get(alert.id) ?? alert) };
  });
  return touched ? { ...data, pages } : data;
}

/** Puts new alerts on top, newest first; those already loaded are left where they are. */
export function prependAlerts(data: AlertPages, opened: readonly Alert[]): AlertPages {
  const loaded = new Set(flattenPages(data).map((alert) => alert.id));
  const fresh = opened.filter((alert) => !loaded.has(alert.id));
  const [first, ...rest] = data.pages;
  if (fresh.length === 0 || !first) return data;
  const items = [...fresh, ...first.items].sort((a, b) => Date.parse(b.lastSeen) - Date.parse(a.lastSeen));
  const total = first.total === undefined ? {} : { total: first.total + fresh.length };
  return { ...data, pages: [{ ...first, ...total, items }, ...rest] };
}

/** Only the first page: what loading anew begins with, so that one gap does not cost fifty requests. */
export function firstPage(data: AlertPages): AlertPages {
  return { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) };
}

/** Next or previous alert by `step`; the first when nothing is chosen or it is gone. */
export function neighbour(alerts: readonly Alert[], id: string | undefined, step: number): Alert | undefined {
  const at = id === undefined ? -1 : alerts.findIndex((alert) => alert.id === id);
  if (at === -1) return alerts[0];
  return alerts[Math.min(Math.max(at + step, 0), alerts.length - 1)];
}
