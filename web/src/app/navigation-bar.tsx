/** The left navigation; folds to icons, remembered on this machine. */
import { Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { roleAllows, useUser } from '../lib/session.ts';
import classes from './frame.module.css';
import { Logo } from './logo.tsx';
import { PAGES } from './navigation.ts';

export function NavigationBar() {
  const [narrow, setNarrow] = useLocalStorage({ key: 'vedette.nav.narrow', defaultValue: false });
  const { role } = useUser();
  const FoldIcon = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={classes.nav} data-narrow={narrow || undefined} aria-label="Pages">
      <Link to="/" className={classes.brand} aria-label="Vedette, overview">
        <Logo size={22} />
        {!narrow && <span>Vedette</span>}
      </Link>
      {PAGES.filter((page) => roleAllows(role, page.role)).map(({ to, label, icon: Icon }) => (
        <Tooltip key={to} label={label} position="right" disabled={!narrow}>
          <Link
            to={to}
            className={classes.link}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            aria-label={label}
          >
            <Icon size={17} stroke={1.7} aria-hidden="true" />
            {!narrow && <span>{label}</span>}
          </Link>
        </Tooltip>
      ))}
      <button
        type="button"
        className={`${classes.link} ${classes.collapse}`}
        aria-label={narrow ? 'Widen the navigation' : 'Fold the navigation'}
        onClick={() => setNarrow(!narrow)}
      >
        <FoldIcon size={17} stroke={1.7} aria-hidden="true" />
        {!narrow && <span>Fold</span>}
      </button>
    </nav>
  );
}
