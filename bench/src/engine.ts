/**
 * The Sigma engine on one core: all SigmaHQ rules against the corpora's Windows events, parsing and matching apart and
 * together, the full scan beside them, and the correlator. Storing is not part of it. Rates are by wall clock; on a busy
 * machine compare `cpuEventsPerSecond`, which is by the thread's own CPU time.
 */
import { createCorrelator, explainMatch, type RuleEngine, type Ruleset } from '@vedette/sigma';
import { compileCorpus } from '@vedette/sigma/conformance/corpora';
import { windowsView } from '@vedette/sigma/conformance/windows-view';
import { corpusLines, createRandom, varyLine } from './engine-events.ts';

export interface EngineRow {
  readonly name: string;
  readonly eventsPerSecond: number;
  /** By the CPU time of the thread. */
  readonly cpuEventsPerSecond: number;
  /** Of JSON text; null where none is read. */
  readonly megabytesPerSecond: number | null;
  readonly microsecondsPerEvent: number;
  /** Resident memory after the run, in megabytes. */
  readonly memoryMb: number;
  /** Rules that matched per 1,000 events; null where nothing is matched. */
  readonly matchesPerThousand: number | null;
}

type Json = Record<string, unknown>;
type Work = (lines: readonly string[], events: readonly Json[]) => number;

/** Rules fed with more than the memo remembers, so that the figures are those of a running server. */
const WARM_UP_ROUNDS = 2;

/** Measures every row for about `seconds`. `corpora` is the folder that holds `sigma`, `otrf` and `evtx`. */
export function benchEngine(corpora: string, seconds: number): EngineRow[] {
  const rows: EngineRow[] = [];
  const started = performance.now();
  const { ruleset } = compileCorpus(corpora);
  rows.push(loadRow(ruleset, performance.now() - started));
  for (const corpus of ['otrf', 'evtx']) rows.push(...benchCorpus(corpora, corpus, ruleset, seconds));
  rows.push(benchCorrelator(seconds, 1000), benchCorrelator(seconds, 100_000));
  return rows;
}

/** Reading and compiling all rules; "events" are rules here. */
function loadRow(ruleset: Ruleset, ms: number): EngineRow {
  const rate = (ruleset.rules.length / ms) * 1000;
  return row('rules: read, parse and compile (rules/s)', rate, rate, null, null);
}

function benchCorpus(corpora: string, corpus: string, ruleset: Ruleset, seconds: number): EngineRow[] {
  const lines = corpusLines(corpora, corpus);
  const random = createRandom(7);
  const measureOn = (name: string, share: number, work: Work): EngineRow =>
    measure(`${corpus}: ${name}`, seconds, work, () => {
      const varied = lines.filter((_, index) => index % share === 0).map((line) => varyLine(line, random));
      return { lines: varied, events: varied.map((line) => windowsView(JSON.parse(line) as Json)) };
    });
  return [
    measureOn('JSON.parse', 1, (texts) => {
      for (const text of texts) JSON.parse(text);
      return 0;
    }),
    measureOn('match, routed', 1, (_, events) => countMatches(events, (view) => engineFor(ruleset, view)?.match(view))),
    measureOn('JSON.parse, view and match, routed', 1, (texts) => {
      let matches = 0;
      for (const text of texts) {
        const view = windowsView(JSON.parse(text) as Json);
        matches += engineFor(ruleset, view)?.match(view).length ?? 0;
      }
      return matches;
    }),
    measureOn('full scan of the routed rules', 20, (_, events) =>
      countMatches(events, (view) => engineFor(ruleset, view)?.matchScan(view)),
    ),
    measureOn('full scan of every rule', 400, (_, events) =>
      countMatches(events, (view) => ruleset.rules.filter((rule) => explainMatch(rule, view).length > 0)),
    ),
  ];
}

function engineFor(ruleset: Ruleset, view: Json): RuleEngine | null {
  const channel = view['Channel'];
  const code = view['EventID'];
  if (typeof channel !== 'string') return null;
  return ruleset.route({ product: 'windows', channel, code: code as string | number });
}

function countMatches(events: readonly Json[], match: (view: Json) => readonly unknown[] | undefined): number {
  let matches = 0;
  for (const view of events) matches += match(view)?.length ?? 0;
  return matches;
}

/** Repeats a round on newly varied events until `seconds` were spent in it; making the events is not counted. */
function measure(
  name: string,
  seconds: number,
  work: Work,
  prepare: () => { lines: string[]; events: Json[] },
): EngineRow {
  let [events, matches, bytes, wall, cpu] = [0, 0, 0, 0, 0];
  for (let round = 0; wall < seconds * 1000; round++) {
    const batch = prepare();
    const cpuBefore = process.threadCpuUsage();
    const before = performance.now();
    const found = work(batch.lines, batch.events);
    const elapsed = performance.now() - before;
    const { user, system } = process.threadCpuUsage(cpuBefore);
    if (round < WARM_UP_ROUNDS) continue;
    events += batch.lines.length;
    matches += found;
    bytes += batch.lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    wall += elapsed;
    cpu += (user + system) / 1000;
  }
  const readsJson = name.includes('JSON.parse');
  const matched = name.endsWith('JSON.parse') ? null : (matches / events) * 1000;
  return row(name, (events / wall) * 1000, (events / cpu) * 1000, readsJson ? bytes / wall / 1000 : null, matched);
}

/** A brute force spread over groups: 8 events in 120 s, one observation each 10 ms of event time. */
function benchCorrelator(seconds: number, groups: number): EngineRow {
  const correlator = createCorrelator({ timespanMs: 120_000, threshold: 8 });
  const keys = Array.from({ length: groups }, (_, group) => `10.${group >> 16}.${(group >> 8) & 255}.${group & 255}`);
  const random = createRandom(11);
  let [observed, firings, wall, cpu] = [0, 0, 0, 0];
  while (wall < seconds * 1000) {
    const cpuBefore = process.threadCpuUsage();
    const before = performance.now();
    for (let i = 0; i < 100_000; i++, observed++) {
      const late = random() % 10 === 0 ? random() % 5000 : 0;
      if (correlator.observe(keys[random() % groups]!, observed * 10 - late, observed) !== null) firings++;
    }
    wall += performance.now() - before;
    const { user, system } = process.threadCpuUsage(cpuBefore);
    cpu += (user + system) / 1000;
  }
  const name = `correlator: event_count, ${groups.toLocaleString('en')} groups, a tenth out of order`;
  return row(name, (observed / wall) * 1000, (observed / cpu) * 1000, null, (firings / observed) * 1000);
}

function row(
  name: string,
  rate: number,
  cpuRate: number,
  megabytesPerSecond: number | null,
  matchesPerThousand: number | null,
): EngineRow {
  return {
    name,
    eventsPerSecond: Math.round(rate),
    cpuEventsPerSecond: Math.round(cpuRate),
    megabytesPerSecond: megabytesPerSecond === null ? null : Math.round(megabytesPerSecond),
    microsecondsPerEvent: Number((1e6 / rate).toFixed(2)),
    memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
    matchesPerThousand: matchesPerThousand === null ? null : Number(matchesPerThousand.toFixed(2)),
  };
}
