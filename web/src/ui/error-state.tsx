/** A failure: what happened, what to do, and the id that the server's log knows it by. */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { explainError } from '../lib/api.ts';
import classes from './states.module.css';

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
  /** One line above data that is still shown, instead of the whole space. */
  inline?: boolean;
}

export function ErrorState({ error, onRetry, inline = false }: ErrorStateProps) {
  const { title, message, requestId } = explainError(error);
  const retry = onRetry && (
    <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
      Try again
    </Button>
  );
  if (inline)
    return (
      <div className={classes.banner} role="alert">
        <IconAlertTriangle size={15} aria-hidden="true" />
        <span>
          <strong>{title}.</strong> {message}
        </span>
        {retry}
      </div>
    );
  return (
    <div className={classes.state} role="alert">
      <div className={classes.icon} aria-hidden="true">
        <IconAlertTriangle size={26} stroke={1.5} />
      </div>
      <p className={classes.title}>{title}</p>
      <div className={classes.text}>
        {message}
        {requestId !== '' && <div className={classes.request}>Request {requestId}</div>}
      </div>
      {retry && <div className={classes.actions}>{retry}</div>}
    </div>
  );
}
