/**
 * The correlators: they live in one place (main), see observations in journal order, and give signals. Their state is
 * saved together with the journal position it has seen, and rebuilt from there after a crash.
 */
import type { Entity } from '@vedette/contracts';
import { createCorrelator, type Correlator, type CorrelationWindow, type Firing } from '@vedette/sigma';
import type { Observation, Signal } from './detector.ts';

/** A correlation as plain data: rules are compiled in the workers, counting is done here. */
export interface CorrelationSpec extends CorrelationWindow {
  /** Place in the ruleset. */
  index: number;
  id: string;
  title: string;
  level: number;
}

export interface Correlations {
  /** Counts the observations of one cut, in order; returns what fired. */
  observe(observations: readonly Observation[]): Signal[];
  /** State of all correlators, by correlation id. */
  snapshot(): Record<string, unknown>;
  /** Takes back a snapshot; correlations that have changed since begin empty. */
  restore(snapshot: Record<string, unknown>): void;
}

export function createCorrelations(correlations: readonly CorrelationSpec[]): Correlations {
  const correlators: Correlator[] = correlations.map((correlation) => createCorrelator(correlation));
  return {
    observe(observations) {
      const signals: Signal[] = [];
      for (const observation of observations) {
        const correlator = correlators[observation.correlation];
        const firing = correlator?.observe(observation.groupKey, observation.timestamp, observation.eventId);
        if (firing) signals.push(signalOf(correlations[observation.correlation]!, firing, observation));
      }
      return signals;
    },
    snapshot() {
      return Object.fromEntries(correlators.map((correlator, i) => [correlations[i]!.id, correlator.snapshot()]));
    },
    restore(snapshot) {
      correlators.forEach((correlator, i) => {
        const state = snapshot[correlations[i]!.id];
        if (state !== undefined) correlator.restore(state);
      });
    },
  };
}

function signalOf(correlation: CorrelationSpec, firing: Firing, observation: Observation): Signal {
  return {
    ruleId: correlation.id,
    level: correlation.level,
    lane: observation.lane,
    timestamp: firing.lastSeen,
    firstSeen: firing.firstSeen,
    count: firing.added,
    eventIds: firing.eventIds.slice(-firing.added),
    matched: observation.matched,
    entities: observation.entities,
    foldKey: observation.groupKey,
    continues: firing.continues,
    summary: sentence(correlation, firing, observation.entities),
  };
}

/** `SSH brute force: 8 events within 120 s: user root from 10.0.0.5 on web1`. */
function sentence(correlation: CorrelationSpec, firing: Firing, entities: readonly Entity[]): string {
  const seconds = Math.max(1, Math.round((firing.lastSeen - firing.firstSeen) / 1000));
  const first = (type: Entity['type'], word: string) => {
    const found = entities.find((entity) => entity.type === type);
    return found === undefined ? [] : [`${word} ${found.value}`];
  };
  const who = [...first('user', 'user'), ...first('ip', 'from'), ...first('host', 'on')].join(' ');
  return `${correlation.title}: ${firing.count} events within ${seconds} s${who === '' ? '' : `: ${who}`}`;
}
