/** Ranked values with the length of their bars. */
export interface RankedRow {
  value: string;
  count: number;
  /** Length of the bar, 0–1 of the longest. */
  length: number;
  /** Part of the whole, 0–1. */
  share: number;
}

/** The `most` largest, largest first; `total` is the whole (default: the sum of all rows). */
export function prepareRanking(
  rows: readonly { value: string; count: number }[],
  most = 10,
  total = rows.reduce((sum, row) => sum + row.count, 0),
): RankedRow[] {
  const sorted = rows.filter((row) => row.count > 0).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const longest = sorted[0]?.count ?? 0;
  return sorted.slice(0, most).map(({ value, count }) => ({
    value,
    count,
    length: longest === 0 ? 0 : count / longest,
    share: total === 0 ? 0 : Math.min(1, count / total),
  }));
}
