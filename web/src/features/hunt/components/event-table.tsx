/** Matching events as a table with chosen columns; only rows in sight exist, an open row shows all its fields. */
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconChevronRight } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { fieldOf, fieldText, lineOf, type EventDocument } from '../../../lib/documents.ts';
import { displayText } from '../../../lib/log-text.ts';
import { useShortcuts } from '../../../lib/use-shortcuts.ts';
import { LogText } from '../../../ui/log-text.tsx';
import { SeverityMark } from '../../../ui/severity.tsx';
import { RowTime } from '../../../ui/time.tsx';
import { Value } from '../../../ui/value.tsx';
import { EventDetail } from './event-detail.tsx';
import classes from './event-table.module.css';

interface EventTableProps {
  events: EventDocument[];
  columns: readonly string[];
  onNearEnd: () => void;
}

const ROW = 27;
const LOAD_AHEAD = 30;
const features = tableFeatures({});
const helper = createColumnHelper<typeof features, EventDocument>();

const LONG = new Set(['message', 'event.original', 'process.command_line', 'url.original']);
const SHORT_NAMES: Readonly<Record<string, string>> = { 'vedette.source_type': 'source type' };

function cellOf(event: EventDocument, field: string) {
  if (field === 'message') return <LogText text={lineOf(event).slice(0, 1000)} />;
  const value = fieldText(event, field);
  return <Value quiet field={field} value={value.length > 1000 ? value.slice(0, 1000) : value} />;
}

export function EventTable({ events, columns, onNearEnd }: EventTableProps) {
  const [openIds, setOpenIds] = useState<ReadonlySet<string>>(new Set());
  const [currentId, setCurrentId] = useState<string>();
  const scroller = useRef<HTMLDivElement>(null);
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((field) =>
          helper.display({
            id: field,
            header: () => displayText(SHORT_NAMES[field] ?? field),
            cell: ({ row }) => cellOf(row.original, field),
          }),
        ),
      ),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: events, getRowId: (event) => event._id });
  const { rows } = table.getRowModel();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]!.id,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - LOAD_AHEAD) onNearEnd();
  }, [rows.length, lastShown, onNearEnd]);

  const toggle = (id: string) =>
    setOpenIds((previous) => {
      const next = new Set(previous);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const move = (step: number) => {
    const at = rows.findIndex((row) => row.id === currentId);
    const next = Math.min(Math.max(at + step, 0), rows.length - 1);
    if (!rows[next]) return;
    setCurrentId(rows[next].id);
    virtualizer.scrollToIndex(next, { align: 'auto' });
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => currentId !== undefined && toggle(currentId),
    Escape: () => setOpenIds(new Set()),
  });

  const template = [
    '24px 112px 18px',
    ...columns.map((field) =>
      LONG.has(field) ? 'minmax(220px, 6fr)' : field.endsWith('.ip') ? 'minmax(124px, 1.2fr)' : 'minmax(84px, 1.2fr)',
    ),
  ].join(' ');
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      tabIndex={0}
      role="table"
      aria-label="Events"
      aria-rowcount={-1}
      data-testid="event-table"
    >
      <div role="rowgroup" className={classes.head}>
        {table.getHeaderGroups().map((group) => (
          <div key={group.id} role="row" className={classes.row} style={{ gridTemplateColumns: template }}>
            <span role="columnheader">
              <span className={classes.hidden}>Details</span>
            </span>
            <span role="columnheader">time (UTC)</span>
            <span role="columnheader">
              <span className={classes.hidden}>Severity</span>
            </span>
            {group.headers.map((header) => (
              <span key={header.id} role="columnheader" title={header.id}>
                <table.FlexRender header={header} />
              </span>
            ))}
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const row = rows[item.index]!;
          const event = row.original;
          const open = openIds.has(row.id);
          return (
            <div
              key={row.id}
              role="presentation"
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={classes.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div
                role="row"
                className={classes.row}
                data-current={row.id === currentId || undefined}
                data-testid="event-row"
                style={{ gridTemplateColumns: template }}
                onClick={() => {
                  if (window.getSelection()?.toString()) return;
                  setCurrentId(row.id);
                  toggle(row.id);
                }}
              >
                <span role="cell">
                  <button
                    type="button"
                    className={classes.expander}
                    aria-expanded={open}
                    aria-label="Details"
                    onClick={(click) => {
                      click.stopPropagation();
                      setCurrentId(row.id);
                      toggle(row.id);
                    }}
                  >
                    <IconChevronRight size={13} aria-hidden="true" data-open={open || undefined} />
                  </button>
                </span>
                <span role="cell" className={classes.time}>
                  <RowTime iso={fieldText(event, '@timestamp')} />
                </span>
                <span role="cell">
                  <SeverityMark level={Number(fieldOf(event, 'event.severity') ?? 0)} compact />
                </span>
                {row.getAllCells().map((cell) => (
                  <span key={cell.id} role="cell" className={LONG.has(cell.column.id) ? classes.long : undefined}>
                    <table.FlexRender cell={cell} />
                  </span>
                ))}
              </div>
              {open && (
                <div role="row">
                  <div role="cell">
                    <EventDetail event={event} />
                  </div>
                </div>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
