import { Button } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { LiveFeed } from '../features/live-feed/components/live-feed.tsx';
import type { FeedSearch } from '../features/live-feed/search.ts';
import { ownSearch } from '../lib/url.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

export function LivePage() {
  const { lane, ...shared } = useSearch({ from: '/frame/live' });
  const search = ownSearch(shared);
  const navigate = useNavigate();
  const change = (next: FeedSearch) =>
    void navigate({ to: '/live', search: (previous) => ({ range: previous.range, lane: previous.lane, ...next }) });
  return (
    <Page title="Live feed" filled>
      <LiveFeed
        search={search}
        lane={lane ?? 'live'}
        onChange={change}
        empty={
          <EmptyState
            title="Waiting for events"
            icon={<IconActivity size={28} stroke={1.5} />}
            actions={
              <Button variant="default" renderRoot={(props) => <Link to="/send" {...props} />}>
                Send logs
              </Button>
            }
          >
            New events appear here the moment they are stored; at high rates a sample of them.
          </EmptyState>
        }
      />
    </Page>
  );
}
