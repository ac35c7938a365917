import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Logo } from '../app/logo.tsx';
import { AccessCard } from '../features/access/components/access-card.tsx';
import classes from '../features/access/components/access-card.module.css';
import { SetupForm } from '../features/access/components/setup-form.tsx';
import { tokenOf } from '../features/access/credentials.ts';
import { setupQuery } from '../lib/session.ts';
import { Loaded } from '../ui/loaded.tsx';

export function SetupPage() {
  const setup = useQuery(setupQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  // Read once: the fragment leaves the address bar as soon as the administrator exists.
  const [token] = useState(() => tokenOf(window.location.hash));
  const finish = () => {
    client.clear();
    void navigate({ to: '/', replace: true });
  };
  return (
    <AccessCard title="Set up Vedette" logo={<Logo size={26} />}>
      <Loaded query={setup} lines={3}>
        {({ needed }) => {
          if (!needed) return <Done />;
          if (token === '') return <MissingToken />;
          return (
            <>
              <p className={classes.text}>Create the first administrator. There is no default password.</p>
              <SetupForm token={token} onDone={finish} />
            </>
          );
        }}
      </Loaded>
    </AccessCard>
  );
}

function Done() {
  return (
    <>
      <p className={classes.text}>The first administrator exists already, so this link has done its work.</p>
      <Button size="sm" renderRoot={(props) => <Link to="/sign-in" search={{}} {...props} />}>
        Sign in
      </Button>
    </>
  );
}

function MissingToken() {
  return (
    <p className={classes.text}>
      Open the set-up link that the server printed when it started; it ends in{' '}
      <code className={classes.code}>/setup#token=…</code>. It works once. If it is gone from the screen, restart the
      server and it prints a new one, or create the administrator on the server with{' '}
      <code className={classes.code}>npx vedette user create --role admin</code>.
    </p>
  );
}
