/**
 * Observations on their way from a worker to main. A brute-force flood is tens of thousands of them a second, nearly all
 * of the same few groups: a group's text crosses once for each cut, an event as three numbers.
 */
import type { Entity, Lane, MatchedField } from '@vedette/contracts';
import type { Observation } from './detector.ts';

/** What the observations of one group have in common. */
export interface ObservedGroup {
  correlation: number;
  groupKey: string;
  lane: Lane;
  /** Of all its events, in the order in which they were seen; at most `MAX_ENTITIES`. */
  entities: Entity[];
  /** Of the newest explained event. */
  matched: MatchedField[];
}

export interface ObservationBlock {
  groups: ObservedGroup[];
  /** Three numbers an event, in order: index of its group, event time (ms), event id. */
  rows: Float64Array;
}

const MAX_ENTITIES = 20;

export function packObservations(observations: readonly Observation[]): ObservationBlock {
  const groups: ObservedGroup[] = [];
  const known = new Map<string, number>();
  const rows = new Float64Array(observations.length * 3);
  let at = 0;
  for (const { correlation, groupKey, lane, timestamp, eventId, entities, matched } of observations) {
    const key = `${correlation} ${groupKey}`;
    let index = known.get(key);
    if (index === undefined) {
      index = groups.length;
      known.set(key, index);
      groups.push({ correlation, groupKey, lane, entities: [...entities], matched });
    } else {
      const group = groups[index]!;
      addEntities(group.entities, entities);
      if (matched.length > 0) group.matched = matched;
    }
    rows[at++] = index;
    rows[at++] = timestamp;
    rows[at++] = eventId;
  }
  return { groups, rows };
}

function addEntities(all: Entity[], more: readonly Entity[]): void {
  for (const entity of more) {
    if (all.length >= MAX_ENTITIES) return;
    if (!all.some(({ type, value }) => value === entity.value && type === entity.type)) all.push(entity);
  }
}
