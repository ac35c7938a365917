/** Whether anything was ever stored: an empty overview is either a quiet range or a fresh install. */
import { useQuery } from '@tanstack/react-query';
import { eventDocumentSchema, pageOf } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';

/** Asked only while `enabled`; undefined until known. The answer is the time of the newest event, null for none. */
export function useNewestEvent(enabled: boolean) {
  return useQuery({
    queryKey: ['events', 'newest'],
    enabled,
    queryFn: async ({ signal }) => {
      const page = await get('/events', pageOf(eventDocumentSchema), { query: { limit: 1, lane: 'all' }, signal });
      return page.items[0]?.['@timestamp'] ?? null;
    },
  });
}
