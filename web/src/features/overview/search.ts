/** The overview's filters in the URL. */
import { SEVERITIES, type Severity } from '@vedette/contracts';
import { compact, pickOne, pickText } from '../../lib/url.ts';

export interface OverviewSearch {
  q?: string;
  severity?: Severity;
  protocol?: string;
  sourceType?: string;
}

export function parseOverviewSearch(search: Record<string, unknown>): OverviewSearch {
  return compact({
    q: pickText(search, 'q'),
    severity: pickOne(search, 'severity', SEVERITIES),
    protocol: pickText(search, 'protocol')?.slice(0, 64),
    sourceType: pickText(search, 'sourceType')?.slice(0, 64),
  });
}
