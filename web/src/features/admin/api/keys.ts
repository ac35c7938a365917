import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { newKeySchema } from '@vedette/contracts';
import { createdKeySchema, keySchema } from '@vedette/contracts';
import type { z } from 'zod';
import { getItems, send } from '../../../lib/api.ts';

export function useKeys() {
  return useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => getItems('/keys', keySchema, { signal }) });
}

export function useCreateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: z.input<typeof newKeySchema>) => send('POST', '/keys', createdKeySchema, { body: key }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
}

export function useRevokeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send('DELETE', `/keys/${encodeURIComponent(id)}`, keySchema),
    onSettled: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
}
