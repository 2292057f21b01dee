/** What a row of a task has: a class 0 or 1, one of several classes, or a number. */
export type MetricTask = 'binary' | 'multiclass' | 'regression';

/**
 * How a metric's interval comes about: `wilson` score of a proportion; `mover` from the intervals of its parts; `delta`
 * method; `delong`; Student `t` of a mean; `fisher_z`; `order_statistics`; `bootstrap`; `none` where no method is sound.
 */
export type IntervalMethod =
  | 'wilson'
  | 'mover'
  | 'delta'
  | 'delong'
  | 't'
  | 'fisher_z'
  | 'order_statistics'
  | 'bootstrap'
  | 'none';

export interface MetricDefinition {
  readonly title: string;
  /** null: neither way is better by itself (a bias is best at 0, a selection rate has no best). */
  readonly higherIsBetter: boolean | null;
  readonly range: readonly [low: number, high: number];
  /** Rows of a classifier must carry: a predicted class, or a score (several classes: probabilities). */
  readonly needs: 'predictions' | 'scores';
  readonly method: IntervalMethod;
}

export interface MetricInterval {
  readonly name: string;
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
  /** Rows that the figure rests on: of a rate its denominator, else the complete rows. */
  readonly n: number;
  readonly standardError: number;
  readonly method: IntervalMethod;
}

export interface IntervalOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Uniform draws in [0, 1); metrics whose method is `bootstrap` need it. */
  readonly rng?: () => number;
  /** Bootstrap replicates; default 1,000. */
  readonly replicates?: number;
}

const UNIT = [0, 1] as const;
const SIGNED = [-1, 1] as const;
const LOSS = [0, Infinity] as const;

function define(
  title: string,
  higherIsBetter: boolean | null,
  range: readonly [number, number],
  needs: MetricDefinition['needs'],
  method: IntervalMethod,
): MetricDefinition {
  return { title, higherIsBetter, range, needs, method };
}

const BINARY = {
  auc: define('ROC AUC', true, UNIT, 'scores', 'delong'),
  average_precision: define('average precision', true, UNIT, 'scores', 'delta'),
  pr_auc: define('precision–recall AUC (trapezoid)', true, UNIT, 'scores', 'bootstrap'),
  ks: define('KS separation', true, UNIT, 'scores', 'bootstrap'),
  log_loss: define('log loss', false, LOSS, 'scores', 't'),
  brier: define('Brier score', false, UNIT, 'scores', 't'),
  ece: define('expected calibration error', false, UNIT, 'scores', 'bootstrap'),
  mce: define('maximum calibration error', false, UNIT, 'scores', 'bootstrap'),
  accuracy: define('accuracy', true, UNIT, 'predictions', 'wilson'),
  error_rate: define('error rate', false, UNIT, 'predictions', 'wilson'),
  balanced_accuracy: define('balanced accuracy', true, UNIT, 'predictions', 'mover'),
  precision: define('precision', true, UNIT, 'predictions', 'wilson'),
  recall: define('recall', true, UNIT, 'predictions', 'wilson'),
  specificity: define('specificity', true, UNIT, 'predictions', 'wilson'),
  negative_predictive_value: define('negative predictive value', true, UNIT, 'predictions', 'wilson'),
  false_positive_rate: define('false positive rate', false, UNIT, 'predictions', 'wilson'),
  false_negative_rate: define('false negative rate', false, UNIT, 'predictions', 'wilson'),
  false_discovery_rate: define('false discovery rate', false, UNIT, 'predictions', 'wilson'),
  false_omission_rate: define('false omission rate', false, UNIT, 'predictions', 'wilson'),
  f1: define('F1', true, UNIT, 'predictions', 'wilson'),
  mcc: define('Matthews correlation', true, SIGNED, 'predictions', 'delta'),
  kappa: define("Cohen's kappa", true, SIGNED, 'predictions', 'delta'),
  selection_rate: define('selection rate', null, UNIT, 'predictions', 'wilson'),
  base_rate: define('base rate', null, UNIT, 'predictions', 'wilson'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

const MULTICLASS = {
  accuracy: define('accuracy', true, UNIT, 'predictions', 'wilson'),
  error_rate: define('error rate', false, UNIT, 'predictions', 'wilson'),
  macro_f1: define('macro F1', true, UNIT, 'predictions', 'bootstrap'),
  weighted_f1: define('weighted F1', true, UNIT, 'predictions', 'bootstrap'),
  balanced_accuracy: define('balanced accuracy', true, UNIT, 'predictions', 'mover'),
  mcc: define('Matthews correlation', true, SIGNED, 'predictions', 'bootstrap'),
  kappa: define("Cohen's kappa", true, SIGNED, 'predictions', 'bootstrap'),
  log_loss: define('log loss', false, LOSS, 'scores', 't'),
  auc_ovr: define('ROC AUC, one against the rest', true, UNIT, 'scores', 'delta'),
  auc_ovo: define('ROC AUC, one against one', true, UNIT, 'scores', 'delta'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

const REGRESSION = {
  rmse: define('RMSE', false, LOSS, 'predictions', 't'),
  mse: define('mean squared error', false, LOSS, 'predictions', 't'),
  mae: define('mean absolute error', false, LOSS, 'predictions', 't'),
  bias: define('bias', null, [-Infinity, Infinity], 'predictions', 't'),
  mape: define('mean absolute percentage error', false, LOSS, 'predictions', 't'),
  msle: define('mean squared log error', false, LOSS, 'predictions', 't'),
  pinball_50: define('pinball loss at 0.5', false, LOSS, 'predictions', 't'),
  pinball_90: define('pinball loss at 0.9', false, LOSS, 'predictions', 't'),
  medae: define('median absolute error', false, LOSS, 'predictions', 'order_statistics'),
  max_error: define('largest absolute error', false, LOSS, 'predictions', 'none'),
  r2: define('R²', true, [-Infinity, 1], 'predictions', 'delta'),
  explained_variance: define('explained variance', true, [-Infinity, 1], 'predictions', 'delta'),
  pearson: define('Pearson correlation', true, SIGNED, 'predictions', 'bootstrap'),
  spearman: define('Spearman correlation', true, SIGNED, 'predictions', 'fisher_z'),
  kendall: define("Kendall's τ-b", true, SIGNED, 'predictions', 'fisher_z'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type BinaryMetric = keyof typeof BINARY;
export type MulticlassMetric = keyof typeof MULTICLASS;
export type RegressionMetric = keyof typeof REGRESSION;

/** Every metric by task and name. */
export const METRICS = { binary: BINARY, multiclass: MULTICLASS, regression: REGRESSION } as const;

/** The metrics of a task, in the order in which people look at them. */
export function metricNames(task: MetricTask): readonly string[] {
  return Object.keys(METRICS[task]);
}

/** What a metric is. @throws RangeError for a name that the task does not have */
export function metricDefinition(task: MetricTask, name: string): MetricDefinition {
  const metrics: Readonly<Record<string, MetricDefinition>> = METRICS[task];
  if (!Object.hasOwn(metrics, name))
    throw new RangeError(`${task} tasks have no metric "${name}"; they have ${metricNames(task).join(', ')}`);
  return metrics[name]!;
}
