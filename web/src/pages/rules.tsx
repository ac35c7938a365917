import { NativeSelect, TextInput } from '@mantine/core';
import { SEVERITIES, type Severity } from '@vedette/contracts';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { RuleDesk } from '../features/rules/components/rule-desk.tsx';
import type { RuleSearch } from '../features/rules/search.ts';
import { ownSearch } from '../lib/url.ts';
import { Page } from '../ui/page.tsx';
import { severityName } from '../ui/severity.tsx';

export function RulesPage() {
  const search = ownSearch(useSearch({ from: '/frame/rules' }));
  const navigate = useNavigate();
  const set = useCallback(
    (change: RuleSearch) =>
      void navigate({ to: '/rules', search: (previous) => ({ ...previous, ...change }), replace: true }),
    [navigate],
  );
  return (
    <Page
      title="Rules"
      filled
      actions={
        <>
          <TextInput
            w={260}
            aria-label="Search rules"
            placeholder="Title, technique, log source"
            data-page-search
            leftSection={<IconSearch size={14} />}
            value={search.text ?? ''}
            onChange={(event) => set({ text: event.currentTarget.value || undefined })}
          />
          <NativeSelect
            aria-label="Severity"
            value={search.severity ?? ''}
            onChange={(event) => set({ severity: (event.currentTarget.value || undefined) as Severity | undefined })}
            data={[
              { value: '', label: 'Any severity' },
              ...SEVERITIES.map((value) => ({ value, label: severityName(value) })),
            ]}
          />
        </>
      }
    >
      <RuleDesk search={search} onOpen={(id) => set({ id })} />
    </Page>
  );
}
