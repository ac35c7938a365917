/**
 * The whole path, as a user has it: lines from another process into `vedette up` with all SigmaHQ rules, until they are
 * stored and matched. First as fast as the server takes them, the sender always ahead by a bounded amount; then paced,
 * for the time from arrival to stored-and-matched. Every run ends with a count: what was sent is stored, no more, no less.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchServer, startFeeder, type BenchServer, type Feeder } from './bench-server.ts';
import { latencyQuantile, readMetrics, type Metrics } from './metrics.ts';
import { treeTimes } from './process-tree.ts';
import type { LineKind } from './varied-lines.ts';

export type Way = 'file tail' | 'syslog TCP' | 'HTTP';

export interface PipelineRun {
  kind: LineKind;
  way: Way;
  /** Lines a second that were sent; 0 for as many as the server took. */
  rate: number;
  seconds: number;
  eventsPerSecond: number;
  /** Slowest and fastest second or so. */
  slowest: number;
  fastest: number;
  latencyP50Ms: number | null;
  latencyP99Ms: number | null;
  /** Worker time per event by stage, microseconds. */
  stages: [stage: string, microseconds: number][];
  /** Processor time per event, microseconds, and the share of one core, by thread or process. */
  processor: [name: string, microseconds: number, share: number][];
  signalsPerSecond: number;
  sent: number;
  stored: number;
  quarantined: number;
}

export interface RunOptions {
  kind: LineKind;
  way: Way;
  rate: number;
  seconds: number;
  warmUpSeconds: number;
  /** Told what goes on. */
  progress(message: string): void;
}

const SAMPLE_MS = 250;
/** How far the sender may be ahead of what is stored, in lines: more than is under way inside the server at any time. */
const AHEAD: Record<LineKind, number> = { sshd: 600_000, windows: 150_000 };
const DRAIN_MS = 120_000;

export async function benchPipeline(options: RunOptions): Promise<PipelineRun> {
  const server = await startBenchServer({ sigmaHq: true });
  try {
    return await runOn(server, options);
  } finally {
    await server.dispose();
  }
}

export async function runOn(server: BenchServer, options: RunOptions): Promise<PipelineRun> {
  const { kind, rate, seconds, warmUpSeconds, progress } = options;
  const start = await readMetrics(server.url);
  const feeder = feederFor(server, options);
  const follow = (until: number) => followFor(server, feeder, start.events, AHEAD[kind], until, progress);
  // Loading and compiling is over when the first events are stored.
  await until(async () => (await follow(performance.now() + SAMPLE_MS)).at(-1)!.events > start.events);
  await follow(performance.now() + warmUpSeconds * 1000);
  const timesBefore = treeTimes(server.pid);
  const samples = await follow(performance.now() + seconds * 1000);
  const timesAfter = treeTimes(server.pid);
  const { lines: sent } = await feeder.stop();
  const stored = await storedAfterDrain(server, start, sent);

  const before = samples[0]!;
  const after = samples.at(-1)!;
  const elapsed = (after.at - before.at) / 1000;
  const events = after.events - before.events;
  const rates = ratesOf(samples);
  return {
    kind,
    way: options.way,
    rate,
    seconds: elapsed,
    eventsPerSecond: events / elapsed,
    slowest: Math.min(...rates),
    fastest: Math.max(...rates),
    latencyP50Ms: latencyQuantile(before, after, 0.5),
    latencyP99Ms: latencyQuantile(before, after, 0.99),
    stages: [...after.stages].map(([stage, time]) => [
      stage,
      ((time - (before.stages.get(stage) ?? 0)) * 1e6) / events,
    ]),
    processor: [...timesAfter]
      .map(([name, time]): [string, number] => [name, time - (timesBefore.get(name) ?? 0)])
      .sort(([, a], [, b]) => b - a)
      .filter(([, time]) => time > 0.01 * elapsed)
      .map(([name, time]) => [name, (time * 1e6) / events, time / elapsed]),
    signalsPerSecond: (after.signals - before.signals) / elapsed,
    sent,
    ...stored,
  };
}

function feederFor(server: BenchServer, { kind, way, rate }: RunOptions): Feeder {
  const args = ['--kind', kind, '--rate', String(rate), '--seconds', '86400'];
  switch (way) {
    case 'file tail':
      return startFeeder('./file-feeder.ts', [...args, '--to', server.logs]);
    case 'syslog TCP':
      return startFeeder('./syslog-sender.ts', [...args, '--port', String(server.syslogPort)]);
    case 'HTTP':
      return startFeeder('./http-sender.ts', [...args, '--url', server.url], { VEDETTE_KEY: server.apiKey });
  }
}

/** Keeps the sender ahead by a bounded amount, and reads the metrics meanwhile. */
async function followFor(
  server: BenchServer,
  feeder: Feeder,
  base: number,
  ahead: number,
  end: number,
  progress: (message: string) => void,
): Promise<Metrics[]> {
  const samples: Metrics[] = [];
  for (;;) {
    const metrics = await readMetrics(server.url);
    const stored = metrics.events + metrics.quarantined - base;
    feeder.allow(stored + ahead);
    const last = samples.at(-4);
    const rate = last ? Math.round(((metrics.events - last.events) / (metrics.at - last.at)) * 1000) : 0;
    if (samples.length % 8 === 4) {
      const waiting = `${feeder.lines - stored} under way, journal ${Math.round(metrics.backlogBytes / 1e6)} MB`;
      progress(`${rate.toLocaleString('en')} events/s, ${waiting}`);
    }
    samples.push(metrics);
    if (metrics.at >= end) return samples;
    await pause(Math.min(SAMPLE_MS, Math.max(1, end - metrics.at)));
  }
}

/** By about two seconds: cuts are committed whole, so shorter pieces say nothing. */
function ratesOf(samples: readonly Metrics[]): number[] {
  const step = Math.round(2000 / SAMPLE_MS);
  const marks = samples.filter((_, i) => i % step === 0);
  return marks.slice(1).map((mark, i) => ((mark.events - marks[i]!.events) / (mark.at - marks[i]!.at)) * 1000);
}

async function storedAfterDrain(
  server: BenchServer,
  start: Metrics,
  sent: number,
): Promise<{ stored: number; quarantined: number }> {
  const quarantined = async (): Promise<number> => (await readMetrics(server.url)).quarantined - start.quarantined;
  await until(async () => {
    const { events } = await readMetrics(server.url);
    return events - start.events + (await quarantined()) >= sent;
  });
  // The store's own count, not the pipeline's.
  const { totals } = await server.get<{ totals: { events: number } }>('/api/v1/stats?lane=all', server.apiKey);
  return { stored: totals.events - start.events, quarantined: await quarantined() };
}

/** Ends after two minutes in any case: the count that follows tells what is missing. */
async function until(done: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + DRAIN_MS;
  while (performance.now() < end && !(await done())) await pause(SAMPLE_MS);
}
