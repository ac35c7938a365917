/** Parts of a whole: the largest by name, the others together. */
export interface Share {
  name: string;
  count: number;
  /** 0–1. */
  share: number;
  /** The rest of many; it cannot be drilled into. */
  rest: boolean;
}

export function prepareShares(rows: readonly { value: string; count: number }[], most = 6): Share[] {
  const sorted = rows.filter((row) => row.count > 0).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const total = sorted.reduce((sum, row) => sum + row.count, 0);
  const named = sorted.length <= most ? sorted : sorted.slice(0, most - 1);
  const shares = named.map(({ value, count }) => ({ name: value, count, share: count / total, rest: false }));
  const others = sorted.slice(named.length);
  if (others.length === 0) return shares;
  const count = others.reduce((sum, row) => sum + row.count, 0);
  return [...shares, { name: `${others.length} others`, count, share: count / total, rest: true }];
}
