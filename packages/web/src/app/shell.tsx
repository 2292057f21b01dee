import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { statusQuery } from '../live/queries.js';
import { useLiveEvents } from '../live/use-live-events.js';
import { Time } from '../parts/time.js';
import { Connection } from './connection.js';
import { useProject } from './project.js';
import { ProjectSwitcher } from './project-switcher.js';
import { ThemeSwitch } from './theme-switch.js';

const ROOMS = [
  ['/p/$project/today', 'Today'],
  ['/p/$project', 'Loop'],
  ['/p/$project/data', 'Data'],
  ['/p/$project/runs', 'Runs'],
  ['/p/$project/endpoint', 'Endpoint'],
  ['/p/$project/monitors', 'Monitors'],
  ['/p/$project/decisions', 'Decisions'],
  ['/p/$project/settings', 'Settings'],
] as const;

export function ProjectShell() {
  const project = useProject();
  const connection = useLiveEvents(project);
  return (
    <>
      <a href="#page" className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:bg-page focus:p-2">
        Skip to the page
      </a>
      <header className="sticky top-0 z-10 border-b border-line bg-page">
        <div className="mx-auto flex max-w-[1360px] flex-wrap items-center gap-x-4 px-4">
          <Link to="/p/$project" params={{ project }} aria-label="Twinloop, front page" className="py-2.5">
            <Logo />
          </Link>
          <ProjectSwitcher project={project} />
          <nav
            aria-label="Rooms"
            className="order-last -mx-4 w-screen overflow-x-auto px-4 md:order-none md:mx-0 md:w-auto md:px-0"
          >
            <ul className="flex gap-1">
              {ROOMS.map(([to, name]) => (
                <li key={to}>
                  <Link
                    to={to}
                    params={{ project }}
                    activeOptions={{ exact: to === '/p/$project', includeSearch: false }}
                    className="block border-b-2 border-transparent px-2 pt-2.5 pb-2 text-soft hover:text-ink focus-visible:-outline-offset-2 aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink"
                  >
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <div className="ml-auto flex items-center gap-3 text-xs text-soft">
            <DomainTime project={project} />
            <Connection state={connection} />
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <main id="page" className="mx-auto max-w-[1360px] px-4 pt-5 pb-16">
        <Outlet />
      </main>
    </>
  );
}

export function Logo() {
  return (
    <svg width="28" height="16" viewBox="0 0 28 16" aria-hidden="true" className="block text-accent">
      <path
        d="M14 8C11.5 3.7 9.7 2 7 2a6 6 0 0 0 0 12c2.7 0 4.5-1.7 7-6s4.3-6 7-6a6 6 0 0 1 0 12c-2.700 0-4.500-1.700-7-6Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The loop's own time, when it is not the wall's. */
function DomainTime({ project }: { project: string }) {
  const { data } = useQuery(statusQuery(project));
  if (data === undefined || !data.virtual) return null;
  return (
    <span className="hidden whitespace-nowrap sm:inline">
      Virtual time <Time at={data.now} form="dayYear" />
    </span>
  );
}
