import { requireNonNegative, requireSameLength, type Sample } from '../common/samples.js';

export interface LogisticShift {
  /** δ: add it to the log-odds of every probability. */
  readonly shift: number;
  /** From the curvature at the maximum (with the ridge, if any). */
  readonly standardError: number;
  readonly n: number;
}

export interface LogisticShiftOptions {
  /**
   * Penalty ridge·δ²/2, as if δ had the prior N(0, 1/ridge): shrinks towards 0 when labels are few, and keeps
   * δ finite when they are all alike. Default 0.
   */
  readonly ridge?: number;
}

const CLIP = 1e-12;

/**
 * Maximum-likelihood intercept shift of a probabilistic classifier: the δ for which sigmoid(logit(p) + δ) fits the
 * labels best, that is, for which the mean probability equals the base rate (a logistic regression whose only
 * free term is the intercept, with logit(p) as offset). Probabilities are clipped to [1e-12, 1 − 1e-12].
 * Without ridge, labels all 1 (0) give shift +Infinity (−Infinity) and standardError Infinity.
 * No rows, or any NaN: NaN.
 */
export function logisticShift(
  labels: Sample,
  probabilities: Sample,
  { ridge = 0 }: LogisticShiftOptions = {},
): LogisticShift {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  requireNonNegative('ridge', ridge);
  const n = labels.length;
  const offsets = new Float64Array(n);
  let positives = 0;
  for (let i = 0; i < n; i++) {
    const p = Math.min(1 - CLIP, Math.max(CLIP, probabilities[i]!));
    offsets[i] = Math.log(p / (1 - p));
    positives += labels[i]! + 0 * p;
  }
  if (n === 0 || Number.isNaN(positives)) return { shift: NaN, standardError: NaN, n };
  if (ridge === 0 && (positives === 0 || positives === n)) {
    return { shift: positives === 0 ? -Infinity : Infinity, standardError: Infinity, n };
  }
  // The score falls strictly in δ: Newton inside a bracket cannot run away.
  let low = -100;
  let high = 100;
  let shift = 0;
  for (let step = 0; step < 200; step++) {
    const { score, information } = derivatives(offsets, shift, positives, ridge);
    if (score > 0) low = shift;
    else high = shift;
    let next = shift + score / information;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const moved = Math.abs(next - shift);
    shift = next;
    if (moved <= 1e-12 * Math.max(1, Math.abs(shift))) break;
  }
  const { information } = derivatives(offsets, shift, positives, ridge);
  return { shift, standardError: 1 / Math.sqrt(information), n };
}

function derivatives(
  offsets: Float64Array,
  shift: number,
  positives: number,
  ridge: number,
): { score: number; information: number } {
  let expected = 0;
  let information = ridge;
  for (let i = 0; i < offsets.length; i++) {
    const p = 1 / (1 + Math.exp(-(offsets[i]! + shift)));
    expected += p;
    information += p * (1 - p);
  }
  return { score: positives - expected - ridge * shift, information };
}
