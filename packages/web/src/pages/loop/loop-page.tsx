import { TwinloopApiError } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useProject } from '../../app/project.js';
import { countUntil } from '../../live/decisions.js';
import { ledgerQuery, statusQuery } from '../../live/queries.js';
import { Loaded } from '../../parts/loaded.js';
import { useTitle } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { FirstProject } from '../welcome/welcome-page.js';
import { figuresAsOf, figuresNow } from './as-of.js';
import { BreakIt } from './break-it/break-it.js';
import { Figure } from './figure.js';
import { Playback } from './playback.js';
import { Summary } from './summary.js';
import { Timeline } from './timeline.js';

/** Is everything well, and what is happening now? */
export function LoopPage() {
  const project = useProject();
  const { at, show = 'story' } = useSearch({ from: '/p/$project/' });
  const navigate = useNavigate({ from: '/p/$project/' });
  useTitle('Loop');
  const status = useQuery(statusQuery(project));
  const story = useQuery(ledgerQuery(project, 'story'));
  // The whole ledger is needed for details and for looking back; the story alone paints first.
  const all = useQuery({ ...ledgerQuery(project, 'all'), enabled: show === 'all' || at !== undefined });
  const timeline = (show === 'all' ? all.data : story.data) ?? [];
  const ledger = all.data ?? story.data ?? [];
  const look = (seq: number | undefined): void => {
    void navigate({ search: old => ({ ...old, at: seq }), replace: true, resetScroll: false });
  };
  const past = useMemo(() => {
    if (at === undefined) return undefined;
    const until = ledger.slice(0, countUntil(ledger, at));
    return { decision: until.at(-1), figures: figuresAsOf(until, status.data?.budget.per ?? '') };
  }, [at, ledger, status.data?.budget.per]);

  if (status.error instanceof TwinloopApiError && status.error.code === 'project_not_applied')
    return <FirstProject />;
  if (status.data === undefined) {
    return (
      <>
        <h1 className="sr-only">Loop</h1>
        <Loaded query={status}>{() => null}</Loaded>
      </>
    );
  }
  return (
    <Loaded query={status}>
      {live => {
        const figures = past?.figures ?? figuresNow(live);
        const amiss = Object.values(figures.stages).some(stage => stage.state === 'attention');
        const served = figures.endpoint?.champion != null;
        return (
          <>
            <div className="mb-4 flex items-start gap-2.5">
              <span className="pt-[2px]">
                <StatusMark
                  mark={past?.decision !== undefined ? 'idle' : amiss ? 'attention' : served ? 'ok' : 'idle'}
                />
              </span>
              <div className="min-w-0">
                <h1 className="text-lg [overflow-wrap:anywhere]">{figures.headline}</h1>
                <p className="text-soft">
                  <Time at={figures.now} />
                  {past?.decision === undefined
                    ? live.virtual
                      ? ', virtual time'
                      : ''
                    : `, as of decision ${past.decision.seq}`}
                </p>
              </div>
            </div>
            <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(360px,440px)]">
              <div className="grid min-w-0 content-start gap-5">
                <Figure figures={figures} />
                <Playback
                  replay={live.replay}
                  decisions={story.data ?? []}
                  now={live.now}
                  past={past?.decision}
                  onLook={look}
                />
                <Summary figures={figures} />
              </div>
              <div className="flex min-w-0 flex-col gap-5 lg:max-h-[calc(100vh-120px)]">
                {at === undefined && <BreakIt />}
                {live.replay?.state === 'finished' && at === undefined && <YourOwnData />}
                <Timeline
                  decisions={at === undefined ? timeline : timeline.slice(0, countUntil(timeline, at))}
                  show={show}
                  onShow={name =>
                    void navigate({
                      search: old => ({ ...old, show: name === 'all' ? 'all' : undefined }),
                      replace: true,
                      resetScroll: false,
                    })
                  }
                />
              </div>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

/** The last card of the story. */
function YourOwnData() {
  return (
    <section className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-l-2 border-accent pl-3">
      <h2 className="text-base">Now with your own data</h2>
      <Link to="/new" className="link">
        New project from a table …
      </Link>
      <p className="basis-full text-xs text-soft">
        A table with a label is enough; or from a terminal: <code>npx twinloop init FILE</code>
      </p>
    </section>
  );
}
