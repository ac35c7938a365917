/** The card that set-up and sign-in stand in. */
import { Alert } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { explainError } from '../../../lib/api.ts';
import classes from './access-card.module.css';

interface AccessCardProps {
  title: string;
  logo: ReactNode;
  children: ReactNode;
}

export function AccessCard({ title, logo, children }: AccessCardProps) {
  useEffect(() => {
    document.title = `${title} · Vedette`;
  }, [title]);
  return (
    <main className={classes.screen}>
      <div className={classes.card}>
        <div className={classes.brand}>
          {logo}
          <span>Vedette</span>
        </div>
        <h1 className={classes.title}>{title}</h1>
        {children}
      </div>
    </main>
  );
}

export function AccessError({ error }: { error: unknown }) {
  if (!error) return null;
  const { message } = explainError(error);
  return (
    <Alert color="orange" variant="outline" role="alert" p="8px 12px" fz={12.5}>
      {message}
    </Alert>
  );
}
