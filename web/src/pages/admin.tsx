import { Tabs } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { KeysPanel } from '../features/admin/components/keys-panel.tsx';
import { UsersPanel } from '../features/admin/components/users-panel.tsx';
import type { AdminTab } from '../features/admin/search.ts';
import { useAllowed } from '../lib/session.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

export function AdminPage() {
  const { tab = 'users' } = useSearch({ from: '/frame/admin' });
  const navigate = useNavigate();
  const allowed = useAllowed('admin');
  if (!allowed)
    return (
      <Page title="Admin">
        <EmptyState title="For administrators only" icon={<IconLock size={28} stroke={1.5} />}>
          Ask an administrator for the role, or to make what you need.
        </EmptyState>
      </Page>
    );
  return (
    <Page title="Admin">
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({
            to: '/admin',
            search: (previous) => ({ ...previous, tab: (next ?? 'users') as AdminTab }),
            replace: true,
          })
        }
      >
        <Tabs.List>
          <Tabs.Tab value="users">Users</Tabs.Tab>
          <Tabs.Tab value="keys">API keys</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users" pt={12}>
          <UsersPanel />
        </Tabs.Panel>
        <Tabs.Panel value="keys" pt={12}>
          <KeysPanel />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
