/** Prometheus metrics of journal and pipeline; values are read when they are asked for. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Pipeline } from './pipeline.ts';

/** How long cuts take from the receipt of their oldest record until they are stored and matched, in seconds. */
export function createLatencyHistogram(registry: Registry): Histogram {
  return new Histogram({
    name: 'vedette_pipeline_latency_seconds',
    help: 'From receipt of the oldest record of a cut until the cut is stored and matched',
    buckets: [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2, 5, 10, 30],
    registers: [registry],
  });
}

export function registerPipelineMetrics(registry: Registry, pipeline: Pipeline): void {
  const counters: [name: string, help: string, value: () => number][] = [
    ['vedette_events_total', 'Events stored since start', () => pipeline.totals().events],
    ['vedette_quarantined_total', 'Pieces of input put in quarantine since start', () => pipeline.totals().rejected],
    ['vedette_signals_total', 'Hits of detectors since start', () => pipeline.totals().signals],
    [
      'vedette_journal_appended_bytes_total',
      'Bytes made durable since start',
      () => pipeline.state().journal.appendedBytes,
    ],
  ];
  for (const [name, help, value] of counters) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }
  const gauges: [name: string, help: string, value: () => number][] = [
    ['vedette_journal_backlog_bytes', 'Durable input not yet processed', () => pipeline.state().journal.backlogBytes],
    ['vedette_pipeline_lag_seconds', 'From receipt to stored and matched', () => pipeline.state().lagMs / 1000],
  ];
  for (const [name, help, value] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  }
  new Counter({
    name: 'vedette_stage_seconds_total',
    help: 'Time that the workers spent in each stage of the pipeline',
    labelNames: ['stage'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, microseconds } of pipeline.state().stages) this.inc({ stage: name }, microseconds / 1e6);
    },
  });
}
