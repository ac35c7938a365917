/** The alert list, page by page, newest first. */
import { keepPreviousData, useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { alertSchema, pageOf, type Alert, type LaneFilter, type Page } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';
import type { PageRange } from '../../../lib/use-range.ts';
import type { AlertFilters } from '../search.ts';

export type AlertPages = InfiniteData<Page<Alert>>;

const PAGE_SIZE = 200;

/** One key per set of filters; live messages patch the pages below it. */
export function alertsKey(filters: AlertFilters, lane: LaneFilter, range: string) {
  return ['alerts', 'list', { ...filters, lane, range }] as const;
}

export function useAlerts(filters: AlertFilters, lane: LaneFilter, range: PageRange) {
  // A relative range stays open at its end: what happens from now on belongs to the list.
  const { from, to } = range;
  const query = { ...filters, lane, from, to: range.text.includes('..') ? to : undefined };
  return useInfiniteQuery({
    queryKey: alertsKey(filters, lane, range.text),
    queryFn: ({ pageParam, signal }) =>
      get('/alerts', pageOf(alertSchema), {
        query: { ...query, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
