/** What finds something in events. Synchronous, in the worker; produces signals, which main folds into alerts. */
import type { EcsEvent, Entity, Lane, MatchedField } from '@vedette/contracts';

/** One detector's hit: plain data, crosses the thread boundary. */
export interface Signal {
  ruleId: string;
  /** Level 0–15. */
  level: number;
  lane: Lane;
  /** Event time (ms) of the event that fired it, and of the first one it counts. */
  timestamp: number;
  firstSeen: number;
  /** How many events it stands for. */
  count: number;
  /** Ids of the evidence events, oldest first; at most 100. */
  eventIds: number[];
  /** Which fields of the newest evidence event matched what. */
  matched: MatchedField[];
  entities: Entity[];
  /** Group key of the alert it folds into, within its rule and lane. */
  foldKey: string;
  /** True when a correlation goes on firing: it belongs to the alert that it opened before. */
  continues: boolean;
  /** One sentence: what happened. */
  summary: string;
}

/** An event that a correlation counts; correlations are kept in one place, in journal order. */
export interface Observation {
  /** Index of the correlation in the ruleset. */
  correlation: number;
  groupKey: string;
  lane: Lane;
  timestamp: number;
  eventId: number;
  /** Who and where, for the alert if this one fires it. */
  entities: Entity[];
  /** Why it counts; empty in a flood, where explaining each would cost more than matching. */
  matched: MatchedField[];
}

export interface Findings {
  signal(signal: Signal): void;
  observe(observation: Observation): void;
}

export interface Detector {
  readonly name: string;
  detect(events: readonly EcsEvent[], findings: Findings): void;
}
