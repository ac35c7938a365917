/** Marks what is not live: back-filled history and exercises. Live needs no mark. */
import type { Lane } from '@vedette/contracts';
import classes from './lane-badge.module.css';

export function LaneBadge({ lane }: { lane: Lane }) {
  return lane === 'live' ? null : (
    <span className={classes.lane} title={`Lane: ${lane}`}>
      {lane}
    </span>
  );
}
