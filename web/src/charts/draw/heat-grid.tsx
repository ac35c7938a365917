/** Severity × confidence as a table: every cell a link, every number readable. */
import type { CSSProperties } from 'react';
import type { Severity } from '@vedette/contracts';
import { formatCount, formatShort } from '../../lib/format.ts';
import { DrillLink, type Drill } from '../../ui/drill.tsx';
import { SeverityIcon, severityName } from '../../ui/severity.tsx';
import type { HeatColumn, HeatGrid as Grid } from '../prepare/heat-grid.ts';
import classes from './charts.module.css';

interface HeatGridProps {
  grid: Grid;
  drill: (severity: Severity, column: HeatColumn) => Drill;
  empty: string;
}

export function HeatGrid({ grid, drill, empty }: HeatGridProps) {
  if (grid.total === 0) return <p className={classes.none}>{empty}</p>;
  return (
    <>
      <table className={classes.heat}>
        <thead>
          <tr>
            <th scope="col" style={{ width: 90, textAlign: 'left' }}>
              Severity
            </th>
            {grid.columns.map((column) => (
              <th key={column.label} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map(({ severity, cells }) => (
            <tr key={severity}>
              <th scope="row">
                <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
                  <SeverityIcon severity={severity} />
                  {severityName(severity)}
                </span>
              </th>
              {cells.map((cell, index) => {
                const column = grid.columns[index]!;
                return (
                  <td key={column.label}>
                    {cell.count === 0 ? (
                      <span className={classes.cell} />
                    ) : (
                      <DrillLink
                        drill={drill(severity, column)}
                        className={classes.cell}
                        label={`${severityName(severity)}, confidence ${column.label}: ${formatCount(cell.count)} events`}
                        style={{ '--heat': cell.heat } as CSSProperties}
                      >
                        {formatShort(cell.count)}
                      </DrillLink>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.axis}>Confidence: number of blacklists that name the address</p>
    </>
  );
}
