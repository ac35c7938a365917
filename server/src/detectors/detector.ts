/** What finds something in events. Synchronous, in the worker; produces signals, which main folds into alerts. */
import type { EcsEvent, Entity, Lane } from '@vedette/contracts';

/** One detector's hit: plain data, crosses the thread boundary. */
export interface Signal {
  ruleId: string;
  /** Level 0–15. */
  level: number;
  lane: Lane;
  /** Event time (ms) of the event that fired it, and of the first one it counts. */
  timestamp: number;
  firstSeen: number;
  /** Ids of the evidence events, oldest first. */
  eventIds: number[];
  entities: Entity[];
  /** Group key of the alert it folds into, within its rule and lane. */
  foldKey: string;
  /** One sentence: what happened. */
  summary: string;
}

export interface Detector {
  readonly name: string;
  detect(events: readonly EcsEvent[], emit: (signal: Signal) => void): void;
}
