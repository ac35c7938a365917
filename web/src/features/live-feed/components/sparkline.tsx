/** The rate of the last minutes as a line. Decoration beside a number, so hidden from screen readers. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const width = 120;
  const height = 22;
  if (values.length < 2) return <svg width={width} height={height} aria-hidden="true" />;
  const most = Math.max(...values, 1);
  const points = values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * width;
      return `${x.toFixed(1)},${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`;
    })
    .join(' ');
  return (
    <svg width={width} height={height} aria-hidden="true">
      <polyline points={points} fill="none" stroke="var(--series-accent)" strokeWidth="1.5" />
    </svg>
  );
}
