import { Button } from '@mantine/core';
import { IconZoomOut } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { HuntView } from '../features/hunt/components/hunt-view.tsx';
import type { HuntSearch } from '../features/hunt/search.ts';
import { useRange, useSetRange } from '../lib/use-range.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

export function HuntPage() {
  const { range: _range, lane, ...search } = useSearch({ from: '/frame/hunt' });
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
          <EmptyState
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
          >
            Search words of the line itself, or fields: <code>user.name:root</code>, <code>source.ip:10.0.0.0/8</code>,{' '}
            <code>event.severity:high</code>, <code>NOT</code>, <code>OR</code>, <code>"a phrase"</code>,{' '}
            <code>ro*t</code>.
          </EmptyState>
        }
      />
    </Page>
  );
}
