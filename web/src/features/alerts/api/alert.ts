/** One alert with evidence and history. */
import { useQuery } from '@tanstack/react-query';
import { alertDetailSchema } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';

function alertKey(id: string) {
  return ['alerts', 'one', id] as const;
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: alertKey(id),
    queryFn: ({ signal }) => get(`/alerts/${encodeURIComponent(id)}`, alertDetailSchema, { signal }),
  });
}
