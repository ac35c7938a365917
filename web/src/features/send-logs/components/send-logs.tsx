/** How to send logs, with commands to paste; also what an empty console shows first. */
import { Button, Tabs } from '@mantine/core';
import { IconCheck, IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useAllowed } from '../../../lib/session.ts';
import { CommandBlock } from '../../../ui/command-block.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { createIngestKey } from '../api/ingest-key.ts';
import { useInputs } from '../api/inputs.ts';
import { KEY_PLACEHOLDER, sendCommands, syslogAddress, tryItCommand } from '../commands.ts';
import classes from './send-logs.module.css';

export function SendLogs({ firstTime = false }: { firstTime?: boolean }) {
  const [key, setKey] = useState<string>();
  const inputs = useInputs();
  const syslog = syslogAddress(inputs.data ?? [], window.location.hostname);
  const commands = sendCommands({ url: window.location.origin, key, syslog });
  return (
    <div className={classes.guide}>
      {firstTime && (
        <div>
          <h2 className={classes.lead}>No events yet. Send some.</h2>
          <p className={classes.text}>
            Paste one of these commands into a terminal. Events show up here within seconds, and the rules watch them
            from the first one.
          </p>
        </div>
      )}
      <section className={classes.section} aria-label="Try it">
        <h2 className={classes.heading}>See an alert now</h2>
        <p className={classes.text}>
          Ten failed logins from one address: a brute-force alert appears within seconds. Needs no key; the address is
          of a documentation range.
        </p>
        <CommandBlock command={tryItCommand({ syslog })} label="Try it: a brute-force attack" wrap />
      </section>
      <section className={classes.section} aria-label="Send your own logs">
        <h2 className={classes.heading}>Send your own logs</h2>
        <IngestKey value={key} onCreated={setKey} />
        <Tabs defaultValue="http" className={classes.tabs}>
          <Tabs.List>
            {commands.map(({ id, title }) => (
              <Tabs.Tab key={id} value={id}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {commands.map(({ id, title, about, command }) => (
            <Tabs.Panel key={id} value={id} pt={10}>
              <p className={classes.text}>{about}</p>
              <CommandBlock command={command} label={`Send logs by ${title}`} wrap />
            </Tabs.Panel>
          ))}
        </Tabs>
      </section>
    </div>
  );
}

function IngestKey({ value, onCreated }: { value: string | undefined; onCreated: (key: string) => void }) {
  const allowed = useAllowed('admin');
  const creation = useMutation({ mutationFn: createIngestKey, onSuccess: onCreated });
  if (value !== undefined)
    return (
      <p className={classes.key} role="status" data-testid="ingest-key">
        <IconCheck size={15} aria-hidden="true" /> The key is filled in below. It is shown this once; it may send logs
        and nothing else.
      </p>
    );
  if (!allowed)
    return (
      <p className={classes.text}>
        Commands with <code>{KEY_PLACEHOLDER}</code> need an ingest key. Ask an administrator for one.
      </p>
    );
  return (
    <>
      <div className={classes.key}>
        <Button leftSection={<IconKey size={14} />} loading={creation.isPending} onClick={() => creation.mutate()}>
          Create a key and fill it in
        </Button>
        <span className={classes.text}>HTTP, files and rsyslog need an ingest key.</span>
      </div>
      {creation.error && <ErrorState inline error={creation.error} />}
    </>
  );
}
