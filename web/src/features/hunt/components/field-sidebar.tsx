/** The fields that the matching events have, with their top values: click to filter in or out, or to make a column. */
import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import type { FieldSummaries } from '@vedette/contracts';
import { IconChevronRight, IconColumnInsertRight, IconColumnRemove, IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount, formatShort } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import classes from './field-sidebar.module.css';

interface FieldSidebarProps {
  summaries: FieldSummaries;
  columns: readonly string[];
  onFilter: (field: string, value: string, exclude: boolean) => void;
  onToggleColumn: (field: string) => void;
}

const OPEN_AT_FIRST = new Set(['vedette.source_type', 'event.action', 'user.name', 'source.ip']);

export function FieldSidebar({ summaries, columns, onFilter, onToggleColumn }: FieldSidebarProps) {
  const [wanted, setWanted] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const toggle = (field: string) =>
    setToggled((previous) => {
      const next = new Set(previous);
      if (!next.delete(field)) next.add(field);
      return next;
    });
  const shown = summaries.fields.filter(
    ({ field, present }) => present > 0 && field.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <div className={classes.sidebar} data-testid="field-sidebar">
      <TextInput
        aria-label="Find a field"
        placeholder="Find a field"
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <ul className={classes.fields}>
        {shown.map((summary) => {
          const { field } = summary;
          const open = OPEN_AT_FIRST.has(field) !== toggled.has(field);
          const column = columns.includes(field);
          const label = column ? `Remove the column ${field}` : `Show ${field} as a column`;
          return (
            <li key={field}>
              <div className={classes.field}>
                <button type="button" className={classes.name} aria-expanded={open} onClick={() => toggle(field)}>
                  <IconChevronRight size={13} aria-hidden="true" data-open={open || undefined} />
                  <span>{displayText(field)}</span>
                </button>
                <span className={classes.count} title={`${formatCount(summary.present)} events`}>
                  {formatShort(summary.present)}
                </span>
                <Tooltip label={column ? 'Remove the column' : 'Show as a column'}>
                  <ActionIcon size={24} aria-label={label} onClick={() => onToggleColumn(field)}>
                    {column ? <IconColumnRemove size={14} /> : <IconColumnInsertRight size={14} />}
                  </ActionIcon>
                </Tooltip>
              </div>
              {open && <TopValues summary={summary} onFilter={onFilter} />}
            </li>
          );
        })}
      </ul>
      {summaries.sampled && <p className={classes.note}>Counts are of a sample of the newest events.</p>}
    </div>
  );
}

interface TopValuesProps {
  summary: FieldSummaries['fields'][number];
  onFilter: FieldSidebarProps['onFilter'];
}

function TopValues({ summary: { field, present, values }, onFilter }: TopValuesProps) {
  return (
    <ul className={classes.values}>
      {values.map(({ value, count }) => {
        const shown = displayText(value);
        return (
          <li key={value} className={classes.value}>
            <span
              className={classes.share}
              style={{ width: `${Math.min(100, (count / Math.max(1, present)) * 100)}%` }}
              aria-hidden="true"
            />
            <button
              type="button"
              className={classes.text}
              title={`Only ${field}: ${shown}`}
              onClick={() => onFilter(field, value, false)}
            >
              {shown}
            </button>
            <span className={classes.count}>{formatShort(count)}</span>
            <ActionIcon size={24} aria-label={`Only ${field}: ${shown}`} onClick={() => onFilter(field, value, false)}>
              <IconPlus size={12} />
            </ActionIcon>
            <ActionIcon
              size={24}
              aria-label={`Without ${field}: ${shown}`}
              onClick={() => onFilter(field, value, true)}
            >
              <IconMinus size={12} />
            </ActionIcon>
          </li>
        );
      })}
    </ul>
  );
}
