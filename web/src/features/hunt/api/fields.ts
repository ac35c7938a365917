/** Fields of the matching events with their top values. */
import { useQuery } from '@tanstack/react-query';
import { fieldsSchema } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';
import type { HuntScope } from '../scope.ts';

export function useFields(scope: HuntScope) {
  return useQuery({
    queryKey: ['events', 'fields', scope],
    queryFn: ({ signal }) => get('/events/fields', fieldsSchema, { query: { ...scope, top: 8 }, signal }),
    staleTime: Infinity,
  });
}

/** Top values of one field in the whole range, for completion; idle while `field` is undefined. */
export function useFieldValues(field: string | undefined, scope: HuntScope) {
  const query = { from: scope.from, to: scope.to, lane: scope.lane, fields: field, top: 20 };
  return useQuery({
    queryKey: ['events', 'values', query],
    queryFn: ({ signal }) => get('/events/fields', fieldsSchema, { query, signal }),
    enabled: field !== undefined,
    staleTime: 60_000,
    placeholderData: undefined,
    select: (answer) => answer.fields[0]?.values.map((value) => value.value) ?? [],
  });
}
