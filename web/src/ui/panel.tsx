/** A titled part of a page. */
import type { ReactNode } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  title: string;
  /** One quiet line beside the title. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Content without inner padding, for tables. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, note, actions, flush = false, className, children }: PanelProps) {
  return (
    <section className={[classes.panel, className].filter(Boolean).join(' ')} aria-label={title}>
      <header className={classes.header}>
        <h2 className={classes.title}>{title}</h2>
        {note !== undefined && <span className={classes.note}>{note}</span>}
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
