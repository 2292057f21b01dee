import type { ModelView, RunView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useProject } from '../../app/project.js';
import { counted } from '../../format/numbers.js';
import { duration } from '../../format/time.js';
import { modelsQuery, runsQuery } from '../../live/queries.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Loaded } from '../../parts/loaded.js';
import { ArchivedFilter, ArchivedWord } from '../../parts/objects/archived-filter.js';
import { PageHead, Section } from '../../parts/page.js';
import { Status } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { gateCount, metric, metricNames } from './figures.js';
import { Wide } from '../../parts/layout/wide.js';

/** What was built, why, and did it pass? */
export function RunsPage() {
  const project = useProject();
  const { archived = false } = useSearch({ from: '/p/$project/runs' });
  const navigate = useNavigate({ from: '/p/$project/runs' });
  const runs = useQuery(runsQuery(project, archived));
  const models = useQuery(modelsQuery(project, archived));
  const running = runs.data?.find(run => run.status === 'running');
  const answer =
    running !== undefined
      ? `${running.run} is running: ${running.reason}.`
      : `${counted(runs.data?.length ?? 0, 'run')}, none under way.`;
  return (
    <>
      <PageHead title="Runs" {...(runs.data === undefined || runs.data.length === 0 ? {} : { answer })}>
        <ArchivedFilter
          on={archived}
          onChange={on => void navigate({ search: on ? { archived: true } : {}, replace: true })}
        />
      </PageHead>
      <Loaded query={runs}>
        {all =>
          all.length === 0 ? (
            <EmptyState
              title="Training runs will appear here"
              lines={[
                'npx twinloop run --reason "first model"',
                'npx twinloop logs RUN --follow',
                'npx twinloop status',
              ]}
            >
              A run resolves the data, trains its candidates, chooses one on held-out rows, and passes it
              through the gates. A gate that fails, fails the run.
            </EmptyState>
          ) : (
            <Section title="Runs" note="newest first">
              <Runs runs={all} />
            </Section>
          )
        }
      </Loaded>
      {runs.data !== undefined && runs.data.length > 0 && (
        <Section title="Models" note="immutable, named by the hash of their content">
          <Loaded query={models}>{all => <Models models={all} />}</Loaded>
        </Section>
      )}
    </>
  );
}

function Runs({ runs }: { runs: readonly RunView[] }) {
  const project = useProject();
  return (
    <Wide label="Runs">
      <table className="table">
        <thead>
          <tr>
            <th>Run</th>
            <th>Status</th>
            <th>Trigger</th>
            <th>Reason</th>
            <th>Chosen</th>
            <th className="num">Gates passed</th>
            <th>Started</th>
            <th className="num">Took</th>
          </tr>
        </thead>
        <tbody>
          {runs.map(run => (
            <tr key={run.run}>
              <td>
                <Link to="/p/$project/runs/$run" params={{ project, run: run.run }} className="link">
                  <code>{run.run}</code>
                </Link>
                <ArchivedWord archived={run.archived} />
              </td>
              <td>
                <Status status={run.status} />
              </td>
              <td>{run.trigger}</td>
              <td className="min-w-[260px]">{run.reason}</td>
              <td className="min-w-[120px]">{run.candidates.find(c => c.chosen)?.name ?? '–'}</td>
              <td className="num">{gateCount(run)}</td>
              <td>
                <Time at={run.startedAt} />
              </td>
              <td className="num">
                {run.finishedAt === null ? '–' : duration(run.finishedAt - run.startedAt)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Models({ models }: { models: readonly ModelView[] }) {
  const project = useProject();
  const metrics = metricNames(models.map(model => model.metrics)).slice(0, 4);
  return (
    <Wide label="Models">
      <table className="table">
        <thead>
          <tr>
            <th>Model</th>
            <th>Stage</th>
            <th>Algorithm</th>
            {metrics.map(name => (
              <th key={name} className="num">
                {name}
              </th>
            ))}
            <th>Made by</th>
            <th>Registered</th>
          </tr>
        </thead>
        <tbody>
          {models.map(model => (
            <tr key={model.model}>
              <td>
                <Link
                  to="/p/$project/models/$model"
                  params={{ project, model: model.model }}
                  className="link"
                >
                  <code>{model.model}</code>
                </Link>
                <ArchivedWord archived={model.archived} />
              </td>
              <td>
                <Status status={model.stage} />
              </td>
              <td>{model.algorithm}</td>
              {metrics.map(name => (
                <td key={name} className="num">
                  {metric(model.metrics[name])}
                </td>
              ))}
              <td>
                <Link to="/p/$project/runs/$run" params={{ project, run: model.run }} className="link">
                  <code>{model.run}</code>
                </Link>
              </td>
              <td>
                <Time at={model.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
