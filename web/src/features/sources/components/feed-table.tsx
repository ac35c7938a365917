import type { IntelFeed } from '@vedette/contracts';
import { formatCount } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Ago } from '../../../ui/time.tsx';
import classes from './sources.module.css';

export function FeedTable({ feeds }: { feeds: readonly IntelFeed[] }) {
  if (feeds.length === 0)
    return (
      <EmptyState title="No threat intelligence is loaded">
        Set <code>intel.ipsum</code> to the file or URL of a list of bad addresses; events that name one are then marked
        malicious.
      </EmptyState>
    );
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Feed</th>
          <th scope="col">Location</th>
          <th scope="col" className={classes.number}>
            Indicators
          </th>
          <th scope="col">Loaded</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {feeds.map((feed) => (
          <tr key={`${feed.name} ${feed.location}`}>
            <th scope="row">{feed.name}</th>
            <td className={classes.mono}>{displayText(feed.location)}</td>
            <td className={classes.number}>{formatCount(feed.indicators)}</td>
            <td>{feed.loadedAt === null ? 'not yet' : <Ago iso={feed.loadedAt} />}</td>
            <td>
              {feed.error === null ? (
                'up to date'
              ) : (
                <span className={classes.bad}>keeps the last good list: {displayText(feed.error)}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
