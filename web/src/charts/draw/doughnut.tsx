/** Parts of a whole as a ring, with its legend as a list of links. */
import { VisuallyHidden } from '@mantine/core';
import { useRef } from 'react';
import { formatCount, formatShort } from '../../lib/format.ts';
import { displayText } from '../../lib/log-text.ts';
import { DrillLink, type Drill } from '../../ui/drill.tsx';
import type { Share } from '../prepare/shares.ts';
import { PART_COLORS, tooltipContent, type ChartTheme } from './chart-theme.ts';
import classes from './charts.module.css';
import { useChart } from './use-chart.ts';

interface DoughnutProps {
  shares: readonly Share[];
  unit: string;
  drill: (share: Share) => Drill;
  empty: string;
}

const colorOf = (index: number, share: Share) => (share.rest ? PART_COLORS.at(-1)! : PART_COLORS[index % 6]!);

export function Doughnut({ shares, unit, drill, empty }: DoughnutProps) {
  if (shares.length === 0) return <p className={classes.none}>{empty}</p>;
  return (
    <div className={classes.doughnut}>
      <Ring shares={shares} unit={unit} />
      <ul className={classes.list}>
        {shares.map((share, index) => {
          const content = (
            <>
              <span className={classes.swatch} style={{ background: colorOf(index, share) }} />
              <span className={classes.name}>{displayText(share.name)}</span>
              <span className={classes.count}>
                {formatShort(share.count)}
                <VisuallyHidden> {unit}</VisuallyHidden>
              </span>
            </>
          );
          return (
            <li key={share.name} title={displayText(share.name)}>
              {share.rest ? (
                <span className={classes.item}>{content}</span>
              ) : (
                <DrillLink drill={drill(share)} className={classes.item}>
                  {content}
                </DrillLink>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Ring({ shares, unit }: { shares: readonly Share[]; unit: string }) {
  const element = useRef<HTMLDivElement>(null);
  const total = shares.reduce((sum, share) => sum + share.count, 0);
  useChart(element, (theme) => ringOption(shares, theme), [shares]);
  return (
    <div className={classes.ring}>
      <div
        ref={element}
        className={classes.canvas}
        role="img"
        aria-label={`${formatCount(total)} ${unit} in ${shares.length} parts, listed beside`}
      />
      <div className={classes.total} aria-hidden="true">
        <strong>{formatShort(total)}</strong>
        <span>{unit}</span>
      </div>
    </div>
  );
}

function ringOption(shares: readonly Share[], theme: ChartTheme) {
  return {
    tooltip: {
      trigger: 'item',
      backgroundColor: theme.surface,
      borderColor: theme.color('--line-strong'),
      textStyle: { color: theme.text, fontFamily: theme.font },
      padding: [6, 10],
      transitionDuration: 0,
      appendTo: 'body',
      formatter: (point: { dataIndex: number }) => {
        const share = shares[point.dataIndex]!;
        const value = `${formatCount(share.count)} (${Math.round(share.share * 100)}%)`;
        return tooltipContent(displayText(share.name), [{ name: '', value, color: colorOf(point.dataIndex, share) }]);
      },
    },
    series: [
      {
        type: 'pie',
        radius: ['68%', '96%'],
        label: { show: false },
        emphasis: { scale: false },
        itemStyle: { borderColor: theme.surface, borderWidth: 2 },
        data: shares.map((share, index) => ({
          value: share.count,
          itemStyle: { color: colorOf(index, share) },
        })),
      },
    ],
  };
}
