import type { LossView } from '@twinloop/client';
import type { MetricFamily } from '@twinloop/protocols/prometheus';

/** What one project shows on /metrics. */
export interface ProjectFigures {
  readonly project: string;
  readonly endpoint: string;
  readonly requests: number;
  readonly errors: number;
  readonly unlogged: number;
  readonly predictions: number;
  readonly outcomes: number;
  readonly ledgerEntries: number;
  readonly openAlarms: number;
  readonly openRuns: number;
  readonly retrainings: number;
  readonly recalibrations: number;
  readonly promotions: number;
  readonly rejections: number;
  readonly quarantined: number;
  readonly streamWarnings: number;
  readonly labelConflicts: number;
  readonly loss: LossView | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the newest look at the inputs. */
  readonly drift: readonly { readonly subject: string; readonly effect: number }[];
  readonly notifications: readonly {
    readonly channel: string;
    readonly state: string;
    readonly count: number;
  }[];
  readonly features: readonly FeatureFigures[];
}

interface FeatureFigures {
  readonly name: string;
  readonly reads: number;
  readonly missing: number;
  readonly stale: number;
  readonly late: number;
  readonly rows: number;
}

type Figure = Exclude<
  keyof ProjectFigures,
  'project' | 'endpoint' | 'loss' | 'drift' | 'notifications' | 'features'
>;

const METRICS: readonly (readonly [figure: Figure, name: string, type: 'counter' | 'gauge', help: string])[] =
  [
    ['requests', 'twinloop_requests_total', 'counter', 'Inference requests since the process started.'],
    [
      'errors',
      'twinloop_request_errors_total',
      'counter',
      'Inference requests that failed since the process started.',
    ],
    [
      'unlogged',
      'twinloop_unlogged_predictions_total',
      'counter',
      'Answers that a best-effort endpoint could not log.',
    ],
    [
      'labelConflicts',
      'twinloop_label_conflicts_total',
      'counter',
      'Labels left out or refused because another value was known (`repeats: first` or `reject`).',
    ],
    ['predictions', 'twinloop_predictions', 'gauge', 'Predictions in the log.'],
    ['outcomes', 'twinloop_outcomes', 'gauge', 'Outcomes in the log.'],
    ['ledgerEntries', 'twinloop_ledger_entries', 'gauge', "Entries of the project's ledger."],
    ['openAlarms', 'twinloop_open_alarms', 'gauge', 'Alarms that are not resolved.'],
    ['openRuns', 'twinloop_open_runs', 'gauge', 'Training runs under way.'],
    ['retrainings', 'twinloop_retrainings', 'gauge', 'Retrainings so far.'],
    ['recalibrations', 'twinloop_recalibrations', 'gauge', 'Recalibrations so far.'],
    ['promotions', 'twinloop_promotions', 'gauge', 'Promotions so far.'],
    ['rejections', 'twinloop_rejections', 'gauge', 'Rejected challengers so far.'],
    ['quarantined', 'twinloop_quarantined_rows', 'gauge', 'Rows of dataset versions kept apart so far.'],
    [
      'streamWarnings',
      'twinloop_stream_warnings_total',
      'counter',
      'Early warnings of the streams of inputs, answers and errors so far.',
    ],
    ['p50Ms', 'twinloop_request_milliseconds_p50', 'gauge', 'Median latency of the last requests.'],
    [
      'p99Ms',
      'twinloop_request_milliseconds_p99',
      'gauge',
      '99th percentile of the latency of the last requests.',
    ],
  ];

/** The figure that the project is judged by; which one it is depends on its task. */
function lossFamily(projects: readonly ProjectFigures[]): MetricFamily {
  return {
    name: 'twinloop_endpoint_loss',
    type: 'gauge',
    help: 'Mean loss of the last quality window: log_loss, brier, rmse or mae.',
    samples: projects.flatMap(({ project, endpoint, loss }) =>
      loss === null ? [] : [{ labels: { project, endpoint, metric: loss.metric }, value: loss.value }],
    ),
  };
}

export function metricFamilies(projects: readonly ProjectFigures[]): readonly MetricFamily[] {
  const families = METRICS.map(
    ([figure, name, type, help]): MetricFamily => ({
      name,
      type,
      help,
      samples: projects.map(figures => ({
        labels: { project: figures.project, endpoint: figures.endpoint },
        value: figures[figure],
      })),
    }),
  );
  return [
    ...families,
    lossFamily(projects),
    driftFamily(projects),
    notifications(projects),
    ...features(projects),
  ];
}

const FEATURES: readonly (readonly [
  Exclude<keyof FeatureFigures, 'name'>,
  string,
  'counter' | 'gauge',
  string,
])[] = [
  ['reads', 'twinloop_feature_reads_total', 'counter', 'Lookups of a feature for requests.'],
  ['missing', 'twinloop_feature_missing_total', 'counter', 'Lookups that found nothing for their key.'],
  [
    'stale',
    'twinloop_feature_stale_total',
    'counter',
    'Lookups answered with the default: their source had stopped.',
  ],
  ['late', 'twinloop_feature_late_rows_total', 'counter', 'Rows that came after they were said to be known.'],
  ['rows', 'twinloop_feature_rows', 'gauge', 'Rows in memory that count now.'],
];

function features(projects: readonly ProjectFigures[]): readonly MetricFamily[] {
  return FEATURES.map(
    ([figure, name, type, help]): MetricFamily => ({
      name,
      type,
      help,
      samples: projects.flatMap(({ project, features: lookups }) =>
        lookups.map(one => ({ labels: { project, feature: one.name }, value: one[figure] })),
      ),
    }),
  );
}

function driftFamily(projects: readonly ProjectFigures[]): MetricFamily {
  return {
    name: 'twinloop_drift_effect',
    type: 'gauge',
    help: 'Effect of the last look at the inputs, in standard deviations, by subject.',
    samples: projects.flatMap(({ project, endpoint, drift }) =>
      drift
        .filter(({ effect }) => Number.isFinite(effect))
        .map(({ subject, effect }) => ({ labels: { project, endpoint, subject }, value: effect })),
    ),
  };
}

function notifications(projects: readonly ProjectFigures[]): MetricFamily {
  return {
    name: 'twinloop_notifications_total',
    type: 'counter',
    help: 'Notifications that came into a state (queued, delivered, failed, given-up) since the process started.',
    samples: projects.flatMap(({ project, notifications: counted }) =>
      counted.map(({ channel, state, count }) => ({ labels: { project, channel, state }, value: count })),
    ),
  };
}
