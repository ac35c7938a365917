/** The frame of every page behind the session: navigation, global filters, live state, palette, help. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHelp, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useLiveConnection } from '../lib/live.ts';
import { useCommandKey, useShortcuts } from '../lib/use-shortcuts.ts';
import { refreshRange } from '../lib/use-range.ts';
import { ValueMenuProvider } from '../ui/value.tsx';
import { AlertToasts } from './alert-toasts.tsx';
import classes from './frame.module.css';
import { LanePicker } from './lane-picker.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { PAGES } from './navigation.ts';
import { NavigationBar } from './navigation-bar.tsx';
import { RangePicker } from './range-picker.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { UserMenu } from './user-menu.tsx';

const PAGES_AHEAD_MS = 1500;

const CommandPalette = lazy(() =>
  import('./command-palette.tsx').then((module) => ({ default: module.CommandPalette })),
);
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((module) => ({ default: module.HelpDialog })));

export function Frame() {
  useLiveConnection();
  const [palette, setPalette] = useState(false);
  const [help, helpControls] = useDisclosure(false);
  usePagesAhead();
  useCommandKey('k', () => setPalette(true));
  const client = useQueryClient();
  const refresh = () => {
    refreshRange();
    // Lists keep what is on screen while they load anew, page by page.
    void client.invalidateQueries({ refetchType: 'active' });
  };
  useShortcuts({ '?': helpControls.open, '/': () => focusSearch() || setPalette(true) });
  return (
    <ValueMenuProvider>
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <div className={classes.frame}>
        <NavigationBar />
        <header className={classes.top}>
          <button type="button" className={classes.jump} onClick={() => setPalette(true)}>
            <IconSearch size={14} aria-hidden="true" />
            <span>Jump to a page, address, user, alert…</span>
            <kbd>Ctrl K</kbd>
          </button>
          <LiveIndicator />
          <div className={classes.controls}>
            <LanePicker />
            <RangePicker />
            <Tooltip label="Refresh">
              <ActionIcon aria-label="Refresh" onClick={refresh}>
                <IconRefresh size={16} />
              </ActionIcon>
            </Tooltip>
            <ThemeToggle />
            <Tooltip label="Keyboard help (?)">
              <ActionIcon aria-label="Keyboard help" onClick={helpControls.open}>
                <IconHelp size={17} />
              </ActionIcon>
            </Tooltip>
            <UserMenu />
          </div>
        </header>
        <main id="main" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <AlertToasts />
      <Suspense>
        {palette && <CommandPalette onClose={() => setPalette(false)} />}
        {help && <HelpDialog onClose={helpControls.close} />}
      </Suspense>
    </ValueMenuProvider>
  );
}

/** Loads the code of the other pages once the first one has settled, so that going there is instant. */
function usePagesAhead(): void {
  const router = useRouter();
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const { to } of PAGES) void router.loadRouteChunk(router.routesByPath[to]);
    }, PAGES_AHEAD_MS);
    return () => clearTimeout(timer);
  }, [router]);
}

/** Moves the focus to the page's own search field, if it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('[data-page-search]');
  field?.focus();
  return field !== null;
}
