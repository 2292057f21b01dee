import { Link } from '@tanstack/react-router';

const LOOKS = [
  ['/p/$project/monitors/$endpoint', 'Drift'],
  ['/p/$project/monitors/$endpoint/quality', 'Quality'],
  ['/p/$project/monitors/$endpoint/fairness', 'Fairness'],
  ['/p/$project/monitors/$endpoint/edge-cases', 'Edge cases'],
] as const;

/** The four looks at an endpoint: what changed, how good, how fair, how strange. */
export function MonitorTabs({ project, endpoint }: { project: string; endpoint: string }) {
  return (
    <nav aria-label={`Looks at ${endpoint}`} className="-mt-1 mb-5 overflow-x-auto">
      <ul className="flex gap-1">
        {LOOKS.map(([to, name]) => (
          <li key={to}>
            <Link
              to={to}
              params={{ project, endpoint }}
              activeOptions={{ exact: true, includeSearch: false }}
              className="button whitespace-nowrap aria-[current=page]:border-accent aria-[current=page]:bg-accent-wash aria-[current=page]:text-accent"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
