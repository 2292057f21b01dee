import { mean } from '../common/moments.js';
import { requireOpenUnit, type Sample } from '../common/samples.js';
import { clopperPearson } from '../intervals/clopper-pearson.js';
import { normalQuantile, normalSf } from '../special/normal.js';
import { splitByClass } from './roc-auc.js';

export interface RocAucInterval {
  readonly auc: number;
  readonly low: number;
  readonly high: number;
  /** DeLong's standard error of the AUC itself. */
  readonly standardError: number;
  readonly positives: number;
  readonly negatives: number;
}

export interface DeLongResult {
  readonly aucA: number;
  readonly aucB: number;
  /** aucA − aucB. */
  readonly difference: number;
  readonly standardError: number;
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
}

/** Placement of each score among the other class: the share below it, ties counting ½. */
interface Placements {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

function placements(labels: Sample, scores: Sample): Placements | undefined {
  const classes = splitByClass(labels, scores);
  if (classes === undefined) return undefined;
  return {
    positive: shareBelow(classes.positive, classes.negative),
    negative: shareBelow(classes.negative, classes.positive).map(share => 1 - share),
  };
}

/** For each score the share of `others` below it, ties counting ½. */
export function shareBelow(scores: Float64Array, others: Float64Array): Float64Array {
  const sorted = others.slice().sort();
  return scores.map(
    score => (bound(sorted, score, false) + bound(sorted, score, true)) / (2 * sorted.length),
  );
}

/** How many values of a sorted array lie below `value` (or not above it). */
function bound(sorted: Float64Array, value: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle]!;
    if (other < value || (inclusive && other === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function covariance(a: Float64Array, b: Float64Array): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - meanA) * (b[i]! - meanB);
  return sum / (a.length - 1);
}

function varianceOfMean(values: Float64Array): number {
  return covariance(values, values) / values.length;
}

/**
 * Confidence interval of the AUC with DeLong's variance (DeLong, DeLong & Clarke-Pearson 1988), formed on the
 * log-odds scale so that it stays inside [0, 1] and covers near the ends. A perfect (or perfectly wrong) ranking has
 * variance 0 and says nothing by itself: then the exact binomial interval of the smaller class.
 * NaN throughout when `rocAuc` is NaN or a class has fewer than two rows.
 */
export function rocAucInterval(labels: Sample, scores: Sample, confidence = 0.95): RocAucInterval {
  requireOpenUnit('confidence', confidence);
  const placed = placements(labels, scores);
  const positives = placed?.positive.length ?? NaN;
  const negatives = placed?.negative.length ?? NaN;
  if (placed === undefined || positives < 2 || negatives < 2) {
    const auc = placed === undefined ? NaN : mean(placed.positive);
    return { auc, low: NaN, high: NaN, standardError: NaN, positives, negatives };
  }
  const auc = mean(placed.positive);
  const standardError = Math.sqrt(varianceOfMean(placed.positive) + varianceOfMean(placed.negative));
  const base = { auc, standardError, positives, negatives };
  if (standardError === 0) {
    const trials = Math.min(positives, negatives);
    const [low, high] = clopperPearson(Math.round(auc * trials), trials, confidence);
    return { ...base, low, high };
  }
  const z = normalQuantile((1 + confidence) / 2);
  const logit = Math.log(auc / (1 - auc));
  const half = (z * standardError) / (auc * (1 - auc));
  return { ...base, low: logistic(logit - half), high: logistic(logit + half) };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * DeLong's paired test of two models' AUCs on the same rows. Equal rankings: difference 0, p = 1 (z is 0).
 * A difference whose estimated variance is 0: z ±Infinity, p = 0. NaN when either AUC is NaN or a class has one row.
 */
export function deLongTest(labels: Sample, scoresA: Sample, scoresB: Sample): DeLongResult {
  const a = placements(labels, scoresA);
  const b = placements(labels, scoresB);
  const aucA = a === undefined ? NaN : mean(a.positive);
  const aucB = b === undefined ? NaN : mean(b.positive);
  const difference = aucA - aucB;
  if (a === undefined || b === undefined || a.positive.length < 2 || a.negative.length < 2) {
    return { aucA, aucB, difference, standardError: NaN, z: NaN, pValue: NaN };
  }
  const perPositive = a.positive.map((value, i) => value - b.positive[i]!);
  const perNegative = a.negative.map((value, i) => value - b.negative[i]!);
  const standardError = Math.sqrt(varianceOfMean(perPositive) + varianceOfMean(perNegative));
  const z = difference === 0 ? 0 : difference / standardError;
  return { aucA, aucB, difference, standardError, z, pValue: Math.min(1, 2 * normalSf(Math.abs(z))) };
}
