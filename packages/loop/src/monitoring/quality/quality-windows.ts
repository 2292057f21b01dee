import type { EpochMs, Task } from '@twinloop/kernel';
import {
  isScaled,
  LOSS_CLIP,
  type LossName,
  lossesOf,
  meanInterval,
  type MetricData,
  metricInterval,
  METRICS,
  shownLoss,
} from '@twinloop/stats';

/** A figure with its 95 % interval and the rows that it rests on. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}
export type Figures = Readonly<Record<string, Figure>>;

/** Answers in order of time. */
export interface AnsweredRows {
  readonly at: Float64Array;
  /** Of several classes the probability of the one that came. */
  readonly score: Float64Array;
  /** NaN where none has arrived. */
  readonly label: Float64Array;
  readonly version: readonly string[];
}

export interface QualityWindow {
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** First row, and the first after the last. */
  readonly rows: readonly [number, number];
  readonly predictions: number;
  readonly labelled: number;
  readonly versions: readonly string[];
  readonly realised: Figures;
}

/** What is shown of a task beside its watched loss. Of several classes a logged answer holds the probability of the one that came, and no other. */
const SHOWN = {
  binary: ['auc', 'accuracy', 'precision', 'recall', 'brier', 'log_loss'],
  regression: ['rmse', 'mae', 'bias', 'r2'],
  multiclass: [],
} as const;

export interface ShownMetric {
  readonly metric: string;
  readonly title: string;
  readonly higherIsBetter: boolean;
  /** Counted in the label's unit. */
  readonly hasUnit: boolean;
}

/** The figures of a task, the watched loss first. */
export function shownMetrics(task: Task, loss: LossName): readonly ShownMetric[] {
  const watched = shownLoss(loss, 0);
  const rest = task === 'multiclass' ? [] : SHOWN[task].filter(metric => metric !== watched.metric);
  return [
    { metric: watched.metric, title: watched.title, higherIsBetter: false, hasUnit: isScaled(loss) },
    ...rest.map(metric => {
      const definitions: Readonly<Record<string, { title: string; higherIsBetter: boolean | null }>> =
        task === 'regression' ? METRICS.regression : METRICS.binary;
      const { title, higherIsBetter } = definitions[metric]!;
      return {
        metric,
        title,
        higherIsBetter: higherIsBetter ?? false,
        hasUnit: ['rmse', 'mae', 'bias'].includes(metric),
      };
    }),
  ];
}

/** A loss as people read it, with its interval: of a squared error the root of all three. */
export function lossFigure(loss: LossName, losses: Float64Array): Figure {
  const { mean, low, high, n } = meanInterval(losses, 0.95);
  const shown = (value: number): number => shownLoss(loss, Math.max(0, value)).value;
  return { value: shown(mean), low: shown(low), high: shown(high), n };
}

/**
 * Every figure of the labelled rows. What is not defined there is absent: of one class the ranking, of fewer than two rows all.
 */
export function figuresOf(
  task: Task,
  loss: LossName,
  label: Float64Array,
  score: Float64Array,
  threshold = 0.5,
): Figures {
  const known = Int32Array.from(
    Array.from(label.keys()).filter(row => !Number.isNaN(label[row]!) && !Number.isNaN(score[row]!)),
  );
  if (known.length < 2) return {};
  const labels = Float64Array.from(known, row => label[row]!);
  const scores = Float64Array.from(known, row => score[row]!);
  const [watched, ...rest] = shownMetrics(task, loss);
  const data: MetricData =
    task === 'regression'
      ? { task, labels, predictions: scores }
      : { task: 'binary', labels, scores, threshold };
  const figures: Record<string, Figure> = {
    [watched!.metric]: lossFigure(loss, lossesOf(loss, labels, scores, LOSS_CLIP)),
  };
  for (const { metric } of rest) {
    const { value, interval, n } = metricInterval(metric, data);
    if (!Number.isNaN(value)) figures[metric] = { value, low: interval[0], high: interval[1], n };
  }
  return figures;
}

/** Rows by stretches of prediction time that begin at `from`; stretches without predictions are left out. */
export function qualityWindows(
  rows: AnsweredRows,
  {
    task,
    loss,
    from,
    every,
    threshold,
  }: {
    readonly task: Task;
    readonly loss: LossName;
    readonly from: EpochMs;
    readonly every: number;
    readonly threshold?: number;
  },
): readonly QualityWindow[] {
  const windows: QualityWindow[] = [];
  for (let first = 0; first < rows.at.length; ) {
    const start = from + Math.floor((rows.at[first]! - from) / every) * every;
    let after = first;
    let labelled = 0;
    while (after < rows.at.length && rows.at[after]! < start + every) {
      if (!Number.isNaN(rows.label[after]!)) labelled++;
      after++;
    }
    windows.push({
      from: start,
      until: start + every,
      rows: [first, after],
      predictions: after - first,
      labelled,
      versions: [...new Set(rows.version.slice(first, after))],
      realised: figuresOf(
        task,
        loss,
        rows.label.subarray(first, after),
        rows.score.subarray(first, after),
        threshold,
      ),
    });
    first = after;
  }
  return windows;
}
