/**
 * `event_count` on event time. Matches are observed in any order; groups are kept apart by key. An event fires when the
 * window (t − timespan, t] of its group holds at least `threshold` events; firings at most one timespan apart belong to
 * one alert. State is bounded in groups and in events a group, depends on nothing but the observations and their order,
 * and can be saved and taken back without loss.
 *
 * Exact as long as events come at most `latenessMs` out of order and a group holds at most `maxEvents` within a window
 * and the lateness; beyond that `count` is a lower bound.
 */
import { Group, type GroupFiring, type GroupLimits, type GroupState } from './group.ts';

export interface Firing {
  readonly groupKey: string;
  /** Event times (ms) of the first and last event of the windows that fired. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Events in those windows. */
  readonly count: number;
  /** Those of them that no earlier firing held: summed over an alert's firings it is the alert's events. */
  readonly added: number;
  /** The newest of those events, oldest first; at most 100. */
  readonly eventIds: number[];
  /** True when it belongs to the alert that an earlier firing opened. */
  readonly continues: boolean;
}

/** What a correlator needs of a correlation: a `CompiledCorrelation`, or the same as plain data in another thread. */
export interface CorrelationWindow {
  readonly timespanMs: number;
  readonly threshold: number;
  /** What the groups depend on; state of another definition is not taken back. */
  readonly definition?: string;
}

export interface CorrelatorOptions {
  /** Groups kept; the one longest unused goes first. 100,000 by default. */
  readonly maxGroups?: number;
  /** 5 minutes by default. */
  readonly latenessMs?: number;
  /** Events kept of one group; at least twice the threshold. By default that or 256. */
  readonly maxEvents?: number;
}

export interface Correlator {
  /**
   * Counts a match. `groupKey` is the correlation's, with whatever the caller puts before it to keep lanes apart;
   * `eventId` is unique: an event observed twice counts once.
   */
  observe(groupKey: string, timestampMs: number, eventId: number): Firing | null;
  /** Plain data (JSON or structured clone). */
  snapshot(): CorrelatorSnapshot;
  /** Takes a snapshot back; false, and empty, when it is not of this correlation as it is now. */
  restore(snapshot: unknown): boolean;
  readonly groups: number;
  /** Groups given up for want of room while they could still have fired. */
  readonly evicted: number;
}

export interface CorrelatorSnapshot {
  readonly version: 1;
  /** What the state depends on; a correlation that has changed begins anew. */
  readonly definition: string;
  readonly observed: number;
  readonly swept: number;
  readonly newest: number | null;
  readonly evicted: number;
  /** Longest unused first: key, when it was last used and placed, events. */
  readonly groups: readonly (readonly [key: string, used: number, placed: number, ...GroupState])[];
}

interface Entry {
  readonly group: Group;
  /** Sequence numbers of the last use, and of the use that put it at the end of the order. */
  used: number;
  placed: number;
}

const MAX_GROUPS = 100_000;
const LATENESS_MS = 5 * 60_000;
const MIN_EVENTS = 256;
/** Observations between two sweeps for groups that are over. */
const SWEEP_EVERY = 65_536;

export function createCorrelator(correlation: CorrelationWindow, options: CorrelatorOptions = {}): Correlator {
  const { timespanMs, threshold } = correlation;
  const maxGroups = options.maxGroups ?? MAX_GROUPS;
  const limits: GroupLimits = {
    timespanMs,
    threshold,
    latenessMs: options.latenessMs ?? LATENESS_MS,
    maxEvents: Math.max(options.maxEvents ?? MIN_EVENTS, threshold * 2),
  };
  const definition = JSON.stringify([limits, correlation.definition ?? '']);

  /** In order of last use, but for groups used within the last quarter of `maxGroups` observations. */
  const entries = new Map<string, Entry>();
  let observed = 0;
  let swept = 0;
  /** Newest event time since the last sweep. */
  let newest = -Infinity;
  let evicted = 0;

  function entryOf(groupKey: string): Entry {
    let entry = entries.get(groupKey);
    if (entry === undefined) {
      if (entries.size >= maxGroups) evict();
      entry = { group: new Group(), used: observed, placed: observed };
      entries.set(groupKey, entry);
    } else if (entry.placed < observed - (maxGroups >> 2)) {
      // Moved to the end only now and then: that is dear, and eviction is far away.
      entries.delete(groupKey);
      entries.set(groupKey, entry);
      entry.placed = observed;
    }
    entry.used = observed;
    return entry;
  }

  function evict(): void {
    for (const [key, { group }] of entries) {
      entries.delete(key);
      if (!isOver(group)) evicted++;
      return;
    }
  }

  /** Older than anything that could still join it, by the times seen since the last sweep. */
  const isOver = (group: Group): boolean => group.newest < newest - timespanMs - limits.latenessMs;

  /**
   * Drops groups that are over and were not used since the last sweep. Only times seen since then count, so that one
   * forged future time has no lasting effect.
   */
  function sweep(): void {
    for (const [key, { group, used }] of entries) if (used <= swept && isOver(group)) entries.delete(key);
    swept = observed;
    newest = -Infinity;
  }

  return {
    observe(groupKey, timestampMs, eventId) {
      observed++;
      if (timestampMs > newest) newest = timestampMs;
      const firing = entryOf(groupKey).group.add(timestampMs, eventId, limits);
      if (observed - swept >= SWEEP_EVERY) sweep();
      return firing === null ? null : firingOf(groupKey, firing);
    },
    snapshot() {
      const groups = [...entries].map(
        ([key, entry]) => [key, entry.used, entry.placed, ...entry.group.state()] as const,
      );
      const known = Number.isFinite(newest) ? newest : null;
      return { version: 1, definition, observed, swept, newest: known, evicted, groups };
    },
    restore(snapshot) {
      entries.clear();
      observed = swept = evicted = 0;
      newest = -Infinity;
      if (!isSnapshot(snapshot) || snapshot.definition !== definition) return false;
      ({ observed, swept, evicted } = snapshot);
      newest = snapshot.newest ?? -Infinity;
      for (const [key, used, placed, ...state] of snapshot.groups) {
        entries.set(key, { group: new Group(state), used, placed });
      }
      return true;
    },
    get groups() {
      return entries.size;
    },
    get evicted() {
      return evicted;
    },
  };
}

function firingOf(groupKey: string, firing: GroupFiring): Firing {
  return { groupKey, ...firing };
}

function isSnapshot(value: unknown): value is CorrelatorSnapshot {
  const snapshot = value as Partial<CorrelatorSnapshot> | null;
  return typeof snapshot === 'object' && snapshot?.version === 1 && Array.isArray(snapshot.groups);
}
