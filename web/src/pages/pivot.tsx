import { Button, TextInput } from '@mantine/core';
import { IconArrowsSplit2, IconZoomOut } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { PivotView } from '../features/pivot/components/pivot-view.tsx';
import { displayText } from '../lib/log-text.ts';
import { useRange, useSetRange } from '../lib/use-range.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

export function PivotPage() {
  const { value = '', lane } = useSearch({ from: '/frame/pivot' });
  const range = useRange();
  const setRange = useSetRange();
  const navigate = useNavigate();
  const look = (next: string) => void navigate({ to: '/pivot', search: next === '' ? {} : { value: next } });
  return (
    <Page
      title={value === '' ? 'Pivot' : displayText(value)}
      actions={<ValueField key={value} value={value} onSubmit={look} />}
    >
      {value === '' ? (
        <EmptyState title="Follow one value across all sources" icon={<IconArrowsSplit2 size={28} stroke={1.5} />}>
          Type an address, user, host, hash or any other value above, or click one anywhere in the console.
        </EmptyState>
      ) : (
        <PivotView
          value={value}
          range={range}
          lane={lane}
          empty={
            <EmptyState
              title="No event holds this value in this time range"
              actions={
                range.text !== 'all' && (
                  <Button variant="default" leftSection={<IconZoomOut size={14} />} onClick={() => setRange('all')}>
                    Show all time
                  </Button>
                )
              }
            >
              Values are matched as a whole: an address, a user name, a host, a hash.
            </EmptyState>
          }
        />
      )}
    </Page>
  );
}

function ValueField({ value, onSubmit }: { value: string; onSubmit: (value: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(text.trim());
      }}
      style={{ display: 'flex', gap: 8 }}
    >
      <TextInput
        w={320}
        aria-label="Value"
        placeholder="Address, user, host, hash…"
        data-page-search
        maxLength={1024}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit">Look up</Button>
    </form>
  );
}
