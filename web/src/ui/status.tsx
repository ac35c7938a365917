/** Status of an alert: icon and word. */
import type { Status } from '@vedette/contracts';
import { IconCircle, IconCircleCheck, IconCircleDot, IconCircleX, IconProgress } from '@tabler/icons-react';
import classes from './status.module.css';

const NAMES: Readonly<Record<Status, string>> = {
  new: 'New',
  acknowledged: 'Acknowledged',
  investigating: 'Investigating',
  resolved: 'Resolved',
  false_positive: 'False positive',
};
const ICONS = {
  new: IconCircle,
  acknowledged: IconCircleDot,
  investigating: IconProgress,
  resolved: IconCircleCheck,
  false_positive: IconCircleX,
} as const;

export function statusName(status: Status): string {
  return NAMES[status];
}

export function StatusMark({ status }: { status: Status }) {
  const Icon = ICONS[status];
  return (
    <span className={classes.status} data-status={status}>
      <Icon size={14} stroke={1.8} aria-hidden="true" />
      {NAMES[status]}
    </span>
  );
}
