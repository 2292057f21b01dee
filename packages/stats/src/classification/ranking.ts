import type { Sample } from '../common/samples.js';
import { splitByClass } from '../metrics/roc-auc.js';

/** Cumulated rows at and above each distinct score, highest score first. */
export interface RankingCurve {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** The points behind ROC and precision–recall curves; undefined when empty or when anything is NaN. */
export function rankingCurve(labels: Sample, scores: Sample): RankingCurve | undefined {
  const classes = splitByClass(labels, scores, true);
  if (classes === undefined || labels.length === 0) return undefined;
  const positive = classes.positive.sort();
  const negative = classes.negative.sort();
  const n = labels.length;
  const thresholds = new Float64Array(n);
  const truePositives = new Float64Array(n);
  const falsePositives = new Float64Array(n);
  let points = 0;
  let p = positive.length;
  let q = negative.length;
  while (p > 0 || q > 0) {
    const score = Math.max(p > 0 ? positive[p - 1]! : -Infinity, q > 0 ? negative[q - 1]! : -Infinity);
    while (p > 0 && positive[p - 1]! === score) p--;
    while (q > 0 && negative[q - 1]! === score) q--;
    thresholds[points] = score;
    truePositives[points] = positive.length - p;
    falsePositives[points++] = negative.length - q;
  }
  return {
    thresholds: thresholds.subarray(0, points),
    truePositives: truePositives.subarray(0, points),
    falsePositives: falsePositives.subarray(0, points),
    positives: positive.length,
    negatives: negative.length,
  };
}

/**
 * Average precision Σ (R_k − R_{k−1})·P_k over distinct thresholds from the top (scikit-learn). 0 without positive rows;
 * NaN when empty or when anything is NaN.
 */
export function averagePrecision(labels: Sample, scores: Sample): number {
  const curve = rankingCurve(labels, scores);
  return curve === undefined ? NaN : averagePrecisionOf(curve);
}

export function averagePrecisionOf(curve: Pick<RankingCurve, 'truePositives' | 'falsePositives'>): number {
  const { truePositives, falsePositives } = curve;
  const positives = truePositives[truePositives.length - 1]!;
  if (positives === 0) return 0;
  let sum = 0;
  let before = 0;
  for (let k = 0; k < truePositives.length; k++) {
    const tp = truePositives[k]!;
    if (tp > before) sum += ((tp - before) * tp) / (tp + falsePositives[k]!);
    before = tp;
  }
  return sum / positives;
}

/**
 * Area under the precision–recall points by trapezoids, from (recall 0, precision 1). Optimistic between points; average
 * precision is the usual figure. ½ without positive rows (recall counts as 1 there, as scikit-learn); NaN as above.
 */
export function precisionRecallAuc(labels: Sample, scores: Sample): number {
  const curve = rankingCurve(labels, scores);
  return curve === undefined ? NaN : precisionRecallAucOf(curve);
}

export function precisionRecallAucOf(curve: Pick<RankingCurve, 'truePositives' | 'falsePositives'>): number {
  const { truePositives, falsePositives } = curve;
  const positives = truePositives[truePositives.length - 1]!;
  if (positives === 0) return 0.5;
  let sum = 0;
  let before = 0;
  let height = 1;
  for (let k = 0; k < truePositives.length; k++) {
    const tp = truePositives[k]!;
    const rows = tp + falsePositives[k]!;
    const precision = rows === 0 ? 1 : tp / rows;
    sum += ((tp - before) * (precision + height)) / 2;
    before = tp;
    height = precision;
  }
  return sum / positives;
}

/** Largest distance |TPR − FPR| over thresholds, the Kolmogorov–Smirnov statistic of the classes; NaN without one of them. */
export function ksSeparation(labels: Sample, scores: Sample): number {
  const curve = rankingCurve(labels, scores);
  return curve === undefined ? NaN : ksSeparationOf(curve);
}

export function ksSeparationOf(curve: Pick<RankingCurve, 'truePositives' | 'falsePositives'>): number {
  const { truePositives, falsePositives } = curve;
  const positives = truePositives[truePositives.length - 1]!;
  const negatives = falsePositives[falsePositives.length - 1]!;
  if (positives === 0 || negatives === 0) return NaN;
  let largest = 0;
  for (let k = 0; k < truePositives.length; k++) {
    const gap = Math.abs(truePositives[k]! / positives - falsePositives[k]! / negatives);
    if (gap > largest) largest = gap;
  }
  return largest;
}
