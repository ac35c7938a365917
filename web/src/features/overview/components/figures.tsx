/** The overview's figures over one answer of the server; every one drills down. */
import { SEVERITIES, type Severity, type Stats } from '@vedette/contracts';
import { useMemo } from 'react';
import { Doughnut } from '../../../charts/draw/doughnut.tsx';
import { HeatGrid } from '../../../charts/draw/heat-grid.tsx';
import { RankedBars } from '../../../charts/draw/ranked-bars.tsx';
import { TimeBars } from '../../../charts/draw/time-bars.tsx';
import { prepareHeatGrid } from '../../../charts/prepare/heat-grid.ts';
import { prepareRanking } from '../../../charts/prepare/ranking.ts';
import { prepareShares } from '../../../charts/prepare/shares.ts';
import { prepareTimeline } from '../../../charts/prepare/timeline.ts';
import { Panel } from '../../../ui/panel.tsx';
import { severityColor, SeverityIcon, severityName } from '../../../ui/severity.tsx';
import type { OverviewDrills } from '../drills.ts';
import { NewestAlerts } from './newest-alerts.tsx';
import classes from './overview.module.css';
import { Tiles } from './tiles.tsx';

interface FiguresProps {
  stats: Stats;
  drills: OverviewDrills;
  onZoom: (from: number, to: number) => void;
}

export function Figures({ stats, drills, onZoom }: FiguresProps) {
  const timeline = useMemo(() => prepareTimeline(stats), [stats]);
  const alertTypes = useMemo(() => prepareShares(stats.alerts.byRule), [stats]);
  const heat = useMemo(() => prepareHeatGrid(stats.heatmap), [stats]);
  const severities = severityRows(stats);
  const malicious = useMemo(() => {
    const levels = new Map(stats.topMaliciousIps.map((row) => [row.value, row.level]));
    return prepareRanking(stats.topMaliciousIps).map((row) => ({ ...row, level: levels.get(row.value) ?? 0 }));
  }, [stats]);
  return (
    <>
      <Tiles stats={stats} drills={drills} />
      <div className={classes.grid}>
        <Panel className={classes.wide} title="Events over time" note="drag to zoom, malicious at the base">
          <TimeBars model={timeline} height="fill" onZoom={onZoom} />
        </Panel>
        <Panel title="Newest alerts" flush>
          <NewestAlerts alerts={stats.newestAlerts.slice(0, 6)} />
        </Panel>
        <Panel title="Severity">
          <RankedBars
            rows={severities}
            unit="events"
            drill={(row) => drills.severity(row.value as Severity)}
            color={(row) => severityColor(row.value as Severity)}
            name={(row) => (
              <span className={classes.severity}>
                <SeverityIcon severity={row.value as Severity} />
                {severityName(row.value as Severity)}
              </span>
            )}
            empty="No events in this range."
          />
        </Panel>
        <Panel title="Protocols">
          <RankedBars
            rows={prepareRanking(stats.byProtocol, 6)}
            unit="events"
            drill={(row) => drills.protocol(row.value)}
            empty="No event names a protocol."
          />
        </Panel>
        <Panel title="Alert types">
          <Doughnut
            shares={alertTypes}
            unit="alerts"
            drill={(share) => ({ to: '/alerts', search: { rule: share.name } })}
            empty="No alerts in this range."
          />
        </Panel>
        <Panel title="Top destinations">
          <RankedBars
            rows={prepareRanking(stats.topDestinations, 10, stats.totals.events)}
            unit="events"
            drill={(row) => drills.destination(row.value)}
            empty="No event names a destination address."
          />
        </Panel>
        <Panel title="Top sources">
          <RankedBars
            rows={prepareRanking(stats.topSources, 10, stats.totals.events)}
            unit="events"
            drill={(row) => drills.source(row.value)}
            empty="No event names a source address."
          />
        </Panel>
        <Panel title="Top malicious addresses" note="right: blacklists">
          <RankedBars
            rows={malicious}
            unit="events"
            drill={(row) => drills.maliciousIp(row.value)}
            extra={(row) => row.level}
            color={() => 'var(--series-malicious)'}
            empty="No address in this range is on a blacklist."
          />
        </Panel>
        <Panel className={classes.wide} title="Severity × confidence" note="events that an indicator matched">
          <HeatGrid
            grid={heat}
            drill={(severity, column) => drills.heat(severity, column.min, column.max)}
            empty="No event in this range matches an indicator."
          />
        </Panel>
        <Panel title="Users and addresses with most alerts">
          <RankedBars
            rows={prepareRanking(ranked(stats), 8)}
            unit="alerts"
            drill={(row) => ({ to: '/pivot', search: { value: row.value } })}
            extra={() => ''}
            empty="No alert names a user or an address."
          />
        </Panel>
      </div>
    </>
  );
}

/** Critical first, always all five: an empty step is a fact, too. */
function severityRows(stats: Stats) {
  const total = SEVERITIES.reduce((sum, severity) => sum + stats.bySeverity[severity], 0);
  const longest = Math.max(1, ...SEVERITIES.map((severity) => stats.bySeverity[severity]));
  return [...SEVERITIES].reverse().map((value) => {
    const count = stats.bySeverity[value];
    return { value, count, length: count / longest, share: total === 0 ? 0 : count / total };
  });
}

function ranked(stats: Stats): { value: string; count: number }[] {
  return [...stats.topUsers, ...stats.topIps].map(({ value, alerts }) => ({ value, count: alerts }));
}
