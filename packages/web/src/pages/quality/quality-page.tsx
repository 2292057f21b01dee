import type { QualityMetricView, QualityView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { lossDecimals } from '../../format/loss.js';
import { counted, percent, whole } from '../../format/numbers.js';
import { ledgerQuery, qualityQuery } from '../../live/queries.js';
import { Chart } from '../../parts/chart/chart.js';
import type { VerticalMark } from '../../parts/chart/model.js';
import { Command } from '../../parts/command.js';
import { Wide } from '../../parts/layout/wide.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead, Section } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { changeMarks } from '../monitors/ranking.js';
import { MonitorTabs } from '../monitors/tabs.js';
import { Calibration } from './calibration.js';
import { answerOf, capital, coverage, isShare, told, toldWithin } from './figures.js';
import { Slices } from './slices.js';

const FROM = '/p/$project/monitors/$endpoint/quality';

/** Is the model still as good as it was, and where is it worst? */
export function QualityPage() {
  const { project, endpoint } = useParams({ from: FROM });
  const { metric } = useSearch({ from: FROM });
  const query = useQuery(qualityQuery(project, endpoint));
  const story = useQuery(ledgerQuery(project, 'story'));
  const marks = useMemo(() => changeMarks(story.data ?? []), [story.data]);
  return (
    <>
      <PageHead
        title={`Quality of ${endpoint}`}
        {...(query.data === undefined ? {} : { answer: answerOf(query.data) })}
      />
      <MonitorTabs project={project} endpoint={endpoint} />
      <Loaded query={query}>
        {view => {
          const chosen = view.metrics.find(each => each.metric === metric) ?? view.metrics[0];
          return (
            <>
              {chosen !== undefined && <OverTime view={view} metric={chosen} marks={marks} />}
              <Section
                title="Where it is worst"
                note={
                  view.slices === null
                    ? 'every value and every pair of values of the inputs'
                    : `${whole(view.slices.searched)} slices searched, α = ${percent(view.slices.alpha, 0)} over all of them`
                }
              >
                <Slices view={view} />
              </Section>
              {view.calibration !== null && (
                <Section
                  title="Calibration"
                  note={`${counted(view.calibration.n, 'label')} of the newest settled windows`}
                >
                  <Calibration view={view.calibration} />
                </Section>
              )}
              <Section title="What it rests on">
                <Basis view={view} />
              </Section>
              <Command text={`npx twinloop quality ${endpoint} --project ${project}`} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function OverTime({
  view,
  metric,
  marks,
}: {
  view: QualityView;
  metric: QualityMetricView;
  marks: readonly VerticalMark[];
}) {
  const navigate = useNavigate({ from: FROM });
  const { windows } = view;
  const name = metric.metric;
  const scale = isShare(metric) ? 100 : 1;
  const data = useMemo(() => {
    const of = (part: 'realised' | 'estimated', field: 'value' | 'low' | 'high') =>
      windows.map(window => {
        const figure = window[part][name];
        return figure === undefined ? null : figure[field] * scale;
      });
    const estimated = of('estimated', 'value');
    return {
      x: windows.map(window => (window.from + window.until) / 2),
      n: windows.map(window => window.realised[name]?.n ?? 0),
      bands: [
        {
          label: 'interval',
          low: of('realised', 'low'),
          high: of('realised', 'high'),
          colour: 'accent' as const,
        },
      ],
      lines: [
        ...(estimated.some(value => value !== null)
          ? [{ label: 'estimated without labels', values: estimated, colour: 'ink' as const, dash: [4, 3] }]
          : []),
        {
          label: 'realised',
          values: of('realised', 'value'),
          colour: 'accent' as const,
          width: 2,
          direct: true,
          points: windows.length < 3,
        },
      ],
    };
  }, [windows, name, scale]);
  const thresholds = useMemo(
    () => (metric.training === null ? [] : [{ value: metric.training * scale, label: 'training' }]),
    [metric.training, scale],
  );
  const size = windows.at(-1)?.realised[name]?.value ?? 1;
  return (
    <Section
      title="Over time"
      note="late labels, with 95 % intervals; ▼ promotions, recalibrations, retrainings"
    >
      <div className="mb-3 flex flex-wrap gap-1" role="group" aria-label="Figure">
        {view.metrics.map(each => (
          <button
            key={each.metric}
            type="button"
            className="button"
            aria-pressed={each.metric === name}
            onClick={() =>
              void navigate({
                search: each === view.metrics[0] ? {} : { metric: each.metric },
                replace: true,
                resetScroll: false,
              })
            }
          >
            {each.title}
          </button>
        ))}
      </div>
      {windows.length === 0 ? (
        <p className="text-soft">No answer has been logged yet.</p>
      ) : (
        <>
          <Chart
            title={`${capital(metric.title)} by window with its interval, and as estimated without labels`}
            data={data}
            thresholds={thresholds}
            marks={marks}
            height={260}
            decimals={isShare(metric) ? 1 : lossDecimals(size)}
            sync="monitors"
          />
          <details className="mt-3">
            <summary className="text-soft">Windows as a table</summary>
            <Wide label="Windows">
              <table className="table mt-2">
                <thead>
                  <tr>
                    <th>From</th>
                    <th>Labels</th>
                    <th className="num">{capital(metric.title)}</th>
                    <th className="num">Estimated without labels</th>
                  </tr>
                </thead>
                <tbody>
                  {windows.toReversed().map(window => (
                    <tr key={window.from}>
                      <td>
                        <Time at={window.from} form="day" />
                      </td>
                      <td>{coverage(window)}</td>
                      <td className="num">
                        {window.realised[name] === undefined
                          ? '–'
                          : toldWithin(metric, window.realised[name])}
                      </td>
                      <td className="num">
                        {window.estimated[name] === undefined
                          ? '–'
                          : toldWithin(metric, window.estimated[name])}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          </details>
        </>
      )}
      {metric.training !== null && (
        <p className="mt-2 text-xs text-soft">
          Training is the champion's own hold-out: {told(metric, metric.training)}.
        </p>
      )}
    </Section>
  );
}

const POLICIES = {
  last: 'the newer value counts',
  first: 'the one that came first stays',
  reject: 'the newer value is refused',
} as const;

/** Labels, base rate, and whether the estimates could be believed. */
function Basis({ view }: { view: QualityView }) {
  const { baseRate, estimator, labels } = view;
  return (
    <ul className="grid max-w-[860px] gap-1.5">
      {baseRate !== null && (
        <li>
          <b className="font-semibold">{view.task === 'binary' ? 'Base rate' : 'Mean label'}</b>:{' '}
          {baseRate.sentence}.
        </li>
      )}
      <li>
        <b className="font-semibold">Estimates</b>:{' '}
        {estimator === null
          ? 'made once 300 labels are known; checked when the labels of their windows have come.'
          : `${estimator.sentence}.`}
      </li>
      <li>
        <b className="font-semibold">Labels that come twice</b>: {POLICIES[labels.policy]};{' '}
        {counted(labels.corrected, 'prediction')} had one corrected
        {labels.policy === 'last'
          ? ''
          : `, ${counted(labels.rejected, 'value')} ${labels.policy === 'first' ? 'left out' : 'refused'} since the start`}
        .
      </li>
    </ul>
  );
}
