/** From an alert to the events around it. Pure. */
import type { Alert, Entity } from '@vedette/contracts';
import { absoluteRangeText } from '../../lib/range.ts';
import { addressQuery, allOf, quoteValue, term } from '../../lib/query-text.ts';

const FIELDS = {
  user: 'user.name',
  host: 'host.name',
  ip: 'source.ip',
  process: 'process.name',
  file: 'file.path',
} as const;

/** The field that an entity is usually found in. */
export function fieldOfEntity(entity: Entity): string {
  return FIELDS[entity.type];
}

/**
 * Hunt's search for the alert's events: exactly these while the alert lists them all, else everything of its entities
 * between its first and last event.
 */
export function evidenceSearch(
  alert: Pick<Alert, 'entities' | 'firstSeen' | 'lastSeen' | 'lane' | 'eventIds' | 'count'>,
) {
  return {
    q: alert.eventIds.length >= alert.count ? idQuery(alert.eventIds) : entityQuery(alert.entities),
    range: absoluteRangeText(Date.parse(alert.firstSeen), Date.parse(alert.lastSeen) + 1),
    ...(alert.lane === 'live' ? {} : { lane: alert.lane }),
  };
}

function idQuery(ids: readonly string[]): string {
  return ids.length === 1 ? term('_id', ids[0]!) : `_id:(${ids.map(quoteValue).join(' OR ')})`;
}

function entityQuery(entities: readonly Entity[]): string {
  return allOf(
    ...entities.map((entity) =>
      entity.type === 'ip' ? addressQuery(entity.value) : term(fieldOfEntity(entity), entity.value),
    ),
  );
}
