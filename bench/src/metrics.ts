/** What a running server tells of itself at /metrics. */

export interface Metrics {
  /** performance.now() of the reading. */
  at: number;
  events: number;
  quarantined: number;
  signals: number;
  backlogBytes: number;
  /** Seconds of the workers by stage. */
  stages: ReadonlyMap<string, number>;
  /** Cumulative counts of cuts by upper bound in seconds, ascending; the last bound is infinite. */
  latency: readonly (readonly [bound: number, count: number])[];
}

export async function readMetrics(url: string): Promise<Metrics> {
  const response = await fetch(`${url}/metrics`);
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  return parseMetrics(await response.text(), performance.now());
}

export function parseMetrics(text: string, at: number): Metrics {
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  const labelled = (name: string, label: string): [string, number][] =>
    [...text.matchAll(new RegExp(`^${name}\\{${label}="([^"]+)"\\} (\\S+)$`, 'gm'))].map(([, key, number]) => [
      key!,
      Number(number),
    ]);
  return {
    at,
    events: value('vedette_events_total'),
    quarantined: value('vedette_quarantined_total'),
    signals: value('vedette_signals_total'),
    backlogBytes: value('vedette_journal_backlog_bytes'),
    stages: new Map(labelled('vedette_stage_seconds_total', 'stage')),
    latency: labelled('vedette_pipeline_latency_seconds_bucket', 'le').map(([bound, count]) => [
      bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound),
      count,
    ]),
  };
}

/**
 * The latency, in ms, that this share of the cuts between two readings stayed below; between the bounds of the
 * histogram it is interpolated. Null when there were none, infinite when it is beyond the last bound.
 */
export function latencyQuantile(before: Metrics, after: Metrics, share: number): number | null {
  const counts = after.latency.map(([bound, count], i) => [bound, count - (before.latency[i]?.[1] ?? 0)] as const);
  const total = counts.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  let low = 0;
  let below = 0;
  for (const [bound, count] of counts) {
    if (count >= share * total) {
      if (bound === Number.POSITIVE_INFINITY) return bound;
      return 1000 * (low + (bound - low) * ((share * total - below) / (count - below)));
    }
    [low, below] = [bound, count];
  }
  return Number.POSITIVE_INFINITY;
}
