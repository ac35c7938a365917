/** Everything about one value, by source type. */
import { useQuery } from '@tanstack/react-query';
import { pivotSchema, type LaneFilter } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';
import type { PageRange } from '../../../lib/use-range.ts';

export function usePivot(value: string, range: PageRange, lane: LaneFilter | undefined) {
  const query = { value, from: range.from, to: range.to, lane, newest: 5 };
  return useQuery({
    queryKey: ['pivot', query],
    queryFn: ({ signal }) => get('/pivot', pivotSchema, { query, signal }),
    enabled: value !== '',
  });
}
