/** Search: histogram over a table, fields beside it. Everything clicked becomes part of the query in the URL. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { TimeBars } from '../../../charts/draw/time-bars.tsx';
import { prepareHistogram } from '../../../charts/prepare/histogram.ts';
import { ApiError } from '../../../lib/api.ts';
import { csvText, downloadText } from '../../../lib/csv.ts';
import { fieldText, type EventDocument } from '../../../lib/documents.ts';
import { formatCount } from '../../../lib/format.ts';
import { withTerm } from '../../../lib/query-text.ts';
import { absoluteRangeText } from '../../../lib/range.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { useEvents } from '../api/events.ts';
import { useFields } from '../api/fields.ts';
import { useHistogram } from '../api/histogram.ts';
import type { HuntScope } from '../scope.ts';
import { columnsOf, columnsText, toggleColumn, type HuntSearch } from '../search.ts';
import { EventTable } from './event-table.tsx';
import { FieldSidebar } from './field-sidebar.tsx';
import classes from './hunt-view.module.css';
import { QueryHelp } from './query-help.tsx';
import { QueryBar } from './query-bar.tsx';

interface HuntViewProps {
  search: HuntSearch;
  scope: HuntScope;
  onSearch: (search: HuntSearch) => void;
  onZoom: (range: string) => void;
  empty: React.ReactNode;
}

export function HuntView({ search, scope, onSearch, onZoom, empty }: HuntViewProps) {
  const query = search.q ?? '';
  const columns = useMemo(() => columnsOf(search.cols), [search.cols]);
  const events = useEvents(scope);
  const histogram = useHistogram(scope);
  const fields = useFields(scope);
  const model = useMemo(() => histogram.data && prepareHistogram(histogram.data), [histogram.data]);
  const items = useMemo(
    () => (events.data?.pages ?? []).flatMap((page) => page.items as EventDocument[]),
    [events.data],
  );
  const fieldNames = useMemo(() => (fields.data?.fields ?? []).map((field) => field.field), [fields.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = events;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const unreadable = events.error instanceof ApiError && events.error.code === 'bad_query';
  const nothing = events.data !== undefined && items.length === 0;

  return (
    <>
      <QueryBar
        key={query}
        value={query}
        scope={scope}
        fields={fieldNames}
        error={events.error}
        onSubmit={(q) => onSearch({ ...search, q })}
      />
      {unreadable ? (
        <QueryHelp title="The query needs mending" />
      ) : nothing ? (
        empty
      ) : (
        <div className={classes.layout} data-stale={events.isPlaceholderData || undefined}>
          <aside className={classes.side} aria-label="Fields">
            <Loaded query={fields} lines={8}>
              {(summaries) => (
                <FieldSidebar
                  summaries={summaries}
                  columns={columns}
                  onFilter={(field, value, exclude) =>
                    onSearch({ ...search, q: withTerm(query, field, value, exclude) })
                  }
                  onToggleColumn={(field) => onSearch({ ...search, cols: columnsText(toggleColumn(columns, field)) })}
                />
              )}
            </Loaded>
          </aside>
          <div className={classes.results}>
            <div className={classes.chart}>
              {model ? (
                <TimeBars model={model} height={112} onZoom={(from, to) => onZoom(absoluteRangeText(from, to))} />
              ) : (
                <Loaded query={histogram} lines={3}>
                  {() => null}
                </Loaded>
              )}
            </div>
            <div className={classes.count}>
              <span data-testid="event-count">
                {fields.data ? `${formatCount(fields.data.total)} events` : `${formatCount(items.length)} loaded`}
              </span>
              <span className={classes.dim}>newest first · j k move · Enter opens</span>
              <Tooltip label={`Download the ${formatCount(items.length)} loaded events as CSV`}>
                <ActionIcon
                  aria-label="Download as CSV"
                  className={classes.download}
                  onClick={() => exportCsv(items, columns)}
                >
                  <IconDownload size={15} />
                </ActionIcon>
              </Tooltip>
            </div>
            <Loaded query={events} lines={12}>
              {() => <EventTable events={items} columns={columns} onNearEnd={loadMore} />}
            </Loaded>
          </div>
        </div>
      )}
    </>
  );
}

function exportCsv(events: readonly EventDocument[], columns: readonly string[]): void {
  const header = ['@timestamp', 'event.severity', ...columns];
  const rows = events.map((event) => header.map((field) => fieldText(event, field)));
  downloadText('vedette-events.csv', csvText(header, rows), 'text/csv');
}
