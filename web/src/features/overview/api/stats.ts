/** All figures of the overview in one request. */
import { useQuery } from '@tanstack/react-query';
import { statsSchema, type LaneFilter } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';
import type { PageRange } from '../../../lib/use-range.ts';
import type { OverviewSearch } from '../search.ts';

export function useStats(range: PageRange, lane: LaneFilter | undefined, filters: OverviewSearch) {
  const { from, to } = range;
  const query = { from, to, lane, ...filters };
  return useQuery({
    queryKey: ['stats', query],
    queryFn: ({ signal }) => get('/stats', statsSchema, { query, signal }),
  });
}
