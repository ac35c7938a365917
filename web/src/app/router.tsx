/**
 * All routes. Pages load when they are first opened; what their URLs may hold is parsed here, eagerly, by small pure
 * functions. Everything below the frame needs a session.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type SearchMiddleware,
} from '@tanstack/react-router';
import { parseAdminSearch } from '../features/admin/search.ts';
import { parseAlertSearch } from '../features/alerts/search.ts';
import { parseHuntSearch } from '../features/hunt/search.ts';
import { parseFeedSearch } from '../features/live-feed/search.ts';
import { parseOverviewSearch } from '../features/overview/search.ts';
import { parseRuleSearch } from '../features/rules/search.ts';
import { parseSourceSearch } from '../features/sources/search.ts';
import { ApiError, onSignedOut } from '../lib/api.ts';
import { meQuery, setupQuery } from '../lib/session.ts';
import { parseGlobalSearch, parseSearch, pickText, stringifySearch, type GlobalSearch } from '../lib/url.ts';
import { NotFoundPage, RouteErrorPage } from './error-pages.tsx';
import { queryClient } from './query-client.ts';

/** Time range and lane follow the reader from page to page, unless a link sets its own. */
const keepGlobal: SearchMiddleware<GlobalSearch> = ({ search, next }) => {
  const result = next(search);
  return {
    ...(search.range !== undefined && { range: search.range }),
    ...(search.lane !== undefined && { lane: search.lane }),
    ...result,
  };
};

const rootRoute = createRootRoute({ notFoundComponent: NotFoundPage, errorComponent: RouteErrorPage });

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('../pages/setup.tsx'), 'SetupPage'),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = pickText(search, 'next');
    // Only paths of this console: `//host` and `/\host` would leave it.
    return next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {};
  },
  component: lazyRouteComponent(() => import('../pages/sign-in.tsx'), 'SignInPage'),
});

const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  validateSearch: parseGlobalSearch,
  search: { middlewares: [keepGlobal] },
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const { needed } = await queryClient.fetchQuery(setupQuery);
      if (needed) throw redirect({ to: '/setup' });
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import('./frame.tsx'), 'Frame'),
});

const overviewRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  validateSearch: parseOverviewSearch,
  component: lazyRouteComponent(() => import('../pages/overview.tsx'), 'OverviewPage'),
});
const alertsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/alerts',
  validateSearch: parseAlertSearch,
  component: lazyRouteComponent(() => import('../pages/alerts.tsx'), 'AlertsPage'),
});
const liveRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/live',
  validateSearch: parseFeedSearch,
  component: lazyRouteComponent(() => import('../pages/live.tsx'), 'LivePage'),
});
const huntRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/hunt',
  validateSearch: parseHuntSearch,
  component: lazyRouteComponent(() => import('../pages/hunt.tsx'), 'HuntPage'),
});
const pivotRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/pivot',
  validateSearch: (search: Record<string, unknown>): { value?: string } => {
    const value = pickText(search, 'value');
    return value === undefined ? {} : { value: value.slice(0, 1024) };
  },
  component: lazyRouteComponent(() => import('../pages/pivot.tsx'), 'PivotPage'),
});
const rulesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/rules',
  validateSearch: parseRuleSearch,
  component: lazyRouteComponent(() => import('../pages/rules.tsx'), 'RulesPage'),
});
const sourcesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/sources',
  validateSearch: parseSourceSearch,
  component: lazyRouteComponent(() => import('../pages/sources.tsx'), 'SourcesPage'),
});
const sendRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/send',
  component: lazyRouteComponent(() => import('../pages/send.tsx'), 'SendPage'),
});
const adminRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/admin',
  validateSearch: parseAdminSearch,
  component: lazyRouteComponent(() => import('../pages/admin.tsx'), 'AdminPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    setupRoute,
    signInRoute,
    frameRoute.addChildren([
      overviewRoute,
      alertsRoute,
      liveRoute,
      huntRoute,
      pivotRoute,
      rulesRoute,
      sourcesRoute,
      sendRoute,
      adminRoute,
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMinMs: 0,
  scrollRestoration: false,
  defaultErrorComponent: RouteErrorPage,
});

onSignedOut(() => {
  if (queryClient.getQueryData(meQuery.queryKey) === undefined) return;
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
