/** All rules of the server; they are few thousand at most and change rarely. */
import { useQuery } from '@tanstack/react-query';
import { pageOf, ruleSchema, type RuleInfo } from '@vedette/contracts';
import { get } from '../../../lib/api.ts';

const MOST_PAGES = 100;

export function useRules() {
  return useQuery({
    queryKey: ['rules'],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => {
      const rules: RuleInfo[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer = await get('/rules', pageOf(ruleSchema), { query: { limit: 200, cursor }, signal });
        rules.push(...answer.items);
        if (answer.nextCursor === null) break;
        cursor = answer.nextCursor;
      }
      return rules;
    },
  });
}
