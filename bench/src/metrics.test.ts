import { expect, test } from 'vitest';
import { latencyQuantile, parseMetrics } from './metrics.ts';

const page = (counts: readonly number[], events: number) => `# HELP vedette_events_total Events stored since start
vedette_events_total ${events}
vedette_events_total_other 7
vedette_stage_seconds_total{stage="parse"} 1.5
vedette_stage_seconds_total{stage="detect"} 2
vedette_pipeline_latency_seconds_bucket{le="0.1"} ${counts[0]}
vedette_pipeline_latency_seconds_bucket{le="0.2"} ${counts[1]}
vedette_pipeline_latency_seconds_bucket{le="+Inf"} ${counts[2]}
`;

test('reads what a server tells of itself', () => {
  const metrics = parseMetrics(page([1, 2, 3], 42), 5);
  expect(metrics).toMatchObject({ at: 5, events: 42, quarantined: 0 });
  expect([...metrics.stages]).toEqual([
    ['parse', 1.5],
    ['detect', 2],
  ]);
  expect(metrics.latency).toEqual([
    [0.1, 1],
    [0.2, 2],
    [Number.POSITIVE_INFINITY, 3],
  ]);
});

test('quantiles are of what came between the readings', () => {
  const before = parseMetrics(page([100, 100, 100], 0), 0);
  const quantile = (counts: readonly number[], share: number) =>
    latencyQuantile(before, parseMetrics(page(counts, 0), 1), share);
  expect(quantile([100, 100, 100], 0.5)).toBeNull();
  expect(quantile([110, 120, 120], 0.25)).toBeCloseTo(50);
  expect(quantile([110, 120, 120], 0.75)).toBeCloseTo(150);
  expect(quantile([110, 120, 121], 1)).toBe(Number.POSITIVE_INFINITY);
});
