import { Button } from '@mantine/core';
import { IconZoomOut } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { HuntView } from '../features/hunt/components/hunt-view.tsx';
import { QueryHelp } from '../features/hunt/components/query-help.tsx';
import type { HuntSearch } from '../features/hunt/search.ts';
import { ownSearch } from '../lib/url.ts';
import { useRange, useSetRange } from '../lib/use-range.ts';
import { Page } from '../ui/page.tsx';

export function HuntPage() {
  const { lane, ...shared } = useSearch({ from: '/frame/hunt' });
  const search = ownSearch(shared);
  const range = useRange();
  const setRange = useSetRange();
  const navigate = useNavigate();
  const set = (next: HuntSearch) =>
    void navigate({ to: '/hunt', search: (previous) => ({ range: previous.range, lane: previous.lane, ...next }) });
  return (
    <Page title="Hunt" titleHidden filled>
      <HuntView
        search={search}
        scope={{ q: search.q, from: range.from, to: range.to, lane }}
        onSearch={set}
        onZoom={setRange}
        empty={
          <QueryHelp
            title="No events match"
            actions={
              <>
                {range.text !== 'all' && (
                  <Button variant="default" leftSection={<IconZoomOut size={14} />} onClick={() => setRange('all')}>
                    Show all time
                  </Button>
                )}
                {search.q !== undefined && (
                  <Button variant="default" onClick={() => set({ cols: search.cols })}>
                    Clear the query
                  </Button>
                )}
                <Button variant="default" renderRoot={(props) => <Link to="/send" {...props} />}>
                  Send logs
                </Button>
              </>
            }
          />
        }
      />
    </Page>
  );
}
