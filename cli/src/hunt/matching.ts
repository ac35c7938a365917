/**
 * Rules over events, as in the server, but for files: correlations are fed by event time over all files, because rotated
 * and parallel logs are not read in the order in which things happened.
 */
import { documentOf, type EcsDocument, type EcsEvent, type ExtraValue } from '@vedette/contracts';
import { createCorrelations } from '@vedette/server/detectors/correlations.ts';
import type { Observation } from '@vedette/server/detectors/detector.ts';
import type { LoadedRules } from '@vedette/server/detectors/rules.ts';
import { createSigmaDetector } from '@vedette/server/detectors/sigma.ts';
import type { Spill, Spilled } from './spill.ts';

/** One rule's hit. `event` is the spilled JSON of the event that fired it. */
export interface Hit {
  ts: number;
  file: string;
  line: number;
  ruleId: string;
  level: number;
  event: Spilled;
}

export interface Matcher {
  match(event: EcsEvent, file: string, line: number): void;
  /** Correlates what is still held. Call once, at the end. */
  finish(): void;
}

/** Observations held for sorting, about 200 bytes each. */
const HELD_OBSERVATIONS = 250_000;

interface Held {
  observation: Observation;
  file: string;
  line: number;
  event: Spilled;
}

export function createMatcher(
  { ruleset, correlations: specs }: LoadedRules,
  spill: Spill,
  emit: (hit: Hit) => void,
): Matcher {
  const detector = createSigmaDetector(ruleset);
  const correlations = createCorrelations(specs);
  let held: Held[] = [];
  let matched = 0;

  /** Feeds the oldest `count` observations to the correlations. */
  function correlate(count: number): void {
    held.sort((a, b) => a.observation.timestamp - b.observation.timestamp);
    for (const { observation, file, line, event } of held.slice(0, count)) {
      for (const signal of correlations.observe([observation])) {
        if (signal.continues) continue;
        emit({ ts: observation.timestamp, file, line, ruleId: signal.ruleId, level: signal.level, event });
      }
    }
    held = held.slice(count);
  }

  return {
    match(event, file, line) {
      let spilled: Spilled | null = null;
      const document = (): Spilled => (spilled ??= spill.add(JSON.stringify(huntedDocument(event))));
      // Unique over all files: correlations count an id once.
      event.id = ++matched;
      // All files of a hunt are one investigation: they correlate with each other, as live sources do.
      event.lane = 'live';
      detector.detect([event], {
        signal: ({ ruleId, level, timestamp }) => emit({ ts: timestamp, file, line, ruleId, level, event: document() }),
        observe: (observation) =>
          held.push({ observation: { ...observation, entities: [] }, file, line, event: document() }),
      });
      if (held.length >= HELD_OBSERVATIONS) correlate(HELD_OBSERVATIONS / 2);
    },
    finish: () => correlate(held.length),
  };
}

/** The event's document without what only a server's store gives it. */
function huntedDocument(event: EcsEvent): EcsDocument {
  const document = documentOf(event);
  delete (document['event'] as Record<string, ExtraValue>)['ingested'];
  delete (document['vedette'] as Record<string, ExtraValue>)['lane'];
  return document;
}
