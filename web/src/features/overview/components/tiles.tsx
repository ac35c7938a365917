/** The totals: events, those that an indicator matched, the rest, what could not be read, alerts. */
import type { Stats } from '@vedette/contracts';
import { formatCount, formatShort } from '../../../lib/format.ts';
import { DrillLink, type Drill } from '../../../ui/drill.tsx';
import { MALICIOUS, type OverviewDrills } from '../drills.ts';
import classes from './overview.module.css';

export function Tiles({ stats, drills }: { stats: Stats; drills: OverviewDrills }) {
  const { events, malicious, noMatch, quarantined } = stats.totals;
  return (
    <div className={classes.tiles}>
      <Tile label="Events" value={events} drill={drills.events()} note="all in this range" />
      <Tile
        label="Malicious"
        value={malicious}
        drill={drills.events(MALICIOUS)}
        note={events === 0 ? 'an address is on a blacklist' : `${percent(malicious, events)} on a blacklist`}
      />
      <Tile
        label="No match"
        value={noMatch}
        drill={drills.events(`NOT ${MALICIOUS}`)}
        note="on no list, not proven benign"
      />
      <Tile
        label="Open alerts"
        value={stats.alerts.open}
        drill={{ to: '/alerts', search: {} }}
        note={`of ${formatCount(stats.alerts.total)} alerts`}
      />
      <Tile
        label="Quarantined"
        value={quarantined}
        drill={{ to: '/sources', search: { tab: 'quarantine' } }}
        note="could not be read"
      />
    </div>
  );
}

function percent(part: number, whole: number): string {
  const value = (part / whole) * 100;
  return part > 0 && value < 0.1 ? '<0.1%' : `${value.toFixed(1).replace(/\.0$/, '')}%`;
}

function Tile({ label, value, drill, note }: { label: string; value: number; drill: Drill; note: string }) {
  const id = label.toLowerCase().replaceAll(' ', '-');
  return (
    <DrillLink drill={drill} className={classes.tile}>
      <span className={classes.tileLabel}>{label}</span>
      <strong className={classes.tileValue} title={formatCount(value)} data-testid={`tile-${id}`}>
        {value < 100_000 ? formatCount(value) : formatShort(value)}
      </strong>
      <span className={classes.tileNote}>{note}</span>
    </DrillLink>
  );
}
