/** Alerts that mention a value. */
import { useQuery } from '@tanstack/react-query';
import { alertSchema, pageOf, type LaneFilter } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';
import type { PageRange } from '../../../lib/use-range.ts';

export function useAlertsAbout(value: string, range: PageRange, lane: LaneFilter | undefined) {
  const query = { q: value.slice(0, 256), from: range.from, lane, limit: 5 };
  return useQuery({
    queryKey: ['alerts', 'about', query],
    queryFn: ({ signal }) => get('/alerts', pageOf(alertSchema), { query, signal }),
    enabled: value !== '',
  });
}
