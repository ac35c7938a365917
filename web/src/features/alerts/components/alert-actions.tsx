/** The buttons of an alert, with their keys. */
import { Button } from '@mantine/core';
import type { Action } from '../transitions.ts';
import classes from './alert-detail.module.css';

interface AlertActionsProps {
  actions: readonly Action[];
  disabled: boolean;
  onAction: (action: Action) => void;
}

export function AlertActions({ actions, disabled, onAction }: AlertActionsProps) {
  return actions.map((action, index) => (
    <Button
      key={action.key}
      variant={index === 0 ? 'filled' : 'default'}
      disabled={disabled}
      rightSection={<kbd className={classes.key}>{action.key}</kbd>}
      onClick={() => onAction(action)}
    >
      {action.label}
    </Button>
  ));
}
