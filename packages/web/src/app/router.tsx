import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { LoopPage } from '../pages/loop/loop-page.js';
import { WelcomePage } from '../pages/welcome/welcome-page.js';
import { Failed, NotFound } from './not-found.js';
import { ProjectShell } from './shell.js';

type Search = Record<string, unknown>;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
const whole = (value: unknown): number | undefined => {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
};
/** Only what is set appears in the address. */
function given<T extends object>(search: T): Partial<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** `archived`: what was put away is shown too. */
const archivedToo = (search: Search) => given({ archived: search['archived'] === true ? true : undefined });

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failed });

const welcome = createRoute({ getParentRoute: () => root, path: '/', component: WelcomePage });

const newProject = createRoute({
  getParentRoute: () => root,
  path: '/new',
  component: lazyRouteComponent(() => import('../pages/new/new-page.js'), 'NewPage'),
  /** `draft`: the file that was given, to go on with it. */
  validateSearch: (search: Search) => given({ draft: text(search['draft']) }),
});

const project = createRoute({ getParentRoute: () => root, path: '/p/$project', component: ProjectShell });

const loop = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: LoopPage,
  /** `at`: show the state as of this decision. `show=all`: the timeline with details. */
  validateSearch: (search: Search) =>
    given({ at: whole(search['at']), show: search['show'] === 'all' ? ('all' as const) : undefined }),
});

const today = createRoute({
  getParentRoute: () => project,
  path: '/today',
  component: lazyRouteComponent(() => import('../pages/today/today-page.js'), 'TodayPage'),
});

const data = createRoute({
  getParentRoute: () => project,
  path: '/data',
  component: lazyRouteComponent(() => import('../pages/data/data-page.js'), 'DataPage'),
  validateSearch: archivedToo,
});
const history = createRoute({
  getParentRoute: () => project,
  path: '/data/$dataset',
  component: lazyRouteComponent(() => import('../pages/data/dataset-page.js'), 'DatasetPage'),
});
const dataset = createRoute({
  getParentRoute: () => project,
  path: '/data/$dataset/$version',
  component: lazyRouteComponent(() => import('../pages/data/version-page.js'), 'VersionPage'),
});

const runs = createRoute({
  getParentRoute: () => project,
  path: '/runs',
  component: lazyRouteComponent(() => import('../pages/runs/runs-page.js'), 'RunsPage'),
  validateSearch: archivedToo,
});
const run = createRoute({
  getParentRoute: () => project,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('../pages/runs/run-page.js'), 'RunPage'),
});
const model = createRoute({
  getParentRoute: () => project,
  path: '/models/$model',
  component: lazyRouteComponent(() => import('../pages/runs/model-page.js'), 'ModelPage'),
});

const endpoints = createRoute({
  getParentRoute: () => project,
  path: '/endpoint',
  component: lazyRouteComponent(() => import('../pages/endpoint/endpoint-page.js'), 'EndpointIndex'),
});
const endpoint = createRoute({
  getParentRoute: () => project,
  path: '/endpoint/$endpoint',
  component: lazyRouteComponent(() => import('../pages/endpoint/endpoint-page.js'), 'EndpointPage'),
  validateSearch: (search: Search) => given({ rollout: text(search['rollout']) }),
});

const monitorsIndex = createRoute({
  getParentRoute: () => project,
  path: '/monitors',
  component: lazyRouteComponent(() => import('../pages/monitors/monitors-page.js'), 'MonitorsIndex'),
});
const monitors = createRoute({
  getParentRoute: () => project,
  path: '/monitors/$endpoint',
  component: lazyRouteComponent(() => import('../pages/monitors/monitors-page.js'), 'MonitorsPage'),
  validateSearch: (search: Search) => given({ feature: text(search['feature']) }),
});

const quality = createRoute({
  getParentRoute: () => project,
  path: '/monitors/$endpoint/quality',
  component: lazyRouteComponent(() => import('../pages/quality/quality-page.js'), 'QualityPage'),
  validateSearch: (search: Search) => given({ metric: text(search['metric']) }),
});
const fairness = createRoute({
  getParentRoute: () => project,
  path: '/monitors/$endpoint/fairness',
  component: lazyRouteComponent(() => import('../pages/fairness/fairness-page.js'), 'FairnessPage'),
  validateSearch: (search: Search) => given({ attribute: text(search['attribute']) }),
});
const edgeCases = createRoute({
  getParentRoute: () => project,
  path: '/monitors/$endpoint/edge-cases',
  component: lazyRouteComponent(() => import('../pages/edge-cases/edge-cases-page.js'), 'EdgeCasesPage'),
  /** `case`: the request that is open. `reason`: only those that are strange for it. */
  validateSearch: (search: Search) => given({ case: text(search['case']), reason: text(search['reason']) }),
});

const decisions = createRoute({
  getParentRoute: () => project,
  path: '/decisions',
  component: lazyRouteComponent(() => import('../pages/decisions/decisions-page.js'), 'DecisionsPage'),
  validateSearch: (search: Search) =>
    given({
      q: text(search['q']),
      kind: text(search['kind']),
      cols: text(search['cols']),
      seq: whole(search['seq']),
    }),
});

const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: lazyRouteComponent(() => import('../pages/settings/settings-page.js'), 'SettingsPage'),
  validateSearch: (search: Search) =>
    given({ channel: text(search['channel']), state: text(search['state']) }),
});

export const router = createRouter({
  routeTree: root.addChildren([
    welcome,
    newProject,
    project.addChildren([
      loop,
      today,
      data,
      history,
      dataset,
      runs,
      run,
      model,
      endpoints,
      endpoint,
      monitorsIndex,
      monitors,
      quality,
      fairness,
      edgeCases,
      decisions,
      settings,
    ]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
