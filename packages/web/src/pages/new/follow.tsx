import type { DraftCheck, DraftProject, DraftView, RunView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { counted, figure } from '../../format/numbers.js';
import { duration } from '../../format/time.js';
import { endpointQuery, runQuery } from '../../live/queries.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/page.js';
import { Status, StatusMark } from '../../parts/status-mark.js';
import { Wide } from '../../parts/layout/wide.js';
import { TryIt } from './try-it.js';

/** From the first step of the run to an answered prediction. */
export function Follow(props: {
  draft: DraftView;
  made: DraftProject;
  baseline: DraftCheck['baseline'];
  timezone: string;
}) {
  const { draft, made, baseline, timezone } = props;
  const run = useQuery({
    ...runQuery(made.project, made.run),
    refetchInterval: query =>
      query.state.data === undefined || query.state.data.status === 'running' ? 500 : false,
    retry: 20,
  });
  const passed = run.data?.status === 'passed';
  const endpoint = useQuery({
    ...endpointQuery(made.project, made.endpoint),
    enabled: passed,
    refetchInterval: query => (query.state.data?.champion == null ? 500 : false),
  });
  const head = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In newer browsers it returns a promise, which is no clean-up.
    void head.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <div ref={head} className="scroll-mt-4">
      <Section title={`4 · The first model of ${made.project}`} note={`written to ${made.directory}`}>
        <Loaded query={run}>{view => <Steps run={view} project={made.project} />}</Loaded>
        {run.data !== undefined && run.data.candidates.length > 0 && (
          <Candidates run={run.data} baseline={baseline} />
        )}
      </Section>
      {passed && (
        <Section title="5 · Its endpoint" note="Open Inference Protocol V2">
          <Loaded query={endpoint}>
            {detail =>
              detail.champion === null ? (
                <p className="text-soft">The model is being put into service …</p>
              ) : (
                <TryIt
                  project={made.project}
                  detail={detail}
                  columns={draft.columns}
                  decimal={draft.reading.decimal}
                  timezone={timezone}
                />
              )
            }
          </Loaded>
          <p className="mt-5 text-base">
            <Link to="/p/$project/today" params={{ project: made.project }} className="link">
              Open {made.project}
            </Link>{' '}
            <span className="text-soft">
              From now on it is watched: every answer is logged, drift is looked for, and it is retrained when
              that is called for.
            </span>
          </p>
        </Section>
      )}
    </div>
  );
}

function Steps({ run, project }: { run: RunView; project: string }) {
  const running = run.status === 'running';
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3" role="status">
        <Status status={run.status} />
        <span className="text-soft">
          {counted(run.steps.length, 'step')} done
          {run.finishedAt === null ? '' : ` in ${duration(run.finishedAt - run.startedAt)}`}
        </span>
        <Link to="/p/$project/runs/$run" params={{ project, run: run.run }} className="link">
          {run.run}
        </Link>
      </p>
      <ol className="mt-2 flex flex-wrap gap-x-5 gap-y-1">
        {run.steps.map(step => (
          <li key={step.step} className="flex items-center gap-1.5 whitespace-nowrap" title={step.summary}>
            <StatusMark mark={step.status === 'failed' ? 'fail' : 'ok'} />
            <span className="sr-only">{step.status}: </span>
            <code>{step.step}</code>
          </li>
        ))}
        {running && (
          <li className="flex items-center gap-1.5 text-soft">
            <StatusMark mark="working" pulse /> the next step
          </li>
        )}
      </ol>
      {(run.status === 'failed' || run.status === 'refused') && (
        <div role="alert" className="mt-3 border-l-2 border-fail pl-4">
          <p className="font-semibold">The run {run.status}; nothing was put into service.</p>
          <ul className="list-disc pl-5">
            {run.verdicts
              .filter(v => v.status !== 'pass')
              .map(v => (
                <li key={v.gate}>
                  {v.gate}: {v.reason}
                </li>
              ))}
            {run.steps
              .filter(s => s.status === 'failed')
              .map(s => (
                <li key={s.step}>
                  {s.step}: {s.summary}
                </li>
              ))}
          </ul>
          <p>
            Its{' '}
            <Link to="/p/$project/runs/$run" params={{ project, run: run.run }} className="link">
              log
            </Link>{' '}
            says what happened. Change the choices above and create the project under another name, or correct
            the data and give the file again.
          </p>
        </div>
      )}
    </>
  );
}

function Candidates({ run, baseline }: { run: RunView; baseline: DraftCheck['baseline'] }) {
  const metrics = Object.keys(run.candidates[0]?.metrics ?? {});
  return (
    <div className="mt-4">
      <Wide label="Candidates">
        <table className="table">
          <thead>
            <tr>
              <th>Candidate</th>
              {metrics.map(metric => (
                <th key={metric} className="num">
                  {metric.replaceAll('_', ' ')}
                </th>
              ))}
              <th className="num">Seconds</th>
            </tr>
          </thead>
          <tbody>
            {run.candidates.map(candidate => (
              <tr key={candidate.name}>
                <td className={candidate.chosen ? 'font-semibold' : ''}>
                  {candidate.name}
                  {candidate.chosen && <span className="ml-2 text-ok">◆ chosen</span>}
                </td>
                {metrics.map(metric => (
                  <td key={metric} className="num">
                    {candidate.metrics[metric] === undefined ? '–' : figure(candidate.metrics[metric])}
                  </td>
                ))}
                <td className="num">{candidate.seconds.toFixed(1)}</td>
              </tr>
            ))}
            {baseline !== undefined && (
              <tr>
                <td className="text-soft">always the same answer</td>
                {metrics.map(metric => (
                  <td key={metric} className="num text-soft">
                    {metric === baseline.metric ? figure(baseline.value) : '–'}
                  </td>
                ))}
                <td className="num text-soft">–</td>
              </tr>
            )}
          </tbody>
        </table>
      </Wide>
      <ul className="mt-2 grid gap-0.5">
        {run.verdicts.map(verdict => (
          <li key={verdict.gate} className="flex flex-wrap items-baseline gap-x-2">
            <Status status={verdict.status} />
            <span>
              gate {verdict.gate}: {verdict.reason}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
