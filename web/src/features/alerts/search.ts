/** The alert list's filters in the URL, and the alert that is open beside it. */
import { STATUSES, type Status } from '@vedette/contracts';
import { compact, pickNumber, pickOne, pickText } from '../../lib/url.ts';

export interface AlertFilters {
  minLevel?: number;
  status?: Status;
  rule?: string;
  user?: string;
  ip?: string;
  host?: string;
  q?: string;
}

export interface AlertSearch extends AlertFilters {
  /** The open alert. */
  id?: string;
}

export function parseAlertSearch(search: Record<string, unknown>): AlertSearch {
  return compact({
    minLevel: pickNumber(search, 'minLevel', 0, 15),
    status: pickOne(search, 'status', STATUSES),
    rule: pickText(search, 'rule')?.slice(0, 256),
    user: pickText(search, 'user')?.slice(0, 256),
    ip: pickText(search, 'ip')?.slice(0, 64),
    host: pickText(search, 'host')?.slice(0, 256),
    q: pickText(search, 'q')?.slice(0, 256),
    id: pickText(search, 'id')?.slice(0, 128),
  });
}
