/** Times on screen: UTC, with the full time in the tooltip. */
import { formatAgo, formatRowTime, formatTime } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';

export function Ago({ iso }: { iso: string }) {
  const now = useNow();
  return (
    <time dateTime={iso} title={`${formatTime(iso)} UTC`}>
      {formatAgo(iso, now)}
    </time>
  );
}

export function RowTime({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={`${formatTime(iso)} UTC`}>
      {formatRowTime(iso, Date.now())}
    </time>
  );
}
