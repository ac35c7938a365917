/** API keys: made here, shown once, revoked at once. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { SCOPES, type ApiKey, type Scope } from '@vedette/contracts';
import { useState } from 'react';
import { CommandBlock } from '../../../ui/command-block.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Ago } from '../../../ui/time.tsx';
import { useCreateKey, useKeys, useRevokeKey } from '../api/keys.ts';
import classes from './admin.module.css';

const ABOUT: Readonly<Record<Scope, string>> = {
  ingest: 'send logs',
  read: 'search events and alerts',
  write: 'change alerts and rules',
  simulate: 'run exercises',
  admin: 'everything, users and keys too',
};

export function KeysPanel() {
  const keys = useKeys();
  const revocation = useRevokeKey();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  return (
    <Panel title="API keys" flush actions={<Button onClick={() => setCreating(true)}>Create a key</Button>}>
      {revocation.error && <ErrorState inline error={revocation.error} />}
      <Loaded query={keys}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No keys yet">Programs that send logs or use the API need one.</EmptyState>
          ) : (
            <KeyTable keys={items} onRevoke={setRevoking} />
          )
        }
      </Loaded>
      {creating && <NewKey onClose={() => setCreating(false)} />}
      {revoking && (
        <Dialog title={`Revoke the key ${revoking.name}?`} size={400} onClose={() => setRevoking(undefined)}>
          <p className={classes.text}>Programs that use it are refused from now on. This cannot be undone.</p>
          <div className={classes.formActions}>
            <Button variant="default" data-autofocus onClick={() => setRevoking(undefined)}>
              Keep it
            </Button>
            <Button
              color="red"
              onClick={() => {
                revocation.mutate(revoking.id);
                setRevoking(undefined);
              }}
            >
              Revoke
            </Button>
          </div>
        </Dialog>
      )}
    </Panel>
  );
}

function KeyTable({ keys, onRevoke }: { keys: readonly ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Begins with</th>
          <th scope="col">May</th>
          <th scope="col">Created</th>
          <th scope="col">Last used</th>
          <th scope="col">
            <span className={classes.hidden}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id} data-testid="key-row" data-revoked={key.revokedAt !== null || undefined}>
            <th scope="row">{key.name}</th>
            <td className={classes.mono}>{key.prefix}…</td>
            <td>{key.scopes.join(', ')}</td>
            <td>
              <Ago iso={key.createdAt} />
            </td>
            <td>
              {key.lastUsedAt === null ? <span className={classes.dim}>never</span> : <Ago iso={key.lastUsedAt} />}
            </td>
            <td className={classes.end}>
              {key.revokedAt === null ? (
                <Button variant="default" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
                  Revoke
                </Button>
              ) : (
                <span className={classes.dim}>
                  revoked <Ago iso={key.revokedAt} />
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NewKey({ onClose }: { onClose: () => void }) {
  const creation = useCreateKey();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['ingest']);
  if (creation.data)
    return (
      <Dialog title="Your new key" size={480} sticky onClose={onClose}>
        <div className={classes.form} data-testid="created-key">
          <p className={classes.text}>Copy it now: it is shown this once and cannot be read again.</p>
          <CommandBlock command={creation.data.key} label="API key" wrap />
          <div className={classes.formActions}>
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      </Dialog>
    );
  const ready = name.trim() !== '' && scopes.length > 0;
  return (
    <Dialog title="Create a key" size={400} onClose={onClose}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) creation.mutate({ name: name.trim(), scopes: scopes as Scope[] });
        }}
      >
        <TextInput
          label="Name"
          description="What will use it"
          data-autofocus
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
          <div className={classes.scopes}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={`${scope}: ${ABOUT[scope]}`} />
            ))}
          </div>
        </Checkbox.Group>
        {creation.error && <ErrorState inline error={creation.error} />}
        <div className={classes.formActions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!ready} loading={creation.isPending}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
