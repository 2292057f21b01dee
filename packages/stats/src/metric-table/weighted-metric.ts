import { averagePrecisionOf, ksSeparationOf, precisionRecallAucOf } from '../classification/ranking.js';
import { ascendingOrder, midRanks } from '../metrics/correlation.js';
import { rowErrorsOf } from '../metrics/regression-errors.js';
import { type ConfusionMetric, confusionMetric } from './confusion-interval.js';
import type { CompleteRows, MetricData } from './metric-data.js';
import { multiclassFigure } from './metric-value.js';
import { rowLossesOf } from './row-losses.js';

type Weighted = (weights: Float64Array) => number;

/**
 * A metric as a function of one weight a row, what is sorted or binned being so once: for the bootstrap. Ranks of Spearman
 * stay those of the whole sample. Throws for metrics that have no such form (`kendall`, `max_error`, AUC of many classes).
 */
export function weightedMetric(name: string, data: MetricData, rows: CompleteRows): Weighted {
  const losses = rowLossesOf(name, data, rows);
  if (losses !== undefined) {
    const root = name === 'rmse';
    return weights => (root ? Math.sqrt(weightedMean(losses, weights)) : weightedMean(losses, weights));
  }
  const of = data.task === 'binary' ? binary(name, rows) : other(name, data, rows);
  if (of === undefined) throw new RangeError(`${name} has no weighted form`);
  return of;
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
  }
  return sum / total;
}

function binary(name: string, { labels, predictions, scores }: CompleteRows): Weighted | undefined {
  switch (name) {
    case 'auc':
      return ranked(labels, scores, rankedAuc);
    case 'average_precision':
      return ranked(labels, scores, curve => positiveOnly(curve, averagePrecisionOf));
    case 'pr_auc':
      return ranked(labels, scores, curve => positiveOnly(curve, precisionRecallAucOf));
    case 'ks':
      return ranked(labels, scores, ksSeparationOf);
    case 'ece':
    case 'mce':
      return calibration(labels, scores, name === 'mce');
    default: {
      const cells = labels.map((label, i) => 2 * label + predictions[i]!);
      const counts = new Float64Array(4);
      return weights => {
        counts.fill(0);
        for (let i = 0; i < cells.length; i++) counts[cells[i]!]! += weights[i]!;
        const [tn, fp, fn, tp] = counts as unknown as [number, number, number, number];
        return confusionMetric(name as ConfusionMetric, { tp, fp, tn, fn });
      };
    }
  }
}

interface Curve {
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

function positiveOnly(curve: Curve, of: (curve: Curve) => number): number {
  return curve.truePositives[curve.truePositives.length - 1]! > 0 ? of(curve) : NaN;
}

function rankedAuc({ truePositives, falsePositives }: Curve): number {
  let area = 0;
  let tp = 0;
  let fp = 0;
  for (let k = 0; k < truePositives.length; k++) {
    area += ((falsePositives[k]! - fp) * (truePositives[k]! + tp)) / 2;
    tp = truePositives[k]!;
    fp = falsePositives[k]!;
  }
  return area / (tp * fp);
}

function ranked(labels: Float64Array, scores: Float64Array, of: (curve: Curve) => number): Weighted {
  const order = ascendingOrder(scores).reverse();
  const n = order.length;
  // Point of the curve that each ranked row belongs to: ties share one.
  const point = new Uint32Array(n);
  for (let i = 1; i < n; i++)
    point[i] = point[i - 1]! + (scores[order[i]!] === scores[order[i - 1]!] ? 0 : 1);
  const points = n === 0 ? 0 : point[n - 1]! + 1;
  const truePositives = new Float64Array(points);
  const falsePositives = new Float64Array(points);
  return weights => {
    let tp = 0;
    let fp = 0;
    for (let i = 0; i < n; i++) {
      const row = order[i]!;
      if (labels[row] === 1) tp += weights[row]!;
      else fp += weights[row]!;
      truePositives[point[i]!] = tp;
      falsePositives[point[i]!] = fp;
    }
    return points === 0 ? NaN : of({ truePositives, falsePositives });
  };
}

function calibration(labels: Float64Array, scores: Float64Array, largest: boolean, bins = 10): Weighted {
  const bin = Uint8Array.from(scores, score => Math.min(Math.floor(score * bins), bins - 1));
  const counts = new Float64Array(bins);
  const gaps = new Float64Array(bins);
  return weights => {
    counts.fill(0);
    gaps.fill(0);
    let total = 0;
    for (let i = 0; i < bin.length; i++) {
      const weight = weights[i]!;
      total += weight;
      counts[bin[i]!]! += weight;
      gaps[bin[i]!]! += weight * (labels[i]! - scores[i]!);
    }
    let sum = 0;
    let top = NaN;
    for (let b = 0; b < bins; b++) {
      if (counts[b] === 0) continue;
      sum += Math.abs(gaps[b]!);
      const gap = Math.abs(gaps[b]!) / counts[b]!;
      if (!(gap <= top)) top = gap;
    }
    return largest ? top : sum / total;
  };
}

function other(name: string, data: MetricData, rows: CompleteRows): Weighted | undefined {
  const { labels, predictions } = rows;
  if (data.task === 'multiclass') {
    if (rows.predictions.length === 0) return undefined;
    const { classes } = data;
    const cells = labels.map((label, i) => label * classes + predictions[i]!);
    const counts = new Float64Array(classes * classes);
    const figure = multiclassFigure(name);
    return weights => {
      counts.fill(0);
      for (let i = 0; i < cells.length; i++) counts[cells[i]!]! += weights[i]!;
      return figure({ classes, counts });
    };
  }
  switch (name) {
    case 'pearson':
      return correlation(labels, predictions);
    case 'spearman':
      return correlation(midRanks(labels), midRanks(predictions));
    case 'r2':
    case 'explained_variance':
      return explained(labels, predictions, name === 'explained_variance');
    case 'medae':
      return median(rowErrorsOf('absolute', labels, predictions));
    default:
      return undefined;
  }
}

function correlation(a: Float64Array, b: Float64Array): Weighted {
  return weights => {
    const meanA = weightedMean(a, weights);
    const meanB = weightedMean(b, weights);
    let aa = 0;
    let bb = 0;
    let ab = 0;
    for (let i = 0; i < a.length; i++) {
      const x = a[i]! - meanA;
      const y = b[i]! - meanB;
      aa += weights[i]! * x * x;
      bb += weights[i]! * y * y;
      ab += weights[i]! * x * y;
    }
    return ab / Math.sqrt(aa * bb);
  };
}

function explained(labels: Float64Array, predictions: Float64Array, centred: boolean): Weighted {
  const errors = labels.map((label, i) => label - predictions[i]!);
  return weights => {
    const centre = weightedMean(labels, weights);
    const shift = centred ? weightedMean(errors, weights) : 0;
    let residual = 0;
    let total = 0;
    for (let i = 0; i < labels.length; i++) {
      residual += weights[i]! * (errors[i]! - shift) ** 2;
      total += weights[i]! * (labels[i]! - centre) ** 2;
    }
    return 1 - residual / total;
  };
}

function median(values: Float64Array): Weighted {
  const order = ascendingOrder(values);
  return weights => {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]!;
    let below = 0;
    for (let i = 0; i < order.length; i++) {
      below += weights[order[i]!]!;
      if (2 * below > total) return values[order[i]!]!;
      if (2 * below === total && i + 1 < order.length) {
        let next = i + 1;
        while (next + 1 < order.length && weights[order[next]!] === 0) next++;
        return (values[order[i]!]! + values[order[next]!]!) / 2;
      }
    }
    return NaN;
  };
}
