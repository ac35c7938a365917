/** The rule list's filters in the URL, and the rule that is open beside it. */
import { SEVERITIES, type Severity } from '@vedette/contracts';
import { compact, pickOne, pickText } from '../../lib/url.ts';

export interface RuleSearch {
  text?: string;
  severity?: Severity;
  id?: string;
}

export function parseRuleSearch(search: Record<string, unknown>): RuleSearch {
  return compact({
    text: pickText(search, 'text')?.slice(0, 256),
    severity: pickOne(search, 'severity', SEVERITIES),
    id: pickText(search, 'id')?.slice(0, 256),
  });
}
