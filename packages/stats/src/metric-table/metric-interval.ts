import { binaryConfusion } from '../classification/binary-confusion.js';
import { confusionMatrix } from '../classification/multiclass.js';
import { moments } from '../common/moments.js';
import { requireOpenUnit } from '../common/samples.js';
import { meanInterval } from '../intervals/mean-interval.js';
import { medianInterval } from '../intervals/median-interval.js';
import { moverSum } from '../intervals/mover.js';
import { wilson } from '../intervals/wilson.js';
import { rocAucInterval } from '../metrics/delong.js';
import { rowErrorsOf } from '../metrics/regression-errors.js';
import { type BootstrapInterval, cellBootstrap, poissonBootstrap } from '../resampling/poisson-bootstrap.js';
import { normalQuantile } from '../special/normal.js';
import { type ConfusionMetric, confusionInterval } from './confusion-interval.js';
import {
  type IntervalOptions,
  type MetricDefinition,
  metricDefinition,
  type MetricInterval,
} from './definitions.js';
import { influenceOf } from './influence.js';
import { type CompleteRows, completeRows, type MetricData } from './metric-data.js';
import { metricOf, multiclassFigure } from './metric-value.js';
import { rowLossesOf } from './row-losses.js';
import { weightedMetric } from './weighted-metric.js';

/** A named metric of some rows. NaN where it is undefined. @throws RangeError for an unknown name or a missing column */
export function metricValue(name: string, data: MetricData): number {
  const { needs } = metricDefinition(data.task, name);
  return metricOf(data, name, completeRows(data, needs));
}

/**
 * A named metric with its interval by the method that {@link METRICS} names. An undefined metric has value NaN and interval
 * [NaN, NaN], except rates without rows: [0, 1], nothing is known. Intervals lie within the metric's range. Bootstrapped
 * errors of calibration and KS separations are reflected (`basic`): noise only pushes them up.
 * @throws RangeError for an unknown name, a missing column, or a bootstrapped metric without `rng`
 */
export function metricInterval(
  name: string,
  data: MetricData,
  options: IntervalOptions = {},
): MetricInterval {
  const definition = metricDefinition(data.task, name);
  return intervalOfRows(name, data, completeRows(data, definition.needs), options);
}

/** As {@link metricInterval}, of rows that are complete already. */
export function intervalOfRows(
  name: string,
  data: MetricData,
  rows: CompleteRows,
  options: IntervalOptions,
): MetricInterval {
  const { confidence = 0.95 } = options;
  requireOpenUnit('confidence', confidence);
  const definition = metricDefinition(data.task, name);
  if (data.task === 'binary' && definition.needs === 'predictions')
    return confusionInterval(
      name as ConfusionMetric,
      binaryConfusion(rows.labels, rows.predictions),
      confidence,
    );
  const n = rows.labels.length;
  const { value, interval, standardError, ...rest } = parts(name, data, rows, definition, {
    ...options,
    confidence,
  });
  const [low, high] = definition.range;
  return {
    name,
    value,
    interval: [Math.min(high, Math.max(low, interval[0])), Math.max(low, Math.min(high, interval[1]))],
    n: rest.n ?? n,
    standardError,
    method: definition.method,
  };
}

interface Parts {
  readonly value: number;
  readonly interval: readonly [number, number];
  readonly standardError: number;
  readonly n?: number;
}

function parts(
  name: string,
  data: MetricData,
  rows: CompleteRows,
  definition: MetricDefinition,
  options: IntervalOptions & { readonly confidence: number },
): Parts {
  const { confidence } = options;
  const n = rows.labels.length;
  switch (definition.method) {
    case 'delong': {
      const { auc, low, high, standardError } = rocAucInterval(rows.labels, rows.scores, confidence);
      return { value: auc, interval: [low, high], standardError };
    }
    case 't':
      return meanParts(name, data, rows, confidence);
    case 'wilson': {
      const value = metricOf(data, name, rows);
      const interval = wilson(n === 0 ? 0 : Math.round(value * n), n, confidence);
      return { value, interval, standardError: Math.sqrt((value * (1 - value)) / n) };
    }
    case 'mover':
      return recallsParts(data, rows, confidence);
    case 'delta': {
      const { value, influence } = influenceOf(name, data, rows);
      const standardError = Math.sqrt((moments(influence).variance * (n - 1)) / n / n);
      return { value, standardError, interval: transformed(name, value, standardError, confidence) };
    }
    case 'fisher_z':
      return correlationParts(name, metricOf(data, name, rows), n, confidence);
    case 'order_statistics': {
      const errors = rowErrorsOf('absolute', rows.labels, rows.predictions);
      return {
        value: metricOf(data, name, rows),
        interval: medianInterval(errors, confidence),
        standardError: NaN,
      };
    }
    case 'bootstrap':
      return bootstrapParts(name, data, rows, options);
    case 'none':
      return { value: metricOf(data, name, rows), interval: [NaN, NaN], standardError: NaN };
  }
}

function meanParts(name: string, data: MetricData, rows: CompleteRows, confidence: number): Parts {
  const { mean, low, high, standardError } = meanInterval(rowLossesOf(name, data, rows)!, confidence);
  if (name !== 'rmse') return { value: mean, interval: [low, high], standardError };
  const value = Math.sqrt(mean);
  const interval: [number, number] = [Math.sqrt(Math.max(0, low)), Math.sqrt(high)];
  return { value, interval, standardError: standardError / (2 * value) };
}

/** Mean of the recalls of the classes with rows: independent proportions. */
function recallsParts(data: MetricData, rows: CompleteRows, confidence: number): Parts {
  if (data.task !== 'multiclass') throw new RangeError('recalls of classes need a multiclass task');
  const { counts } = confusionMatrix(rows.labels, rows.predictions, data.classes);
  const recalls = [];
  let variance = 0;
  for (let c = 0; c < data.classes; c++) {
    let own = 0;
    for (let p = 0; p < data.classes; p++) own += counts[c * data.classes + p]!;
    const right = counts[c * data.classes + c]!;
    if (own === 0) continue;
    recalls.push({ value: right / own, interval: wilson(right, own, confidence) });
    variance += ((right / own) * (1 - right / own)) / own;
  }
  const k = recalls.length;
  if (k === 0) return { value: NaN, interval: [NaN, NaN], standardError: NaN };
  const weights = recalls.map(() => 1 / k);
  const value = recalls.reduce((sum, recall) => sum + recall.value / k, 0);
  return { value, interval: moverSum(recalls, weights), standardError: Math.sqrt(variance) / k };
}

/** Shares of explained variance are skewed: their interval is formed on log(1 − value); AUC means on the log-odds. */
function transformed(name: string, value: number, error: number, confidence: number): [number, number] {
  const z = normalQuantile((1 + confidence) / 2);
  if (name === 'r2' || name === 'explained_variance') {
    if (value === 1) return [1, 1];
    const half = (z * error) / (1 - value);
    return [1 - (1 - value) * Math.exp(half), 1 - (1 - value) * Math.exp(-half)];
  }
  if (value <= 0 || value >= 1) return [value, value];
  const logit = Math.log(value / (1 - value));
  const half = (z * error) / (value * (1 - value));
  return [1 / (1 + Math.exp(half - logit)), 1 / (1 + Math.exp(-half - logit))];
}

/** Rank correlations on Fisher's z: variance by Bonett & Wright (2000) for Spearman, by Fieller et al. (1957) for Kendall. */
function correlationParts(name: string, value: number, n: number, confidence: number): Parts {
  if (Number.isNaN(value) || n < 5) return { value, interval: [NaN, NaN], standardError: NaN };
  const error = name === 'kendall' ? Math.sqrt(0.437 / (n - 4)) : Math.sqrt((1 + value ** 2 / 2) / (n - 3));
  // A perfect correlation would sit at infinity.
  const inside = Math.max(-1 + 0.5 / n, Math.min(1 - 0.5 / n, value));
  const centre = Math.atanh(inside);
  const half = normalQuantile((1 + confidence) / 2) * error;
  const interval: [number, number] = [
    Math.min(value, Math.tanh(centre - half)),
    Math.max(value, Math.tanh(centre + half)),
  ];
  return { value, interval, standardError: error * (1 - inside ** 2) };
}

const PUSHED_UP = new Set(['ece', 'mce', 'ks']);

function bootstrapParts(
  name: string,
  data: MetricData,
  rows: CompleteRows,
  { confidence, rng, replicates }: IntervalOptions,
): BootstrapInterval {
  if (rng === undefined) throw new RangeError(`the interval of ${name} is bootstrapped: it needs rng`);
  const options = {
    rng,
    ...(confidence !== undefined && { confidence }),
    ...(replicates !== undefined && { replicates }),
    kind: PUSHED_UP.has(name) ? ('basic' as const) : ('percentile' as const),
  };
  if (data.task === 'multiclass') {
    const { classes, counts } = confusionMatrix(rows.labels, rows.predictions, data.classes);
    const figure = multiclassFigure(name);
    return cellBootstrap(counts, drawn => figure({ classes, counts: drawn }), options);
  }
  return poissonBootstrap(rows.labels.length, weightedMetric(name, data, rows), options);
}
