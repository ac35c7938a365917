/** One alert in the list: what, who, how often, since when. */
import { Checkbox } from '@mantine/core';
import type { Alert } from '@vedette/contracts';
import { memo } from 'react';
import { formatCount } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import { LaneBadge } from '../../../ui/lane-badge.tsx';
import { SeverityMark } from '../../../ui/severity.tsx';
import { StatusMark } from '../../../ui/status.tsx';
import { Ago } from '../../../ui/time.tsx';
import classes from './alert-list.module.css';

interface AlertRowProps {
  alert: Alert;
  index: number;
  /** Offset in the list, px. */
  top: number;
  current: boolean;
  selected: boolean;
  fresh: boolean;
  onOpen: (id: string) => void;
  onSelect: (id: string) => void;
}

export const AlertRow = memo(function AlertRow(props: AlertRowProps) {
  const { alert, index, top, current, selected, fresh, onOpen, onSelect } = props;
  const title = displayText(alert.rule.title);
  return (
    <div
      role="row"
      id={`alert-${alert.id}`}
      aria-rowindex={index + 1}
      aria-selected={current}
      aria-label={`${title}, ${displayText(alert.summary)}`}
      className={classes.row}
      data-fresh={fresh || undefined}
      data-testid="alert-row"
      data-alert-id={alert.id}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(alert.id)}
    >
      <div role="gridcell" className={classes.check} onClick={(event) => event.stopPropagation()}>
        <Checkbox aria-label={`Select ${title}`} tabIndex={-1} checked={selected} onChange={() => onSelect(alert.id)} />
      </div>
      <div role="gridcell" className={classes.level}>
        <SeverityMark level={alert.level} compact />
      </div>
      <div role="gridcell" className={classes.what}>
        <span className={classes.title}>
          <span>{title}</span>
          <LaneBadge lane={alert.lane} />
        </span>
        <span className={classes.who}>{displayText(alert.summary)}</span>
      </div>
      <div role="gridcell" className={classes.count} title={`${formatCount(alert.count)} events`}>
        ×{formatCount(alert.count)}
      </div>
      <div role="gridcell" className={classes.status}>
        <StatusMark status={alert.status} />
      </div>
      <div role="gridcell" className={classes.when}>
        <Ago iso={alert.lastSeen} />
      </div>
    </div>
  );
});
