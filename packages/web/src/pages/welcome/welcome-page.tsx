import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { Logo } from '../../app/shell.js';
import { projectsQuery } from '../../live/queries.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Loaded } from '../../parts/loaded.js';
import { useTitle } from '../../parts/page.js';

/** The bare address: the project applied last, or how to make the first. */
export function WelcomePage() {
  const query = useQuery(projectsQuery);
  useTitle('Welcome');
  return (
    <main className="mx-auto max-w-[760px] px-4 py-12">
      <Logo />
      <Loaded query={query}>
        {projects => {
          const latest = [...projects].sort((a, b) => b.appliedAt - a.appliedAt)[0];
          return latest === undefined ? (
            <FirstProject />
          ) : (
            <Navigate
              to={latest.demo ? '/p/$project' : '/p/$project/today'}
              params={{ project: latest.project }}
              replace
            />
          );
        }}
      </Loaded>
    </main>
  );
}

export function FirstProject() {
  return (
    <>
      <h1 className="mt-4 text-xl">No project is applied here yet</h1>
      <EmptyState
        title="What will appear here"
        lines={['npx twinloop init my-project', 'npx twinloop apply', 'npx twinloop run']}
      >
        A loop that trains a model on your data, serves it, watches it, and retrains it when the data or the
        model drifts. Every decision is written down with its evidence. Three lines start it:
      </EmptyState>
      <p className="text-base">
        Or without a terminal:{' '}
        <Link to="/new" className="link">
          New project from a table …
        </Link>
      </p>
    </>
  );
}
