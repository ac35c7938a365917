import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { newUserSchema, userPatchSchema } from '@vedette/contracts';
import { userSchema } from '@vedette/contracts';
import type { z } from 'zod';
import { getItems, send } from '../../../lib/api.ts';

export function useUsers() {
  return useQuery({ queryKey: ['users'], queryFn: ({ signal }) => getItems('/users', userSchema, { signal }) });
}

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: z.input<typeof newUserSchema>) => send('POST', '/users', userSchema, { body: user }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}

export function useChangeUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, patch }: { id: string; patch: z.input<typeof userPatchSchema> }) =>
      send('PATCH', `/users/${encodeURIComponent(id)}`, userSchema, { body: patch }),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}
