/** Matching events, newest first, page by page. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { eventDocumentSchema, pageOf } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';
import type { HuntScope } from '../scope.ts';

const PAGE_SIZE = 200;

export function useEvents(scope: HuntScope) {
  return useInfiniteQuery({
    queryKey: ['events', 'list', scope],
    queryFn: ({ pageParam, signal }) =>
      get('/events', pageOf(eventDocumentSchema), {
        query: { ...scope, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}
