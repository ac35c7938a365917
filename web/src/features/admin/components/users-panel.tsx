/** Users: who may sign in, and as what. */
import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { passwordSchema, ROLES, usernameSchema, type Role, type User } from '@vedette/contracts';
import { useState } from 'react';
import { useUser } from '../../../lib/session.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Ago } from '../../../ui/time.tsx';
import { useChangeUser, useCreateUser, useUsers } from '../api/users.ts';
import classes from './admin.module.css';

export function UsersPanel() {
  const users = useUsers();
  const change = useChangeUser();
  const me = useUser();
  const [creating, setCreating] = useState(false);
  return (
    <Panel title="Users" flush actions={<Button onClick={() => setCreating(true)}>Add a user</Button>}>
      {change.error && <ErrorState inline error={change.error} />}
      <Loaded query={users}>
        {(items) => (
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">User</th>
                <th scope="col">Role</th>
                <th scope="col">State</th>
                <th scope="col">Last sign-in</th>
                <th scope="col">
                  <span className={classes.hidden}>Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((user) => (
                <UserRow
                  key={user.id}
                  user={user}
                  own={user.id === me.id}
                  busy={change.isPending}
                  onChange={(patch) => change.mutate({ id: user.id, patch })}
                />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {creating && <NewUser onClose={() => setCreating(false)} />}
    </Panel>
  );
}

interface UserRowProps {
  user: User;
  /** Nobody changes their own role or locks themselves out. */
  own: boolean;
  busy: boolean;
  onChange: (patch: { role?: Role; active?: boolean }) => void;
}

function UserRow({ user, own, busy, onChange }: UserRowProps) {
  return (
    <tr data-testid="user-row">
      <th scope="row">
        {user.username}
        {own && <span className={classes.dim}> (you)</span>}
      </th>
      <td>
        <NativeSelect
          aria-label={`Role of ${user.username}`}
          w={120}
          disabled={own || busy}
          value={user.role}
          data={[...ROLES]}
          onChange={(event) => onChange({ role: event.currentTarget.value as Role })}
        />
      </td>
      <td>{user.active ? 'active' : 'deactivated'}</td>
      <td>{user.lastLoginAt === null ? <span className={classes.dim}>never</span> : <Ago iso={user.lastLoginAt} />}</td>
      <td className={classes.end}>
        {!own && (
          <Button variant="default" disabled={busy} onClick={() => onChange({ active: !user.active })}>
            {user.active ? 'Deactivate' : 'Activate'}
          </Button>
        )}
      </td>
    </tr>
  );
}

function NewUser({ onClose }: { onClose: () => void }) {
  const creation = useCreateUser();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  const [tried, setTried] = useState(false);
  const name = usernameSchema.safeParse(username);
  const secret = passwordSchema.safeParse(password);
  return (
    <Dialog title="Add a user" size={400} onClose={onClose}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (name.success && secret.success) creation.mutate({ username, password, role }, { onSuccess: onClose });
        }}
      >
        <TextInput
          label="User name"
          autoComplete="off"
          data-autofocus
          value={username}
          error={tried && name.error?.issues[0]?.message}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          description="At least 12 characters"
          value={password}
          error={tried && secret.error?.issues[0]?.message}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <NativeSelect
          label="Role"
          description="Viewers read; analysts work on alerts; engineers change rules and sources; admins do all"
          value={role}
          data={[...ROLES]}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
        />
        {creation.error && <ErrorState inline error={creation.error} />}
        <div className={classes.formActions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={creation.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
