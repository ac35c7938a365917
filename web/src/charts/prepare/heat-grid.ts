/** Severity × confidence of the events that an indicator matched. */
import { SEVERITIES, type Severity, type Stats } from '@vedette/contracts';

/** Confidence from here on shares one column. */
const LAST_COLUMN = 8;

export interface HeatCell {
  count: number;
  /** Strength of the colour, 0–1, on a logarithmic scale: one event must be seen beside a million. */
  heat: number;
}

export interface HeatColumn {
  label: string;
  min: number;
  /** Null: no upper end. */
  max: number | null;
}

export interface HeatGrid {
  columns: HeatColumn[];
  /** Critical first. */
  rows: { severity: Severity; cells: HeatCell[] }[];
  total: number;
}

export function prepareHeatGrid(heatmap: Stats['heatmap']): HeatGrid {
  const columns = Array.from({ length: LAST_COLUMN }, (_, index): HeatColumn => {
    const min = index + 1;
    return min === LAST_COLUMN ? { label: `${min}+`, min, max: null } : { label: String(min), min, max: min };
  });
  const counts = new Map<Severity, number[]>(SEVERITIES.map((severity) => [severity, columns.map(() => 0)]));
  let total = 0;
  for (const { severity, confidence, count } of heatmap) {
    if (confidence < 1) continue;
    counts.get(severity)![Math.min(Math.floor(confidence), LAST_COLUMN) - 1]! += count;
    total += count;
  }
  const most = Math.max(1, ...[...counts.values()].flat());
  const rows = [...SEVERITIES].reverse().map((severity) => ({
    severity,
    cells: counts.get(severity)!.map((count) => ({ count, heat: Math.log1p(count) / Math.log1p(most) })),
  }));
  return { columns, rows, total };
}
