import type { DriftView, MonitorsView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useProject } from '../../app/project.js';
import { counted, fixed, percent, pValue, whole } from '../../format/numbers.js';
import { endpointsQuery, ledgerQuery, monitorsQuery } from '../../live/queries.js';
import { Chart } from '../../parts/chart/chart.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead, Section } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { Distribution } from './distribution.js';
import { Causes } from './drift/causes.js';
import { DriftOverTime } from './drift/over-time.js';
import { EarlyWarnings } from './early-warnings.js';
import { Features } from './features.js';
import { LossOverTime, RateOverTime } from './quality.js';
import { answerOf, changeMarks, ranked } from './ranking.js';
import { MonitorTabs } from './tabs.js';

export function MonitorsIndex() {
  const project = useProject();
  const query = useQuery(endpointsQuery(project));
  return (
    <Loaded query={query}>
      {names =>
        names.length === 0 ? (
          <>
            <PageHead title="Monitors" />
            <EmptyState
              title="What changed in the data and in the model will appear here"
              lines={[
                'npx twinloop apply',
                'npx twinloop run',
                `curl -d '{"id":"…","value":1}' …/endpoints/NAME/outcomes`,
              ]}
            >
              Every feature compared with the training data, and the loss on labels as they arrive. The first
              window closes after a week of requests.
            </EmptyState>
          </>
        ) : (
          <Navigate to="/p/$project/monitors/$endpoint" params={{ project, endpoint: names[0]! }} replace />
        )
      }
    </Loaded>
  );
}

/** What changed, does it matter? */
export function MonitorsPage() {
  const { project, endpoint } = useParams({ from: '/p/$project/monitors/$endpoint' });
  const { feature } = useSearch({ from: '/p/$project/monitors/$endpoint' });
  const query = useQuery(monitorsQuery(project, endpoint));
  const story = useQuery(ledgerQuery(project, 'story'));
  const marks = useMemo(() => changeMarks(story.data ?? []), [story.data]);
  return (
    <>
      <PageHead
        title={`Monitors of ${endpoint}`}
        {...(query.data === undefined ? {} : { answer: answerOf(query.data) })}
      />
      <MonitorTabs project={project} endpoint={endpoint} />
      <Loaded query={query}>
        {view => (
          <>
            <OpenAlarms view={view} />
            <EarlyWarnings warnings={view.early ?? []} />
            {view.causes !== undefined && view.causes.length > 0 && (
              <Section
                title="Why, heaviest first"
                note="share of the newest window's drift, weighted by importance"
              >
                <Causes causes={view.causes} />
              </Section>
            )}
            <DriftOverTime
              project={project}
              endpoint={endpoint}
              features={new Set(view.drift.map(drift => drift.feature))}
              chosen={feature}
            />
            <Inputs project={project} view={view} feature={feature} />
            <Section title="Loss over time" note="▼ marks: promotions, recalibrations, retrainings">
              {view.quality.length === 0 ? <NoWindow /> : <LossOverTime view={view} marks={marks} />}
            </Section>
            <Section
              title={
                view.task === 'regression' ? 'Observed and predicted mean' : 'Observed and predicted rate'
              }
              note={
                view.task === 'regression'
                  ? 'mean of the label and of the answers, by week'
                  : 'per cent of labels that are true, by week'
              }
            >
              {view.quality.length === 0 ? <NoWindow /> : <RateOverTime view={view} marks={marks} />}
            </Section>
          </>
        )}
      </Loaded>
    </>
  );
}

function NoWindow() {
  return (
    <p className="text-soft">
      No window of labels has closed yet; the first one closes a week after the first label.
    </p>
  );
}

function OpenAlarms({ view }: { view: MonitorsView }) {
  const open = view.alarms.filter(alarm => alarm.open);
  if (open.length === 0) return null;
  return (
    <ul className="mb-6 grid gap-1">
      {open.map(alarm => (
        <li key={alarm.alarm} className="flex items-baseline gap-2 border-l-2 border-attention py-0.5 pl-3">
          <StatusMark mark="attention" />
          <span>
            <b className="font-semibold">{alarm.kind.replace('-', ' ')}</b> since{' '}
            <Time at={alarm.at} form="day" />: {alarm.sentence}
            {alarm.answer !== null && <span className="text-soft"> → {alarm.answer}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Inputs({
  project,
  view,
  feature,
}: {
  project: string;
  view: MonitorsView;
  feature: string | undefined;
}) {
  const drift = useMemo(() => ranked(view.drift), [view.drift]);
  const chosen = drift.find(d => d.feature === feature) ?? drift[0];
  return (
    <Section
      title="Features, what matters first"
      note={`compared with the ${whole(view.reference.rows)} rows of ${view.reference.model}; p corrected for all of ${counted(drift.length, 'feature')}`}
    >
      <div className="grid gap-x-10 gap-y-6 xl:grid-cols-[minmax(0,1fr)_380px]">
        <Features project={project} endpoint={view.endpoint} drift={drift} chosen={chosen?.feature} />
        {chosen !== undefined && <FeatureDetail key={chosen.feature} drift={chosen} />}
      </div>
    </Section>
  );
}

function FeatureDetail({ drift }: { drift: DriftView }) {
  const data = useMemo(
    () => ({
      x: drift.history.map(h => h.at),
      lines: [
        {
          label: 'effect',
          values: drift.history.map(h => h.effect),
          colour: 'accent' as const,
          points: drift.history.length < 3,
        },
      ],
    }),
    [drift.history],
  );
  const thresholds = useMemo(() => [{ value: drift.tolerance, label: 'matters' }], [drift.tolerance]);
  return (
    <div className="grid min-w-0 content-start gap-5 xl:sticky xl:top-14 xl:self-start">
      <div>
        <h3 className="flex items-center gap-2">
          <StatusMark mark={drift.drifted ? 'attention' : drift.n === 0 ? 'idle' : 'ok'} />
          <code className="text-sm">{drift.feature}</code>
        </h3>
        <p>{drift.sentence}</p>
        <p className="text-xs text-soft">
          effect {fixed(drift.effect, 2)}, matters from {fixed(drift.tolerance, 2)}, adjusted p{' '}
          {pValue(drift.adjustedP)}, n = {whole(drift.n)}, importance {percent(drift.importance)}
        </p>
      </div>
      <Distribution drift={drift} />
      <div>
        <h4 className="mb-1 text-xs text-soft">Effect over time</h4>
        {drift.history.length === 0 ? (
          <p className="text-soft">No closed window yet.</p>
        ) : (
          <Chart
            title={`Effect of ${drift.feature} by window, against ${drift.tolerance}, from which it matters`}
            data={data}
            thresholds={thresholds}
            height={150}
            decimals={2}
            sync="monitors"
          />
        )}
      </div>
    </div>
  );
}
