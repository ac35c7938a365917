/** Where each figure of the overview leads: the same filters, narrowed to what was clicked. Pure. */
import type { Severity } from '@vedette/contracts';
import { addressQuery, allOf, protocolTerm, severityTerm, term } from '../../lib/query-text.ts';
import type { Drill } from '../../ui/drill.tsx';
import type { OverviewSearch } from './search.ts';

/** The overview's filters as a search query. */
export function filterQuery(filters: OverviewSearch): string {
  return allOf(
    filters.q,
    filters.severity && severityTerm(filters.severity),
    filters.protocol && protocolTerm(filters.protocol),
    filters.sourceType && term('vedette.source_type', filters.sourceType),
  );
}

export const MALICIOUS = 'vedette.intel.level:>=1';

export interface OverviewDrills {
  events: (narrowed?: string) => Drill;
  severity: (severity: Severity) => Drill;
  protocol: (protocol: string) => Drill;
  destination: (ip: string) => Drill;
  source: (ip: string) => Drill;
  maliciousIp: (ip: string) => Drill;
  heat: (severity: Severity, minimum: number, maximum: number | null) => Drill;
}

export function drillsOf(filters: OverviewSearch): OverviewDrills {
  const base = filterQuery(filters);
  const hunt = (...parts: string[]): Drill => ({ to: '/hunt', search: { q: allOf(base, ...parts) } });
  return {
    events: (narrowed = '') => hunt(narrowed),
    severity: (severity) => hunt(severityTerm(severity)),
    protocol: (protocol) => hunt(protocolTerm(protocol)),
    destination: (ip) => hunt(term('destination.ip', ip)),
    source: (ip) => hunt(term('source.ip', ip)),
    maliciousIp: (ip) => hunt(addressQuery(ip), MALICIOUS),
    heat: (severity, minimum, maximum) =>
      hunt(
        severityTerm(severity),
        maximum === minimum ? term('vedette.intel.level', String(minimum)) : `vedette.intel.level:>=${minimum}`,
      ),
  };
}
