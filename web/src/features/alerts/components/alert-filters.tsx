/** The list's filters; each lives in the URL. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { SEVERITIES, SEVERITY_FLOOR, STATUSES, type Status } from '@vedette/contracts';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { displayText } from '../../../lib/log-text.ts';
import { severityName } from '../../../ui/severity.tsx';
import { statusName } from '../../../ui/status.tsx';
import type { AlertFilters } from '../search.ts';
import classes from './alert-detail.module.css';

interface FilterBarProps {
  filters: AlertFilters;
  onChange: (filters: AlertFilters) => void;
}

const CHIPS = ['rule', 'user', 'ip', 'host'] as const;
const CHIP_NAMES = { rule: 'Rule', user: 'User', ip: 'Address', host: 'Host' } as const;

export function AlertFilterBar({ filters, onChange }: FilterBarProps) {
  const set = (change: AlertFilters) => onChange({ ...filters, ...change });
  return (
    <>
      <SearchField key={filters.q ?? ''} value={filters.q ?? ''} onSubmit={(q) => set({ q: q || undefined })} />
      <NativeSelect
        aria-label="Status"
        value={filters.status ?? ''}
        onChange={(event) => set({ status: (event.currentTarget.value || undefined) as Status | undefined })}
        data={[{ value: '', label: 'Any status' }, ...STATUSES.map((value) => ({ value, label: statusName(value) }))]}
      />
      <NativeSelect
        aria-label="Least severity"
        value={filters.minLevel ?? ''}
        onChange={(event) =>
          set({ minLevel: event.currentTarget.value ? Number(event.currentTarget.value) : undefined })
        }
        data={levelChoices(filters.minLevel)}
      />
      {CHIPS.map((name) => {
        const value = filters[name];
        return (
          value !== undefined && (
            <Button
              key={name}
              variant="light"
              rightSection={<IconX size={12} />}
              aria-label={`Remove the filter ${CHIP_NAMES[name]}: ${displayText(value)}`}
              onClick={() => set({ [name]: undefined })}
            >
              {CHIP_NAMES[name]}: {displayText(value)}
            </Button>
          )
        );
      })}
      {Object.values(filters).some((value) => value !== undefined) && (
        <Button variant="subtle" color="gray" onClick={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </>
  );
}

/** The five steps, and a level between them when the URL names one. */
function levelChoices(chosen: number | undefined) {
  const steps = SEVERITIES.slice(1).map((severity) => ({
    value: String(SEVERITY_FLOOR[severity]),
    label: severity === 'critical' ? 'Critical only' : `${severityName(severity)} and above`,
  }));
  const known = chosen === undefined || steps.some((step) => step.value === String(chosen));
  const own = known ? [] : [{ value: String(chosen), label: `Level ${chosen} and above` }];
  return [{ value: '', label: 'Any severity' }, ...steps, ...own];
}

function SearchField({ value, onSubmit }: { value: string; onSubmit: (text: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <form
      className={classes.search}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(text.trim());
      }}
    >
      <TextInput
        aria-label="Search alerts"
        placeholder="Title, summary or entity"
        data-page-search
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => text.trim() !== value && onSubmit(text.trim())}
      />
    </form>
  );
}
