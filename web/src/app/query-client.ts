/** Defaults of all queries: the last data stays on screen while new data loads; passing failures are tried again. */
import { keepPreviousData, QueryClient } from '@tanstack/react-query';
import { isPassing } from '../lib/api.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      placeholderData: keepPreviousData,
      retry: (count, error) => count < 3 && isPassing(error),
      retryDelay: (attempt) => Math.min(800 * 2 ** attempt, 6000),
    },
    mutations: { retry: false },
  },
});
