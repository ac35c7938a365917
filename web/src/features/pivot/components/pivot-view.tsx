/** One value across all sources: alerts that name it, then its events by source type, newest first. */
import type { LaneFilter, Pivot } from '@vedette/contracts';
import { Link } from '@tanstack/react-router';
import { fieldOf, fieldText, lineOf, type EventDocument } from '../../../lib/documents.ts';
import { formatCount, plural } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import { allOf, quoteValue, term } from '../../../lib/query-text.ts';
import type { PageRange } from '../../../lib/use-range.ts';
import { DrillLink } from '../../../ui/drill.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { LogText } from '../../../ui/log-text.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SeverityMark } from '../../../ui/severity.tsx';
import { StatusMark } from '../../../ui/status.tsx';
import { Ago, RowTime } from '../../../ui/time.tsx';
import { useAlertsAbout } from '../api/alerts-about.ts';
import { usePivot } from '../api/pivot.ts';
import classes from './pivot-view.module.css';

interface PivotViewProps {
  value: string;
  range: PageRange;
  lane: LaneFilter | undefined;
  empty: React.ReactNode;
}

export function PivotView({ value, range, lane, empty }: PivotViewProps) {
  const pivot = usePivot(value, range, lane);
  return (
    <Loaded query={pivot} lines={8}>
      {(data) =>
        data.total === 0 && data.groups.length === 0 ? (
          empty
        ) : (
          <div className={classes.groups} data-testid="pivot-groups">
            <p className={classes.sum}>
              {plural(data.total, 'event')} in {plural(data.groups.length, 'kind')} of source
            </p>
            <AlertsAbout value={value} range={range} lane={lane} />
            {data.groups.map((group) => (
              <Group key={group.sourceType} value={value} group={group} />
            ))}
          </div>
        )
      }
    </Loaded>
  );
}

function AlertsAbout({ value, range, lane }: Omit<PivotViewProps, 'empty'>) {
  const alerts = useAlertsAbout(value, range, lane);
  const items = alerts.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel
      title="Alerts"
      note={alerts.data?.total === undefined ? undefined : formatCount(alerts.data.total)}
      actions={
        <DrillLink drill={{ to: '/alerts', search: { q: value.slice(0, 256) } }} className={classes.link}>
          All in Alerts
        </DrillLink>
      }
    >
      {items.map((alert) => (
        <Link key={alert.id} to="/alerts" search={{ id: alert.id }} className={classes.alert}>
          <SeverityMark level={alert.level} compact />
          <span className={classes.title}>{displayText(alert.summary)}</span>
          <StatusMark status={alert.status} />
          <span className={classes.time}>
            <Ago iso={alert.lastSeen} />
          </span>
        </Link>
      ))}
    </Panel>
  );
}

function Group({ value, group }: { value: string; group: Pivot['groups'][number] }) {
  const type = group.sourceType;
  const needles = [value];
  return (
    <Panel
      title={displayText(type) || 'Unknown source type'}
      note={
        <>
          {plural(group.count, 'event')} · first <Ago iso={group.firstSeen} /> · last <Ago iso={group.lastSeen} />
        </>
      }
      actions={
        <DrillLink
          drill={{ to: '/hunt', search: { q: allOf(quoteValue(value), type && term('vedette.source_type', type)) } }}
          className={classes.link}
        >
          Search in Hunt
        </DrillLink>
      }
    >
      {(group.items as EventDocument[]).map((event) => (
        <div key={event._id} className={classes.event}>
          <span className={classes.time}>
            <RowTime iso={fieldText(event, '@timestamp')} />
          </span>
          <SeverityMark level={Number(fieldOf(event, 'event.severity') ?? 0)} compact />
          <span className={classes.line}>
            <LogText text={lineOf(event)} needles={needles} />
          </span>
        </div>
      ))}
    </Panel>
  );
}
