import { Button } from '@mantine/core';
import { IconBellCheck, IconZoomOut } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { AlertDesk } from '../features/alerts/components/alert-desk.tsx';
import { AlertFilterBar } from '../features/alerts/components/alert-filters.tsx';
import type { AlertFilters } from '../features/alerts/search.ts';
import { ownSearch } from '../lib/url.ts';
import { useRange, useSetRange } from '../lib/use-range.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

export function AlertsPage() {
  const { lane, ...shared } = useSearch({ from: '/frame/alerts' });
  const search = ownSearch(shared);
  const { id, ...filters } = search;
  const range = useRange();
  const setRange = useSetRange();
  const navigate = useNavigate();
  const open = useCallback(
    (next: string | undefined) =>
      void navigate({
        to: '/alerts',
        search: (previous) => ({ ...previous, id: next }),
        replace: next !== undefined && id !== undefined,
      }),
    [navigate, id],
  );
  const setFilters = (next: AlertFilters) =>
    void navigate({
      to: '/alerts',
      search: (previous) => ({ range: previous.range, lane: previous.lane, id: previous.id, ...next }),
    });
  const filtered = Object.keys(filters).length > 0;
  return (
    <Page title="Alerts" filled actions={<AlertFilterBar filters={filters} onChange={setFilters} />}>
      <AlertDesk
        search={search}
        lane={lane ?? 'live'}
        range={range}
        onOpen={open}
        empty={
          <EmptyState
            title={filtered ? 'No alerts match these filters' : 'No alerts in this time range'}
            icon={<IconBellCheck size={28} stroke={1.5} />}
            actions={
              <>
                {filtered && (
                  <Button variant="default" onClick={() => setFilters({})}>
                    Clear filters
                  </Button>
                )}
                {range.text !== 'all' && (
                  <Button variant="default" leftSection={<IconZoomOut size={14} />} onClick={() => setRange('all')}>
                    Show all time
                  </Button>
                )}
                <Button variant="default" renderRoot={(props) => <Link to="/send" {...props} />}>
                  Try it: make an alert
                </Button>
              </>
            }
          >
            When a rule fires, its alert appears here within a second, without reloading.
          </EmptyState>
        }
      />
    </Page>
  );
}
