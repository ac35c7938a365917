/** The head of a page: its name (also the tab's), and what it offers. */
import { useEffect, type ReactNode } from 'react';
import classes from './page.module.css';

interface PageProps {
  title: string;
  /** The title is for screen readers and the tab only: the page's first line says where one is. */
  titleHidden?: boolean;
  /** Controls beside the title. */
  actions?: ReactNode;
  /** The page fills the window and scrolls inside. */
  filled?: boolean;
  children: ReactNode;
}

export function Page({ title, titleHidden = false, actions, filled = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Vedette`;
  }, [title]);
  return (
    <div className={filled ? classes.filled : classes.page}>
      <header className={titleHidden ? classes.hidden : classes.header}>
        <h1 className={classes.title}>{title}</h1>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
