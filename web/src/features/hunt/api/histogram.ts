import { useQuery } from '@tanstack/react-query';
import { histogramSchema } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';
import type { HuntScope } from '../scope.ts';

export function useHistogram(scope: HuntScope) {
  return useQuery({
    queryKey: ['events', 'histogram', scope],
    queryFn: ({ signal }) => get('/events/histogram', histogramSchema, { query: { ...scope, buckets: 96 }, signal }),
    staleTime: Infinity,
  });
}
