import type { BinaryConfusion } from '../classification/binary-confusion.js';
import { requireOpenUnit, requireSameLength, type Sample } from '../common/samples.js';
import { ascendingOrder } from '../metrics/correlation.js';
import { normalQuantile } from '../special/normal.js';

/** A figure that labels would give, estimated before they are there. */
export interface LabelFreeEstimate {
  readonly value: number;
  /** Of realised − estimated figure, if the probabilities are calibrated. */
  readonly standardError: number;
  /** Where the realised figure should lie. */
  readonly interval: readonly [low: number, high: number];
}

export interface CbpeEstimates {
  /** Rows with a probability, a score and a prediction. */
  readonly n: number;
  /** Expected counts. */
  readonly confusion: BinaryConfusion;
  readonly accuracy: LabelFreeEstimate;
  readonly precision: LabelFreeEstimate;
  readonly recall: LabelFreeEstimate;
  readonly specificity: LabelFreeEstimate;
  readonly f1: LabelFreeEstimate;
  readonly auc: LabelFreeEstimate;
  readonly average_precision: LabelFreeEstimate;
}

export interface CbpeOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Labelled rows that the calibration was fitted on: its own error is added to that of the labels to come. */
  readonly referenceRows?: number;
}

/**
 * Confidence-based performance estimation (NannyML): expected confusion of `predictions` (0 or 1) when each row is positive
 * with its `calibrated` probability; ranking figures by `scores` from the top, tied scores together. Right as long as the
 * probabilities stay calibrated (no concept drift). Standard errors are those of independent labels by the delta method.
 * Rows with a NaN are left out; a figure without expected rows is NaN.
 */
export function cbpe(
  calibrated: Sample,
  scores: Sample,
  predictions: Sample,
  { confidence = 0.95, referenceRows = Infinity }: CbpeOptions = {},
): CbpeEstimates {
  requireSameLength('calibrated', calibrated, 'scores', scores);
  requireSameLength('calibrated', calibrated, 'predictions', predictions);
  requireOpenUnit('confidence', confidence);
  const kept: number[] = [];
  for (let i = 0; i < calibrated.length; i++) {
    const p = calibrated[i]!;
    if (Number.isNaN(p + scores[i]! + predictions[i]!)) continue;
    if (!(p >= 0 && p <= 1)) throw new RangeError(`probabilities must lie in [0, 1], got ${p} at ${i}`);
    kept.push(i);
  }
  const n = kept.length;
  const p = Float64Array.from(kept, row => calibrated[row]!);
  const s = Float64Array.from(kept, row => scores[row]!);
  const chosen = Uint8Array.from(kept, row => (predictions[row] === 1 ? 1 : 0));
  const c = { tp: 0, fp: 0, tn: 0, fn: 0 };
  for (let i = 0; i < n; i++) {
    c.tp += chosen[i]! * p[i]!;
    c.fp += chosen[i]! * (1 - p[i]!);
    c.tn += (1 - chosen[i]!) * (1 - p[i]!);
    c.fn += (1 - chosen[i]!) * p[i]!;
  }
  const z = normalQuantile((1 + confidence) / 2);
  const inflation = 1 + n / referenceRows;
  /** From the derivative of the figure by the label of each row. */
  const estimate = (value: number, derivative: (row: number) => number): LabelFreeEstimate => {
    let variance = 0;
    for (let i = 0; i < n; i++) variance += p[i]! * (1 - p[i]!) * derivative(i) ** 2;
    const standardError = Number.isNaN(value) ? NaN : Math.sqrt(variance * inflation);
    return {
      value,
      standardError,
      interval: [Math.max(0, value - z * standardError), Math.min(1, value + z * standardError)],
    };
  };
  const precision = c.tp / (c.tp + c.fp);
  const recall = c.tp / (c.tp + c.fn);
  const specificity = c.tn / (c.tn + c.fp);
  const f1 = (2 * c.tp) / (2 * c.tp + c.fp + c.fn);
  const ranking = expectedRanking(p, s);
  return {
    n,
    confusion: c,
    accuracy: estimate((c.tp + c.tn) / n, i => (2 * chosen[i]! - 1) / n),
    precision: estimate(precision, i => chosen[i]! / (c.tp + c.fp)),
    recall: estimate(recall, i => (chosen[i]! - recall) / (c.tp + c.fn)),
    specificity: estimate(specificity, i => (chosen[i]! - 1 + specificity) / (c.tn + c.fp)),
    f1: estimate(f1, i => (2 * chosen[i]! - f1) / (2 * c.tp + c.fp + c.fn)),
    auc: estimate(ranking.auc, i => ranking.aucDerivative[i]!),
    average_precision: estimate(ranking.averagePrecision, i => ranking.precisionDerivative[i]!),
  };
}

interface ExpectedRanking {
  readonly auc: number;
  readonly averagePrecision: number;
  /** By the label of each row. */
  readonly aucDerivative: Float64Array;
  readonly precisionDerivative: Float64Array;
}

/** Areas under the expected curves: at each distinct score from the top, expected positives and negatives so far. */
function expectedRanking(p: Float64Array, scores: Float64Array): ExpectedRanking {
  const n = p.length;
  const order = ascendingOrder(scores).reverse();
  let positives = 0;
  for (let i = 0; i < n; i++) positives += p[i]!;
  const negatives = n - positives;
  const ends: number[] = [];
  for (let i = 0; i < n; ) {
    let j = i + 1;
    while (j < n && scores[order[j]!] === scores[order[i]!]) j++;
    ends.push(j);
    i = j;
  }
  // `above` and `own` are expected positives above and at a score; precision there; and what it adds to the area.
  const above = new Float64Array(ends.length);
  const own = new Float64Array(ends.length);
  let area = 0;
  let sum = 0;
  let start = 0;
  let before = 0;
  ends.forEach((end, k) => {
    let mass = 0;
    for (let i = start; i < end; i++) mass += p[order[i]!]!;
    above[k] = before;
    own[k] = mass;
    area += (end - start - mass) * (before + mass / 2);
    sum += (mass * (before + mass)) / end;
    before += mass;
    start = end;
  });
  const auc = area / (positives * negatives);
  const averagePrecision = sum / positives;
  const aucDerivative = new Float64Array(n);
  const precisionDerivative = new Float64Array(n);
  let later = 0;
  for (let k = ends.length - 1; k >= 0; k--) {
    const end = ends[k]!;
    const from = k === 0 ? 0 : ends[k - 1]!;
    later += own[k]! / end;
    const middle = above[k]! + own[k]! / 2;
    // Negatives below minus positives above, ties counting half.
    const below = negatives - ((from + end) / 2 - middle);
    const byAuc = (below - middle - auc * (negatives - positives)) / (positives * negatives);
    const byPrecision = ((above[k]! + own[k]!) / end + later - averagePrecision) / positives;
    for (let i = from; i < end; i++) {
      aucDerivative[order[i]!] = byAuc;
      precisionDerivative[order[i]!] = byPrecision;
    }
  }
  return { auc, averagePrecision, aucDerivative, precisionDerivative };
}
