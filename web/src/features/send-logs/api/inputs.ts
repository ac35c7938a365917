import { useQuery } from '@tanstack/react-query';
import { pipelineSchema } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';

export function useInputs() {
  return useQuery({
    queryKey: ['pipeline'],
    queryFn: ({ signal }) => get('/sources/pipeline', pipelineSchema, { signal }),
    select: (state) => state.inputs,
  });
}
