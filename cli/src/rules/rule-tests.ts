/**
 * The tests that rules carry inside (`vedette: tests:`), run through the real parsers, the real engine and the real
 * correlations. Each rule is compiled on its own (a correlation with the rules it counts), so a test says something about
 * its rule alone.
 */
import { compileRules, parseSigma, type Ruleset, type SigmaDocument } from '@vedette/sigma';
import { createCorrelations, type CorrelationSpec } from '@vedette/server/detectors/correlations.ts';
import { createSigmaDetector, levelOf } from '@vedette/server/detectors/sigma.ts';
import { createIpsumEnricher } from '@vedette/server/enrichers/index.ts';
import { parseFeed } from '@vedette/server/intel/table.ts';
import type { EcsEvent } from '@vedette/contracts';
import { z } from 'zod';
import { createEventReader } from '../hunt/event-reader.ts';

const testSchema = z.strictObject({
  name: z.string().min(1),
  /** Parser; detected by default. */
  format: z.string().optional(),
  /** Raw text (several lines are read as several lines) or a JSON document. */
  events: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).min(1),
  /** Sends the events again and again, each time `every` seconds later. */
  repeat: z.strictObject({ times: z.int().min(2).max(10_000), every: z.number().min(0) }).optional(),
  /** Malicious addresses and the number of lists that name them. */
  intel: z.record(z.string(), z.int().min(1).max(255)).optional(),
  /** `match`: at least one hit; `none`; or the number of hits (of a correlation: how often it fires anew). */
  expect: z.union([z.literal('match'), z.literal('none'), z.int().min(0)]),
});
export type RuleTest = z.infer<typeof testSchema>;

const customSchema = z.looseObject({ tests: z.array(testSchema).optional() });

export interface RuleTestResult {
  file: string;
  ruleId: string;
  title: string;
  test: string;
  passed: boolean;
  /** What was expected and what came; '' when passed. */
  reason: string;
}

export interface RuleFile {
  path: string;
  text: string;
}

/** When the tests happen: times without a year are of this year. */
const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);

/** Results of all tests in the files; rules without tests give none. A rule that cannot be read gives a failure. */
export function runRuleTests(files: readonly RuleFile[]): RuleTestResult[] {
  const results: RuleTestResult[] = [];
  const documents: SigmaDocument[] = [];
  for (const { path, text } of files) {
    const parsed = parseSigma(text, path);
    documents.push(...parsed.documents);
    for (const { line, message, severity } of parsed.errors) {
      if (severity === 'warning') continue;
      results.push({ file: `${path}:${line}`, ruleId: '', title: '', test: 'read', passed: false, reason: message });
    }
  }
  for (const document of documents) results.push(...testsOf(document, documents));
  return results;
}

function testsOf(document: SigmaDocument, all: readonly SigmaDocument[]): RuleTestResult[] {
  const base = { file: document.file, ruleId: document.id, title: document.title };
  const custom = customSchema.safeParse(document.custom['vedette'] ?? {});
  if (!custom.success) {
    const reason = custom.error.issues.map(({ path, message }) => `vedette.${path.join('.')}: ${message}`).join(' ');
    return [{ ...base, test: 'read', passed: false, reason }];
  }
  return (custom.data.tests ?? []).map((test) => {
    const outcome = runTest(document, all, test);
    return { ...base, test: test.name, passed: outcome === '', reason: outcome };
  });
}

/** '' when the test passes, else why not. */
function runTest(document: SigmaDocument, all: readonly SigmaDocument[], test: RuleTest): string {
  const { ruleset, errors } = compileRules([document, ...countedBy(document, all)]);
  const broken = errors.find(({ severity }) => severity === 'error');
  if (broken) return broken.message;
  const events = eventsOf(test);
  if (typeof events === 'string') return events;
  const detector = createSigmaDetector(ruleset);
  const correlations = createCorrelations(specsOf(ruleset));
  let hits = 0;
  detector.detect(events, {
    signal: ({ ruleId }) => {
      if (ruleId === document.id) hits++;
    },
    observe: (observation) => {
      for (const { ruleId, continues } of correlations.observe([observation])) {
        if (ruleId === document.id && !continues) hits++;
      }
    },
  });
  const expected = test.expect === 'none' ? 0 : test.expect;
  if (expected === 'match' ? hits > 0 : hits === expected) return '';
  return `expected ${test.expect === 'match' ? 'a hit' : `${expected} hits`}, got ${hits}`;
}

function specsOf({ correlations }: Ruleset): CorrelationSpec[] {
  return correlations.map((compiled) => {
    const { index, timespanMs, threshold, rule } = compiled;
    return { index, timespanMs, threshold, id: rule.id, title: rule.title, level: levelOf(compiled) };
  });
}

/** The rules a correlation counts, by id or name, and theirs. */
function countedBy(document: SigmaDocument, all: readonly SigmaDocument[]): SigmaDocument[] {
  if (document.kind !== 'correlation') return [];
  const counted = all.filter(({ id, name }) =>
    document.correlation.rules.some((reference) => reference === id || (name !== undefined && reference === name)),
  );
  return counted.flatMap((rule) => [rule, ...countedBy(rule, all)]);
}

/** The test's events as the pipeline would have them; a text says what a parser refused. */
function eventsOf({ events, format, repeat, intel }: RuleTest): EcsEvent[] | string {
  const found: EcsEvent[] = [];
  const enricher = createIpsumEnricher();
  enricher.update(intelTable(intel ?? {}));
  for (let round = 0; round < (repeat?.times ?? 1); round++) {
    const reader = createEventReader('rule test', RECEIVED_AT, format);
    const lines = events.flatMap((event) => (typeof event === 'string' ? event.split('\n') : [JSON.stringify(event)]));
    const read = lines.flatMap((line, i) => reader.read({ bytes: Buffer.from(line), number: i + 1, cut: false }));
    read.push(...reader.finish());
    if (reader.rejected > 0 || read.length === 0) return 'no parser reads the events of this test';
    for (const { event } of read) {
      event.timestamp += round * (repeat?.every ?? 0) * 1000;
      event.id = found.length + 1;
      found.push(event);
    }
  }
  enricher.enrich(found);
  return found;
}

function intelTable(addresses: Record<string, number>) {
  const text = Object.entries(addresses).map(([address, lists]) => `${address}\t${lists}`);
  const slices = parseFeed(text.join('\n'));
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value.buffers;
  }
}
