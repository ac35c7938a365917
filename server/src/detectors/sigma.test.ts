/** The detector with our own pack over events of the real parsers. */
import { EcsEvent } from '@vedette/contracts';
import { beforeAll, expect, test } from 'vitest';
import { normalise } from '../normalise/normalise.ts';
import { createSourceParsers } from '../parsers/source-parsers.ts';
import { createCorrelations, type CorrelationSpec } from './correlations.ts';
import type { Detector, Observation, Signal } from './detector.ts';
import { packObservations } from './observations.ts';
import { loadRules, OWN_RULES } from './rules.ts';
import { createSigmaDetector } from './sigma.ts';

let detector: Detector;
let correlations: CorrelationSpec[];
const RECEIVED = Date.parse('2026-03-02T12:00:00Z');

beforeAll(() => {
  const loaded = loadRules([OWN_RULES]);
  expect(loaded.errors).toEqual([]);
  detector = createSigmaDetector(loaded.ruleset);
  correlations = loaded.correlations;
});

function eventsOf(lines: string[], source = 'web1'): EcsEvent[] {
  const parsers = createSourceParsers();
  const events = lines.map((line, i) => {
    const event = parsers.parse(source, '', line, { receivedAt: RECEIVED, source, peer: '' });
    if (!(event instanceof EcsEvent)) throw new Error(`no event: ${line}`);
    event.id = i + 1;
    event.raw = line;
    event.source = source;
    event.ingested = RECEIVED;
    return event;
  });
  normalise(events);
  return events;
}

function detect(events: EcsEvent[]): { signals: Signal[]; observations: Observation[] } {
  const signals: Signal[] = [];
  const observations: Observation[] = [];
  detector.detect(events, { signal: (signal) => signals.push(signal), observe: (seen) => observations.push(seen) });
  return { signals, observations };
}

const failure = (second: number, ip: string) =>
  `Mar  2 08:00:${String(second).padStart(2, '0')} web1 sshd[811]: Failed password for root from ${ip} port 40022 ssh2`;

test('failed log-ins are counted by address and fire at the eighth, at once, with everything that was counted', () => {
  const { observations } = detect(eventsOf(Array.from({ length: 9 }, (_, i) => failure(i * 5, '203.0.113.7'))));
  const book = createCorrelations(correlations);
  const fired: [after: number, Signal[]][] = [];
  const bruteForce = correlations.find(({ title }) => title === 'SSH brute force')!;
  for (const observation of observations.filter(({ correlation }) => correlation === bruteForce.index)) {
    const signals = book.observe([observation]);
    if (signals.length > 0) fired.push([observation.eventId, signals]);
  }
  expect(fired.map(([after]) => after)).toEqual([8, 9]);
  const [first, second] = fired.map(([, signals]) => signals[0]!);
  expect(first).toMatchObject({ level: 10, count: 8, continues: false, eventIds: [1, 2, 3, 4, 5, 6, 7, 8] });
  expect(first!.entities).toContainEqual({ type: 'ip', value: '203.0.113.7' });
  expect(first!.matched.length).toBeGreaterThan(0);
  expect(second).toMatchObject({ count: 1, continues: true, eventIds: [9], foldKey: first!.foldKey });
});

test('a block of observations gives one signal for each alert, with all that was counted', () => {
  const { observations } = detect(eventsOf(Array.from({ length: 30 }, (_, i) => failure(i, '203.0.113.7'))));
  const oneByOne = createCorrelations(correlations).observe(observations);
  const together = createCorrelations(correlations).observeBlock(packObservations(observations));
  const totals = (signals: Signal[]) => {
    const counts = new Map<string, number>();
    for (const { ruleId, count } of signals) counts.set(ruleId, (counts.get(ruleId) ?? 0) + count);
    return [...counts].sort();
  };
  expect(totals(together)).toEqual(totals(oneByOne));
  expect(together).toHaveLength(new Set(oneByOne.map(({ ruleId }) => ruleId)).size);
  const bruteForce = together.find(({ summary }) => summary.startsWith('SSH brute force:'))!;
  expect(bruteForce.eventIds).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

test('a snapshot taken in the middle goes on as if nothing had happened', () => {
  const { observations } = detect(eventsOf(Array.from({ length: 9 }, (_, i) => failure(i * 5, '203.0.113.7'))));
  const whole = createCorrelations(correlations);
  const expected = whole.observe(observations);
  const before = createCorrelations(correlations);
  const fired = before.observe(observations.slice(0, 10));
  const after = createCorrelations(correlations);
  after.restore(JSON.parse(JSON.stringify(before.snapshot())) as Record<string, unknown>);
  expect([...fired, ...after.observe(observations.slice(10))]).toEqual(expected);
});

test('imports correlate with themselves only', () => {
  const events = eventsOf([failure(1, '203.0.113.7'), failure(2, '203.0.113.7')]);
  events[0]!.lane = 'history';
  events[1]!.lane = 'history';
  events[1]!.source = 'another file';
  const keys = detect(events).observations.map(({ groupKey }) => groupKey);
  expect(new Set(keys).size).toBe(2);
});

test('a rule that alerts by itself says what matched and whom it concerns', () => {
  const line = JSON.stringify({
    EventID: 1102,
    Channel: 'Security',
    SourceName: 'Microsoft-Windows-Eventlog',
    Hostname: 'PC1',
    SubjectUserName: 'mallory',
    TimeCreated: '2026-03-02T08:00:00Z',
  });
  const { signals } = detect(eventsOf([line]));
  expect(signals.length).toBeGreaterThan(0);
  expect(signals[0]!.matched).toContainEqual(expect.objectContaining({ field: 'EventID' }));
  expect(signals[0]!.entities).toContainEqual({ type: 'host', value: 'PC1' });
  expect(signals[0]!.summary).toContain('PC1');
});

test('a flood is not explained event by event', () => {
  const { observations } = detect(eventsOf(Array.from({ length: 500 }, (_, i) => failure(i % 60, '203.0.113.7'))));
  expect(observations.length).toBeGreaterThan(500);
  const explained = observations.filter(({ matched }) => matched.length > 0).map(({ eventId }) => eventId);
  expect(new Set(explained).size).toBeLessThanOrEqual(64);
});
