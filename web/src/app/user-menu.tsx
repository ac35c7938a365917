import { ActionIcon, Menu } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { signOut, useUser } from '../lib/session.ts';

export function UserMenu() {
  const user = useUser();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    // Whatever the server says, this browser forgets the session's data.
    await signOut().catch(() => undefined);
    await navigate({ to: '/sign-in', search: {} });
    client.clear();
  };
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <ActionIcon aria-label={`Account: ${user.username}`} data-testid="user-menu">
          <IconUser size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.username} · {user.role}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
