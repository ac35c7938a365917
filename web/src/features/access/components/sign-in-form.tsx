import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { signIn } from '../../../lib/session.ts';
import { AccessError } from './access-card.tsx';
import classes from './access-card.module.css';

export function SignInForm({ onDone }: { onDone: () => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({ mutationFn: () => signIn(username, password), onSuccess: onDone });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate();
      }}
    >
      <TextInput
        size="sm"
        label="User name"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        withAsterisk={false}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <PasswordInput
        size="sm"
        label="Password"
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <AccessError error={attempt.error} />
      <Button type="submit" size="sm" loading={attempt.isPending}>
        Sign in
      </Button>
    </form>
  );
}
