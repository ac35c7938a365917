/** Is the stream open, how much arrives, how far behind the pipeline is. */
import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { formatBytes, formatDuration, formatShort } from '../lib/format.ts';
import { useLiveState } from '../lib/live.ts';
import classes from './frame.module.css';

const STATES = { open: 'Live', connecting: 'Connecting…', offline: 'No connection, trying again' } as const;

export function LiveIndicator() {
  const { state, health } = useLiveState();
  const rate = health ? `${formatShort(health.eventsPerSecond)} events/s` : STATES[state];
  const lag = health ? `lag ${formatDuration(health.lagMs)}` : '';
  const backlog = health && health.backlogBytes > 0 ? ` · backlog ${formatBytes(health.backlogBytes)}` : '';
  return (
    <Tooltip label={`${STATES[state]}${lag === '' ? '' : ` · ${lag}`}${backlog}`}>
      <Link to="/live" className={classes.live} data-testid="live-indicator" data-state={state}>
        <span className={classes.dot} data-state={state} />
        {state === 'open' || health === null ? <span>{rate}</span> : <span>{STATES[state]}</span>}
        {state === 'open' && lag !== '' && <span>{lag}</span>}
      </Link>
    </Tooltip>
  );
}
