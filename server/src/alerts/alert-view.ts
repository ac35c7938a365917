/** Between the alert's row and what the API says of it. */
import type { Alert, Attack, Entity } from '@vedette/contracts';
import type { Evidence } from '../store/state/alert-evidence.ts';
import type { AlertRow } from '../store/state/alerts.ts';
import type { Folded } from './folding.ts';

export function alertOf(row: AlertRow): Alert {
  return {
    id: row.id,
    rule: { id: row.rule_id, title: row.rule_title },
    level: row.level,
    status: row.status,
    lane: row.lane,
    count: row.count,
    firstSeen: isoTime(row.first_seen),
    lastSeen: isoTime(row.last_seen),
    createdAt: isoTime(row.created_at),
    entities: JSON.parse(row.entities) as Entity[],
    attack: JSON.parse(row.attack) as Attack[],
    eventIds: JSON.parse(row.event_ids) as string[],
    summary: row.summary,
    assignee: row.assignee,
    previousId: row.previous_id,
  };
}

export function foldedOf(row: AlertRow, evidence: Evidence[]): Folded {
  return {
    level: row.level,
    count: row.count,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    summary: row.summary,
    entities: JSON.parse(row.entities) as Entity[],
    eventIds: JSON.parse(row.event_ids) as string[],
    evidence,
  };
}

export function foldedColumns(folded: Folded) {
  return {
    level: folded.level,
    count: folded.count,
    first_seen: folded.firstSeen,
    last_seen: folded.lastSeen,
    summary: folded.summary,
    entities: JSON.stringify(folded.entities),
    event_ids: JSON.stringify(folded.eventIds),
  };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
