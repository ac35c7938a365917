/** The newest events at the moment the feed opens, so that it never starts empty. */
import { useQuery } from '@tanstack/react-query';
import { eventDocumentSchema, pageOf, type LaneFilter } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';

export function useRecentEvents(lane: LaneFilter) {
  return useQuery({
    queryKey: ['events', 'recent', lane],
    queryFn: ({ signal }) => get('/events', pageOf(eventDocumentSchema), { query: { limit: 100, lane }, signal }),
    select: (page) => page.items,
    staleTime: 0,
    gcTime: 0,
    placeholderData: undefined,
  });
}
