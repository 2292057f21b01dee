import { mean, moments } from '../common/moments.js';
import { requireSameLength } from '../common/samples.js';
import {
  type IntervalMethod,
  type IntervalOptions,
  type MetricDefinition,
  metricDefinition,
} from '../metric-table/definitions.js';
import { influenceOf } from '../metric-table/influence.js';
import { type CompleteRows, completeRows, type MetricData } from '../metric-table/metric-data.js';
import { metricOf } from '../metric-table/metric-value.js';
import { rowLossesOf } from '../metric-table/row-losses.js';
import { weightedMetric } from '../metric-table/weighted-metric.js';
import { deLongTest } from '../metrics/delong.js';
import { poissonBootstrap } from '../resampling/poisson-bootstrap.js';
import { normalQuantile, normalSf } from '../special/normal.js';
import { studentTQuantile, studentTTwoSided } from '../special/student-t.js';

export interface MetricDifference {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  /** a − b. */
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
  readonly standardError: number;
  /** Two-sided, of no difference; from the standard error where the interval is bootstrapped. */
  readonly pValue: number;
  /** Rows complete for both. */
  readonly n: number;
  readonly method: IntervalMethod;
}

/**
 * Difference of a metric between two models on the same rows, the pairing being used: DeLong for AUC, paired t for accuracy
 * and means of losses, the delta method for RMSE, R², average precision and AUC of many classes, else a Poisson bootstrap of
 * both at once. `kendall` and `max_error` have no interval (method `none`). Rows that miss something in either are left out.
 * @throws RangeError as metricInterval, or when tasks or lengths differ
 */
export function metricDifference(
  name: string,
  dataA: MetricData,
  dataB: MetricData,
  options: IntervalOptions = {},
): MetricDifference {
  if (dataA.task !== dataB.task) throw new RangeError(`tasks differ: ${dataA.task} and ${dataB.task}`);
  requireSameLength('labels of a', dataA.labels, 'labels of b', dataB.labels);
  const definition = metricDefinition(dataA.task, name);
  const [a, b] = bothComplete(dataA, dataB, definition.needs);
  const valueA = metricOf(dataA, name, a);
  const valueB = metricOf(dataB, name, b);
  const base = { name, a: valueA, b: valueB, difference: valueA - valueB, n: a.labels.length };
  return { ...base, ...judged(name, dataA, dataB, a, b, definition, options) };
}

type Judged = Pick<MetricDifference, 'interval' | 'standardError' | 'pValue' | 'method'>;

function judged(
  name: string,
  dataA: MetricData,
  dataB: MetricData,
  a: CompleteRows,
  b: CompleteRows,
  definition: MetricDefinition,
  { confidence = 0.95, rng, replicates }: IntervalOptions,
): Judged {
  const n = a.labels.length;
  if (definition.method === 'delong') {
    const { difference, standardError, pValue } = deLongTest(a.labels, a.scores, b.scores);
    const half = normalQuantile((1 + confidence) / 2) * standardError;
    return { interval: [difference - half, difference + half], standardError, pValue, method: 'delong' };
  }
  const influences = pairedInfluence(name, dataA, dataB, a, b, definition);
  if (influences !== undefined) {
    const { difference, influence, method } = influences;
    const standardError = Math.sqrt(moments(influence).variance / n);
    const half = n < 2 ? NaN : studentTQuantile((1 + confidence) / 2, n - 1) * standardError;
    return {
      interval: [difference - half, difference + half],
      standardError,
      pValue: pValueOf(difference, standardError, t => studentTTwoSided(t, n - 1)),
      method,
    };
  }
  if (name === 'kendall' || name === 'max_error')
    return { interval: [NaN, NaN], standardError: NaN, pValue: NaN, method: 'none' };
  if (rng === undefined)
    throw new RangeError(`the interval of a difference of ${name} is bootstrapped: it needs rng`);
  const ofA = weightedMetric(name, dataA, a);
  const ofB = weightedMetric(name, dataB, b);
  const { value, interval, standardError } = poissonBootstrap(n, weights => ofA(weights) - ofB(weights), {
    confidence,
    rng,
    ...(replicates !== undefined && { replicates }),
  });
  const pValue = pValueOf(value, standardError, z => Math.min(1, 2 * normalSf(Math.abs(z))));
  return { interval, standardError, pValue, method: 'bootstrap' };
}

function pValueOf(difference: number, error: number, of: (statistic: number) => number): number {
  if (difference === 0 && error === 0) return 1;
  if (error === 0) return 0;
  return of(difference / error);
}

/** Differences of influences where a metric has them: of means these are the losses. */
function pairedInfluence(
  name: string,
  dataA: MetricData,
  dataB: MetricData,
  a: CompleteRows,
  b: CompleteRows,
  definition: MetricDefinition,
): { difference: number; influence: Float64Array; method: IntervalMethod } | undefined {
  const lossesA = rowLossesOf(name, dataA, a);
  const lossesB = rowLossesOf(name, dataB, b);
  if (lossesA !== undefined && lossesB !== undefined) {
    if (name !== 'rmse') {
      const influence = lossesA.map((loss, i) => loss - lossesB[i]!);
      return { difference: mean(influence), influence, method: 't' };
    }
    const rootA = Math.sqrt(mean(lossesA));
    const rootB = Math.sqrt(mean(lossesB));
    // A root of 0 has no derivative: its losses are all 0.
    const share = (loss: number, root: number): number => (root === 0 ? 0 : loss / (2 * root));
    return {
      difference: rootA - rootB,
      influence: lossesA.map((loss, i) => share(loss, rootA) - share(lossesB[i]!, rootB)),
      method: 'delta',
    };
  }
  if (name === 'accuracy' || name === 'error_rate') {
    const sign = name === 'accuracy' ? 1 : -1;
    const right = ({ labels, predictions }: CompleteRows, i: number): number =>
      labels[i] === predictions[i] ? sign : 0;
    const influence = a.labels.map((_, i) => right(a, i) - right(b, i));
    return { difference: mean(influence), influence, method: 't' };
  }
  if (definition.method !== 'delta' || definition.needs !== 'scores') {
    if (name !== 'r2' && name !== 'explained_variance') return undefined;
  }
  const ofA = influenceOf(name, dataA, a);
  const ofB = influenceOf(name, dataB, b);
  return {
    difference: ofA.value - ofB.value,
    influence: ofA.influence.map((one, i) => one - ofB.influence[i]!),
    method: 'delta',
  };
}

/** Rows that are complete in both; labels have to agree there. */
function bothComplete(
  dataA: MetricData,
  dataB: MetricData,
  needs: 'predictions' | 'scores',
): [CompleteRows, CompleteRows] {
  const n = dataA.labels.length;
  const mark = (labels: ArrayLike<number>, other: MetricData): MetricData => ({ ...other, labels });
  // Rows carry their number as a label through the first cut.
  const numbers = (data: MetricData): Float64Array =>
    completeRows(
      mark(
        Float64Array.from(data.labels, (label, i) => (Number.isNaN(label) ? NaN : i)),
        data,
      ),
      needs,
    ).labels;
  const inA = new Uint8Array(n);
  for (const row of numbers(dataA)) inA[row] = 1;
  const both = new Uint8Array(n);
  for (const row of numbers(dataB)) both[row] = inA[row]!;
  const cut = (data: MetricData): CompleteRows =>
    completeRows(
      mark(
        Float64Array.from(data.labels, (label, i) => (both[i] === 1 ? label : NaN)),
        data,
      ),
      needs,
    );
  const [a, b] = [cut(dataA), cut(dataB)];
  for (let i = 0; i < a.labels.length; i++)
    if (a.labels[i] !== b.labels[i])
      throw new RangeError('labels differ between the two: they are not paired');
  return [a, b];
}
