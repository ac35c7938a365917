import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createAdministrator } from '../api/setup.ts';
import { setupProblems, type SetupForm as Form } from '../credentials.ts';
import { AccessError } from './access-card.tsx';
import classes from './access-card.module.css';

const EMPTY: Form = { username: '', password: '', repeated: '' };

export function SetupForm({ token, onDone }: { token: string; onDone: () => void }) {
  const [form, setForm] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const problems = setupProblems(form);
  const shown = tried ? problems : {};
  const creation = useMutation({
    mutationFn: () => createAdministrator({ token, username: form.username, password: form.password }),
    onSuccess: onDone,
  });
  const set = (field: keyof Form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setForm((previous) => ({ ...previous, [field]: value }));
  };
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(problems).length === 0) creation.mutate();
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
        value={form.username}
        error={shown.username}
        onChange={set('username')}
      />
      <PasswordInput
        size="sm"
        label="Password"
        name="password"
        autoComplete="new-password"
        description="At least 12 characters. A few unrelated words are easy to remember."
        value={form.password}
        error={shown.password}
        onChange={set('password')}
      />
      <PasswordInput
        size="sm"
        label="Repeat the password"
        name="repeated"
        autoComplete="new-password"
        value={form.repeated}
        error={shown.repeated}
        onChange={set('repeated')}
      />
      <AccessError error={creation.error} />
      <Button type="submit" size="sm" loading={creation.isPending}>
        Create administrator
      </Button>
    </form>
  );
}
