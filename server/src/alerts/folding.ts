/**
 * How signals become alerts, without storing anything: signals of one rule, lane and fold key that are close in event
 * time are one alert with a count. Everything an alert keeps is bounded, however long an attack goes on; the count is
 * not, it is the true one.
 */
import { createHash } from 'node:crypto';
import type { Entity, Lane } from '@vedette/contracts';
import type { Signal } from '../detectors/detector.ts';
import type { Evidence } from '../store/state/alert-evidence.ts';

export const MAX_ENTITIES = 50;
export const MAX_EVENT_IDS = 100;
export const MAX_EVIDENCE = 20;
const MAX_MATCHED = 50;
const MAX_ENTITY_CHARS = 512;
const MAX_SUMMARY_CHARS = 1000;
const MAX_FIELD_CHARS = 2000;
const MAX_KEY_CHARS = 256;

/** Signals that belong together: each at most the fold window of event time after another. */
export interface Run {
  ruleId: string;
  lane: Lane;
  foldKey: string;
  firstSeen: number;
  lastSeen: number;
  /** By event time. */
  signals: Signal[];
}

/** The part of an alert that folding changes. */
export interface Folded {
  level: number;
  count: number;
  firstSeen: number;
  lastSeen: number;
  summary: string;
  /** In the order in which they were first seen. */
  entities: Entity[];
  /** Newest last. */
  eventIds: string[];
  /** Newest last. */
  evidence: Evidence[];
}

/** Groups by rule, lane and fold key, and parts what is further apart than the window. `foldKey` overrides the signals' own. */
export function runsOf(signals: readonly Signal[], windowMs: number, foldKey?: string): Run[] {
  const groups = new Map<string, Signal[]>();
  for (const signal of signals) {
    const key = `${signal.lane} ${signal.ruleId} ${foldKey ?? signal.foldKey}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [signal]);
    else group.push(signal);
  }
  const runs: Run[] = [];
  for (const group of groups.values()) {
    if (group.length > 1) group.sort((a, b) => a.timestamp - b.timestamp);
    let run: Run | undefined;
    for (const signal of group) {
      if (run === undefined || signal.firstSeen > run.lastSeen + windowMs) {
        const { ruleId, lane, firstSeen, timestamp } = signal;
        run = {
          ruleId,
          lane,
          foldKey: shortKey(foldKey ?? signal.foldKey),
          firstSeen,
          lastSeen: timestamp,
          signals: [],
        };
        runs.push(run);
      }
      run.signals.push(signal);
      run.firstSeen = Math.min(run.firstSeen, signal.firstSeen);
      run.lastSeen = Math.max(run.lastSeen, signal.timestamp);
    }
  }
  return runs;
}

/** The alert with the run's signals in it; `before` is null for a new one and stays as it was. */
export function fold(before: Folded | null, run: Run): Folded {
  const entities = before?.entities.slice() ?? [];
  const known = new Set(entities.map(entityKey));
  const eventIds = new Set(before?.eventIds);
  const evidence = before?.evidence.slice() ?? [];
  let level = before?.level ?? 0;
  let count = before?.count ?? 0;
  for (const signal of run.signals) {
    level = Math.min(15, Math.max(level, Math.round(signal.level)));
    count += takeEvents(eventIds, signal);
    for (const entity of signal.entities) {
      if (entities.length >= MAX_ENTITIES) break;
      const short = { type: entity.type, value: entity.value.slice(0, MAX_ENTITY_CHARS) };
      const key = entityKey(short);
      if (short.value === '' || known.has(key)) continue;
      known.add(key);
      entities.push(short);
    }
  }
  for (const signal of run.signals.slice(-MAX_EVIDENCE)) {
    const newest = signal.eventIds.at(-1);
    if (newest !== undefined && signal.matched.length > 0) evidence.push(evidenceOf(newest, signal));
  }
  const newest = run.signals.at(-1)!;
  const isNewer = before === null || newest.timestamp >= before.lastSeen;
  return {
    level,
    count,
    firstSeen: Math.floor(Math.min(before?.firstSeen ?? Infinity, run.firstSeen)),
    lastSeen: Math.floor(Math.max(before?.lastSeen ?? -Infinity, run.lastSeen)),
    summary: isNewer ? newest.summary.slice(0, MAX_SUMMARY_CHARS) : before.summary,
    entities,
    eventIds: [...eventIds].slice(-MAX_EVENT_IDS),
    evidence: evidence.slice(-MAX_EVIDENCE),
  };
}

/**
 * Adds the signal's events that are not there yet and returns how many events are new. A correlation that goes on firing
 * names its whole window each time: from the newest backwards, the first known event ends what is new.
 */
function takeEvents(known: Set<string>, { eventIds, count }: Signal): number {
  let from = eventIds.length;
  while (from > 0 && !known.has(String(eventIds[from - 1]))) from--;
  for (let i = from; i < eventIds.length; i++) {
    known.add(String(eventIds[i]));
    if (known.size > MAX_EVENT_IDS) known.delete(known.values().next().value!);
  }
  return from === 0 ? count : eventIds.length - from;
}

function evidenceOf(eventId: number, { matched }: Signal): Evidence {
  return {
    eventId: String(eventId),
    matched: matched.slice(0, MAX_MATCHED).map(({ selection, field, value, pattern }) => ({
      selection,
      field,
      value: value.slice(0, MAX_FIELD_CHARS),
      pattern: pattern.slice(0, MAX_FIELD_CHARS),
    })),
  };
}

function entityKey({ type, value }: Entity): string {
  return `${type} ${value}`;
}

function shortKey(key: string): string {
  return key.length <= MAX_KEY_CHARS ? key : createHash('sha256').update(key).digest('hex');
}
