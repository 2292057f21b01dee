import type { Json, RunDetail } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { counted, fixed } from '../../format/numbers.js';
import { duration } from '../../format/time.js';
import { clientOf } from '../../live/api.js';
import { runQuery } from '../../live/queries.js';
import { Loaded } from '../../parts/loaded.js';
import { ObjectActions } from '../../parts/objects/object-actions.js';
import { Facts, Id, PageHead, Section } from '../../parts/page.js';
import { Status } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { gateCount, metric, metricNames, stepBars } from './figures.js';
import { GateReport } from './report/gate-report.js';
import { Wide } from '../../parts/layout/wide.js';

/** One run: its steps, its candidates, its gates. */
export function RunPage() {
  const { project, run } = useParams({ from: '/p/$project/runs/$run' });
  const query = useQuery(runQuery(project, run));
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={run} {...(query.data === undefined ? {} : { answer: answerOf(query.data) })}>
        <a className="button" href={clientOf(project).url(`/runs/${encodeURIComponent(run)}/junit`)}>
          JUnit report
        </a>
        <a className="button" href={clientOf(project).url(`/runs/${encodeURIComponent(run)}/sarif`)}>
          SARIF report
        </a>
        {query.data !== undefined && (
          <ObjectActions
            project={project}
            kind="run"
            id={run}
            onDeleted={() => void navigate({ to: '/p/$project/runs', params: { project } })}
          />
        )}
      </PageHead>
      <Loaded query={query}>{detail => <Detail project={project} run={detail} />}</Loaded>
    </>
  );
}

function answerOf(run: RunDetail): string {
  const chosen = run.candidates.find(c => c.chosen);
  const why = `Started by ${run.trigger}: ${run.reason}.`;
  if (run.status === 'running') return why;
  const choice =
    chosen === undefined
      ? ''
      : ` ${chosen.name} was chosen of ${counted(run.candidates.length, 'candidate')};`;
  return `${why}${choice} ${gateCount(run)} gates passed.`;
}

function Detail({ project, run }: { project: string; run: RunDetail }) {
  return (
    <>
      <div className="mb-8">
        <Facts
          items={[
            ['Status', <Status key="s" status={run.status} />],
            ['Trigger', run.trigger],
            ['Started', <Time key="t" at={run.startedAt} />],
            ['Took', run.finishedAt === null ? '–' : duration(run.finishedAt - run.startedAt)],
            ['Data version', run.datasetVersion === null ? '–' : <Id key="d" id={run.datasetVersion} />],
            [
              'Model',
              run.model === null ? (
                'none'
              ) : (
                <Link
                  key="m"
                  to="/p/$project/models/$model"
                  params={{ project, model: run.model }}
                  className="link"
                >
                  <code>{run.model}</code>
                </Link>
              ),
            ],
          ]}
          min={140}
        />
      </div>
      <Section title="Steps" note="cached: the same key was built before, so nothing ran">
        <Steps run={run} />
      </Section>
      {run.candidates.length > 0 && (
        <Section title="Candidates" note="chosen on held-out rows that are later than all training rows">
          <Candidates run={run} />
        </Section>
      )}
      {run.verdicts.length > 0 && (
        <Section title="Test report" note={`${gateCount(run)} gates passed; what failed stands first`}>
          <GateReport run={run} />
        </Section>
      )}
      <Section title="Log">
        <pre className="scroll-x max-h-[420px] overflow-y-auto" tabIndex={0} aria-label="Log of the run">
          {run.log === '' ? 'Nothing was written.' : run.log}
        </pre>
      </Section>
    </>
  );
}

function Steps({ run }: { run: RunDetail }) {
  if (run.steps.length === 0) return <p className="text-soft">No step has finished yet.</p>;
  // In virtual time the steps of a run share one moment: training takes its declared time as a whole.
  const timed = run.steps.some(step => step.finishedAt > step.startedAt);
  return (
    <Wide label="Steps">
      <table className="table">
        <thead>
          <tr>
            <th>Step</th>
            <th>Status</th>
            {timed && (
              <>
                <th className="num">Took</th>
                <th className="w-[28%]">When</th>
              </>
            )}
            <th>Result</th>
            <th>Key</th>
          </tr>
        </thead>
        <tbody>
          {stepBars(run.steps).map(({ step, start, width }) => (
            <tr key={step.step}>
              <td className="whitespace-nowrap">{step.step}</td>
              <td>
                <Status status={step.status} />
              </td>
              {timed && (
                <>
                  <td className="num">
                    {step.status === 'cached' ? '–' : duration(step.finishedAt - step.startedAt)}
                  </td>
                  <td className="min-w-[140px]">
                    <svg width="100%" height="20" aria-hidden="true">
                      <rect
                        x={`${start * 100}%`}
                        y="6"
                        width={`${Math.max(0.6, width * 100)}%`}
                        height="8"
                        rx="1"
                        fill={step.status === 'cached' ? 'var(--color-line-strong)' : 'var(--color-accent)'}
                      />
                    </svg>
                  </td>
                </>
              )}
              <td className="min-w-[200px]">{step.summary}</td>
              <td>
                <Id id={step.key} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Candidates({ run }: { run: RunDetail }) {
  const metrics = metricNames(run.candidates.map(c => c.metrics));
  return (
    <Wide label="Candidates">
      <table className="table">
        <thead>
          <tr>
            <th>Candidate</th>
            <th>Chosen</th>
            {metrics.map(name => (
              <th key={name} className="num">
                {name}
              </th>
            ))}
            <th className="num">Trained in</th>
            <th>Parameters</th>
          </tr>
        </thead>
        <tbody>
          {run.candidates.map(c => (
            <tr key={c.name} className={c.chosen ? 'font-semibold' : ''}>
              <td className="whitespace-nowrap">{c.name}</td>
              <td className="whitespace-nowrap">{c.chosen ? '◆ chosen' : ''}</td>
              {metrics.map(name => (
                <td key={name} className="num">
                  {metric(c.metrics[name])}
                </td>
              ))}
              <td className="num">{c.cached ? 'cached' : `${fixed(c.seconds, 2)} s`}</td>
              <td className="font-normal">
                <code className="text-soft">{parametersOf(c.parameters)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function parametersOf(parameters: Json): string {
  const text = JSON.stringify(parameters);
  return text === '{}' || text === 'null' ? '–' : text;
}
