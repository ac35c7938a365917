/** Values ranked by count; every row leads to what it counts. */
import { VisuallyHidden } from '@mantine/core';
import type { CSSProperties, ReactNode } from 'react';
import { formatCount, formatShort } from '../../lib/format.ts';
import { displayText } from '../../lib/log-text.ts';
import { DrillLink, type Drill } from '../../ui/drill.tsx';
import type { RankedRow } from '../prepare/ranking.ts';
import classes from './charts.module.css';

interface RankedBarsProps<T extends RankedRow> {
  rows: readonly T[];
  drill: (row: T) => Drill;
  /** What one row counts, for screen readers: `events`. */
  unit: string;
  /** Shown instead of the value. */
  name?: (row: T) => ReactNode;
  /** CSS colour of the bar. */
  color?: (row: T) => string;
  /** Last column; by default the share of the whole. */
  extra?: (row: T) => ReactNode;
  empty: string;
}

export function RankedBars<T extends RankedRow>(props: RankedBarsProps<T>) {
  const { rows, drill, unit, name, color, extra, empty } = props;
  if (rows.length === 0) return <p className={classes.none}>{empty}</p>;
  return (
    <ol className={classes.list}>
      {rows.map((row) => (
        <li key={row.value}>
          <DrillLink drill={drill(row)} className={classes.row}>
            <span
              className={classes.bar}
              style={
                {
                  width: row.count === 0 ? 0 : `calc((100% - 96px) * ${Math.max(0.01, row.length)})`,
                  '--bar': color?.(row),
                } as CSSProperties
              }
            />
            <span className={classes.name}>{name ? name(row) : displayText(row.value)}</span>
            <span className={classes.count} title={formatCount(row.count)}>
              {formatShort(row.count)}
              <VisuallyHidden> {unit}</VisuallyHidden>
            </span>
            <span className={classes.extra}>{extra ? extra(row) : `${Math.round(row.share * 100)}%`}</span>
          </DrillLink>
        </li>
      ))}
    </ol>
  );
}
