import { requireSameLength, type Sample } from '../common/samples.js';
import { shareBelow } from '../metrics/delong.js';

/** A figure that is a mean over rows to first order, and how far each row moves it (its influence function). */
export interface Influence {
  readonly value: number;
  /** Mean 0; the standard error is √(Σ influence²)/n. */
  readonly influence: Float64Array;
}

/** Adds the AUC of `own` rows above `other` rows by `column`, with weight, to the sum and to the influences. */
function addAuc(
  total: { value: number; influence: Float64Array },
  own: Int32Array,
  other: Int32Array,
  score: (row: number) => number,
  weight: number,
): void {
  const ownScores = Float64Array.from(own, score);
  const otherScores = Float64Array.from(other, score);
  const above = shareBelow(ownScores, otherScores);
  const below = shareBelow(otherScores, ownScores);
  let auc = 0;
  for (const share of above) auc += share;
  auc /= own.length;
  const n = total.influence.length;
  for (let i = 0; i < own.length; i++)
    total.influence[own[i]!]! += (weight * (above[i]! - auc) * n) / own.length;
  for (let i = 0; i < other.length; i++)
    total.influence[other[i]!]! += (weight * (1 - below[i]! - auc) * n) / other.length;
  total.value += weight * auc;
}

function rowsOf(labels: Sample, holds: (label: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (let i = 0; i < labels.length; i++) if (holds(labels[i]!)) rows.push(i);
  return Int32Array.from(rows);
}

/**
 * Mean AUC of several classes: each class against the rest (`ovr`, unweighted) or, for every ordered pair of classes, by
 * the first one's probability within the rows of both (`ovo`, Hand & Till 2001). `probabilities` has one row of `classes`
 * numbers per label. Classes without rows are left out of `ovo` and make `ovr` NaN (scikit-learn); so do one class only, and
 * any NaN.
 */
export function multiclassAuc(
  labels: Sample,
  probabilities: Sample,
  classes: number,
  average: 'ovr' | 'ovo',
): Influence {
  const n = labels.length;
  requireSameLength('labels × classes', { length: n * classes }, 'probabilities', probabilities);
  const undefinedAuc = { value: NaN, influence: new Float64Array(n).fill(NaN) };
  for (let i = 0; i < probabilities.length; i++) if (Number.isNaN(probabilities[i]!)) return undefinedAuc;
  const byClass = Array.from({ length: classes }, (_, c) => rowsOf(labels, label => label === c));
  const present = byClass.flatMap((rows, c) => (rows.length > 0 ? [c] : []));
  if (present.length < 2 || (average === 'ovr' && present.length < classes)) return undefinedAuc;
  const total = { value: 0, influence: new Float64Array(n) };
  for (const a of present) {
    const score = (row: number): number => probabilities[row * classes + a]!;
    if (average === 'ovr')
      addAuc(
        total,
        byClass[a]!,
        rowsOf(labels, label => label !== a),
        score,
        1 / classes,
      );
    else
      for (const b of present)
        if (b !== a)
          addAuc(total, byClass[a]!, byClass[b]!, score, 1 / (present.length * (present.length - 1)));
  }
  return total;
}
