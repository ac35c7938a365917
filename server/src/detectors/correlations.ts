/**
 * The correlators: they live in one place (main), see observations in journal order, and give signals. Their state is
 * saved together with the journal position it has seen, and rebuilt from there after a crash.
 */
import type { Entity } from '@vedette/contracts';
import { createCorrelator, type Correlator, type CorrelationWindow, type Firing } from '@vedette/sigma';
import type { Observation, Signal } from './detector.ts';
import type { ObservationBlock, ObservedGroup } from './observations.ts';

/** A correlation as plain data: rules are compiled in the workers, counting is done here. */
export interface CorrelationSpec extends CorrelationWindow {
  /** Place in the ruleset. */
  index: number;
  id: string;
  title: string;
  level: number;
}

export interface Correlations {
  /** Counts observations one by one, in order; returns what fired. */
  observe(observations: readonly Observation[]): Signal[];
  /** Counts the observations of one cut, in order; what fires for one alert is one signal. */
  observeBlock(block: ObservationBlock): Signal[];
  /** State of all correlators, by correlation id. */
  snapshot(): Record<string, unknown>;
  /** Takes back a snapshot; correlations that have changed since begin empty. */
  restore(snapshot: Record<string, unknown>): void;
}

const MAX_EVENT_IDS = 100;

export function createCorrelations(correlations: readonly CorrelationSpec[]): Correlations {
  const correlators: Correlator[] = correlations.map((correlation) => createCorrelator(correlation));

  function fired(group: ObservedGroup, timestamp: number, eventId: number): Firing | null {
    return correlators[group.correlation]?.observe(group.groupKey, timestamp, eventId) ?? null;
  }

  return {
    observe(observations) {
      const signals: Signal[] = [];
      for (const observation of observations) {
        const firing = fired(observation, observation.timestamp, observation.eventId);
        if (firing) signals.push(signalOf(correlations[observation.correlation]!, firing, observation));
      }
      return signals;
    },
    observeBlock({ groups, rows }) {
      const signals: Signal[] = [];
      const newest: (Signal | undefined)[] = new Array<undefined>(groups.length);
      for (let at = 0; at < rows.length; at += 3) {
        const index = rows[at]!;
        const group = groups[index]!;
        const firing = fired(group, rows[at + 1]!, rows[at + 2]!);
        if (firing === null) continue;
        const known = newest[index];
        if (known !== undefined && firing.continues) goOn(known, correlations[group.correlation]!, firing);
        else signals.push((newest[index] = signalOf(correlations[group.correlation]!, firing, group)));
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

/** A firing that continues what the signal began. */
function goOn(signal: Signal, correlation: CorrelationSpec, firing: Firing): void {
  signal.count += firing.added;
  signal.firstSeen = Math.min(signal.firstSeen, firing.firstSeen);
  signal.timestamp = Math.max(signal.timestamp, firing.lastSeen);
  signal.eventIds.push(...firing.eventIds.slice(-firing.added));
  if (signal.eventIds.length > MAX_EVENT_IDS) signal.eventIds.splice(0, signal.eventIds.length - MAX_EVENT_IDS);
  signal.summary = sentence(correlation, firing, signal.entities);
}

function signalOf(correlation: CorrelationSpec, firing: Firing, group: ObservedGroup): Signal {
  return {
    ruleId: correlation.id,
    level: correlation.level,
    lane: group.lane,
    timestamp: firing.lastSeen,
    firstSeen: firing.firstSeen,
    count: firing.added,
    eventIds: firing.eventIds.slice(-firing.added),
    matched: group.matched,
    entities: group.entities,
    foldKey: group.groupKey,
    continues: firing.continues,
    summary: sentence(correlation, firing, group.entities),
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
