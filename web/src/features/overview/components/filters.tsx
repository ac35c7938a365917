/** The overview's filters; their choices are what the range holds. */
import { Button, NativeSelect } from '@mantine/core';
import { SEVERITIES, type Severity, type Stats } from '@vedette/contracts';
import { displayText } from '../../../lib/log-text.ts';
import { severityName } from '../../../ui/severity.tsx';
import type { OverviewSearch } from '../search.ts';

interface FiltersProps {
  filters: OverviewSearch;
  stats: Stats | undefined;
  onChange: (filters: OverviewSearch) => void;
}

export function OverviewFilters({ filters, stats, onChange }: FiltersProps) {
  const set = (change: OverviewSearch) => onChange({ ...filters, ...change });
  const active = Object.values(filters).some((value) => value !== undefined);
  return (
    <>
      <NativeSelect
        aria-label="Severity"
        value={filters.severity ?? ''}
        onChange={(event) => set({ severity: (event.currentTarget.value || undefined) as Severity | undefined })}
        data={[
          { value: '', label: 'Any severity' },
          ...SEVERITIES.map((value) => ({ value, label: severityName(value) })),
        ]}
      />
      <NativeSelect
        aria-label="Protocol"
        value={filters.protocol ?? ''}
        onChange={(event) => set({ protocol: event.currentTarget.value || undefined })}
        data={[{ value: '', label: 'Any protocol' }, ...choices(stats?.byProtocol, filters.protocol)]}
      />
      <NativeSelect
        aria-label="Source type"
        value={filters.sourceType ?? ''}
        onChange={(event) => set({ sourceType: event.currentTarget.value || undefined })}
        data={[{ value: '', label: 'Any source type' }, ...choices(stats?.bySourceType, filters.sourceType)]}
      />
      {filters.q !== undefined && (
        <Button variant="light" onClick={() => set({ q: undefined })} title="Remove this filter">
          {displayText(filters.q)} ✕
        </Button>
      )}
      {active && (
        <Button variant="subtle" color="gray" onClick={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </>
  );
}

/** What the data offers, with the chosen value even when the data has none of it. */
function choices(rows: Stats['byProtocol'] | undefined, chosen: string | undefined) {
  const values = new Set((rows ?? []).map((row) => row.value).filter((value) => value !== ''));
  if (chosen !== undefined) values.add(chosen);
  return [...values].map((value) => ({ value, label: displayText(value) }));
}
