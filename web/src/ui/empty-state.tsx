/** What would be here, and how to get it. */
import type { ReactNode } from 'react';
import classes from './states.module.css';

interface EmptyStateProps {
  title: string;
  icon?: ReactNode;
  /** What to do next: links and buttons. */
  actions?: ReactNode;
  children?: ReactNode;
}

export function EmptyState({ title, icon, actions, children }: EmptyStateProps) {
  return (
    <div className={classes.state} data-testid="empty-state">
      {icon !== undefined && (
        <div className={classes.icon} aria-hidden="true">
          {icon}
        </div>
      )}
      <p className={classes.title}>{title}</p>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
