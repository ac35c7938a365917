import type { Source } from '@vedette/contracts';
import { formatBytes, formatCount, formatShort } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import { DrillLink } from '../../../ui/drill.tsx';
import { term } from '../../../lib/query-text.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { LaneBadge } from '../../../ui/lane-badge.tsx';
import { Ago } from '../../../ui/time.tsx';
import classes from './sources.module.css';

export function SourceTable({ sources }: { sources: readonly Source[] }) {
  if (sources.length === 0)
    return (
      <EmptyState title="Nothing has sent anything yet">
        Every sender shows up here with its rate, its parser and how much of it could not be read.
      </EmptyState>
    );
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">Input</th>
          <th scope="col">Parser</th>
          <th scope="col" className={classes.number}>
            Events
          </th>
          <th scope="col" className={classes.number}>
            Rate
          </th>
          <th scope="col" className={classes.number}>
            Size
          </th>
          <th scope="col" className={classes.number}>
            Quarantined
          </th>
          <th scope="col" className={classes.number}>
            Last seen
          </th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <tr key={`${source.name} ${source.input} ${source.lane}`} data-testid="source-row">
            <th scope="row">
              <DrillLink
                drill={{ to: '/hunt', search: { q: term('vedette.source', source.name) } }}
                className={classes.link}
              >
                {displayText(source.name)}
              </DrillLink>{' '}
              <LaneBadge lane={source.lane} />
            </th>
            <td>{displayText(source.input)}</td>
            <td>
              {source.parser === '' ? <span className={classes.dim}>detecting…</span> : displayText(source.parser)}
            </td>
            <td className={classes.number}>{formatCount(source.events)}</td>
            <td className={classes.number}>{formatShort(source.eventsPerSecond)}/s</td>
            <td className={classes.number}>{formatBytes(source.bytes)}</td>
            <td className={classes.number}>
              {source.quarantined === 0 ? (
                <span className={classes.dim}>0</span>
              ) : (
                <DrillLink
                  drill={{ to: '/sources', search: { tab: 'quarantine', source: source.name } }}
                  className={classes.link}
                  label={`${formatCount(source.quarantined)} quarantined of ${displayText(source.name)}`}
                >
                  {formatCount(source.quarantined)}
                </DrillLink>
              )}
            </td>
            <td className={classes.number}>
              <Ago iso={source.lastSeen} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
