import { Button } from '@mantine/core';
import { IconZoomOut } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { useNewestEvent } from '../features/overview/api/any-events.ts';
import { useStats } from '../features/overview/api/stats.ts';
import { Figures } from '../features/overview/components/figures.tsx';
import { OverviewFilters } from '../features/overview/components/filters.tsx';
import { drillsOf } from '../features/overview/drills.ts';
import type { OverviewSearch } from '../features/overview/search.ts';
import { SendLogs } from '../features/send-logs/components/send-logs.tsx';
import { formatTime } from '../lib/format.ts';
import { useLiveMessages } from '../lib/live.ts';
import { absoluteRangeText } from '../lib/range.ts';
import { useAutoRefresh, useRange, useSetRange } from '../lib/use-range.ts';
import { ownSearch } from '../lib/url.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';

const REFRESH_MS = 15_000;
const ALERT_REFRESH_MS = 2000;

export function OverviewPage() {
  const { lane, ...shared } = useSearch({ from: '/frame/' });
  const filters = ownSearch(shared);
  const range = useRange();
  const setRange = useSetRange();
  const navigate = useNavigate();
  const stats = useStats(range, lane, filters);
  useAutoRefresh(REFRESH_MS);
  useRefreshOnAlert();
  const setFilters = (next: OverviewSearch) =>
    void navigate({ to: '/', search: (search) => ({ range: search.range, lane: search.lane, ...next }) });
  const empty = stats.data?.totals.events === 0 && stats.data.alerts.total === 0;
  return (
    <Page title="Overview" actions={<OverviewFilters filters={filters} stats={stats.data} onChange={setFilters} />}>
      <Loaded query={stats} lines={10}>
        {(data) =>
          empty ? (
            <NothingHere filtered={Object.keys(filters).length > 0} onAllTime={() => setRange('all')} />
          ) : (
            <Figures
              stats={data}
              drills={drillsOf(filters)}
              onZoom={(from, to) => setRange(absoluteRangeText(from, to))}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

/** A new alert shows within seconds, without asking the server once per alert of a flood. */
function useRefreshOnAlert(): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveMessages((message) => {
    if (message.event !== 'alert' || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: ['stats'] });
    }, ALERT_REFRESH_MS);
  });
}

function NothingHere({ filtered, onAllTime }: { filtered: boolean; onAllTime: () => void }) {
  const newest = useNewestEvent(true);
  if (newest.data === null && !filtered) return <SendLogs firstTime />;
  return (
    <EmptyState
      title={filtered ? 'No events match these filters' : 'No events in this time range'}
      actions={
        <Button variant="default" leftSection={<IconZoomOut size={14} />} onClick={onAllTime}>
          Show all time
        </Button>
      }
    >
      {newest.data ? `The newest event is of ${formatTime(newest.data)} UTC.` : 'Widen the range or send logs.'}
    </EmptyState>
  );
}
