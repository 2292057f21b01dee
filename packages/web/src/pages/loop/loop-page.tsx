import { TwinloopApiError } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useProject } from '../../app/project.js';
import { countUntil } from '../../live/decisions.js';
import { ledgerQuery, statusQuery } from '../../live/queries.js';
import { Command } from '../../parts/command.js';
import { Loaded } from '../../parts/loaded.js';
import { useTitle } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { FirstProject } from '../welcome/welcome-page.js';
import { figuresAsOf, figuresNow } from './as-of.js';
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
        const well = figures.openAlarms === 0;
        return (
          <>
            <div className="mb-4 flex items-start gap-2.5">
              <span className="pt-[2px]">
                <StatusMark mark={past?.decision !== undefined ? 'idle' : well ? 'ok' : 'attention'} />
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
    <section className="rounded-md border border-line p-4">
      <h2 className="text-base">Now with your own data</h2>
      <p className="mt-0.5 mb-3 text-soft">A table with a time and a label is enough. Three commands:</p>
      <div className="grid gap-1">
        {['npx twinloop init my-project', 'npx twinloop apply', 'npx twinloop run'].map(line => (
          <Command key={line} text={line} what={`“${line}”`} />
        ))}
      </div>
    </section>
  );
}
