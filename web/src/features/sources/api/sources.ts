/** Everything that Sources & health shows; it reloads by itself, because health is about now. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { feedSchema, healthSchema, pageOf, pipelineSchema, quarantinedSchema, sourceSchema } from '@vedette/contracts';
import { ApiError, get, getItems } from '../../../lib/api.ts';
import type { PageRange } from '../../../lib/use-range.ts';

const EVERY_MS = 5000;

export function useSources() {
  return useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => getItems('/sources', sourceSchema, { signal }),
    refetchInterval: EVERY_MS,
  });
}

export function usePipeline() {
  return useQuery({
    queryKey: ['pipeline'],
    queryFn: ({ signal }) => get('/sources/pipeline', pipelineSchema, { signal }),
    refetchInterval: EVERY_MS,
  });
}

/** The server answers 503 with the same body while a part is not ready: that is an answer here, not a failure. */
export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => {
      const response = await fetch('/api/v1/health', { signal });
      const body = healthSchema.safeParse(await response.json());
      if (!body.success) throw new ApiError(response.status, 'unexpected_answer', 'The health answer cannot be read.');
      return body.data;
    },
    refetchInterval: EVERY_MS,
  });
}

export function useFeeds() {
  return useQuery({
    queryKey: ['feeds'],
    queryFn: ({ signal }) => getItems('/intel/feeds', feedSchema, { signal }),
    refetchInterval: EVERY_MS * 6,
  });
}

export function useQuarantine(range: PageRange, source: string | undefined) {
  const query = { source, from: range.from, to: range.text.includes('..') ? range.to : undefined };
  return useInfiniteQuery({
    queryKey: ['quarantine', query],
    queryFn: ({ pageParam, signal }) =>
      get('/quarantine', pageOf(quarantinedSchema), {
        query: { ...query, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
