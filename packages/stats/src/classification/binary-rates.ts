import type { BinaryConfusion } from './binary-confusion.js';

type Proportion = readonly [successes: number, trials: number];

/** Every rate is a proportion of counted rows, hence has a binomial interval. */
const RATES = {
  accuracy: ({ tp, fp, tn, fn }: BinaryConfusion): Proportion => [tp + tn, tp + fp + tn + fn],
  error_rate: ({ tp, fp, tn, fn }: BinaryConfusion): Proportion => [fp + fn, tp + fp + tn + fn],
  base_rate: ({ tp, fp, tn, fn }: BinaryConfusion): Proportion => [tp + fn, tp + fp + tn + fn],
  selection_rate: ({ tp, fp, tn, fn }: BinaryConfusion): Proportion => [tp + fp, tp + fp + tn + fn],
  recall: ({ tp, fn }: BinaryConfusion): Proportion => [tp, tp + fn],
  false_negative_rate: ({ tp, fn }: BinaryConfusion): Proportion => [fn, tp + fn],
  specificity: ({ fp, tn }: BinaryConfusion): Proportion => [tn, fp + tn],
  false_positive_rate: ({ fp, tn }: BinaryConfusion): Proportion => [fp, fp + tn],
  precision: ({ tp, fp }: BinaryConfusion): Proportion => [tp, tp + fp],
  false_discovery_rate: ({ tp, fp }: BinaryConfusion): Proportion => [fp, tp + fp],
  negative_predictive_value: ({ tn, fn }: BinaryConfusion): Proportion => [tn, tn + fn],
  false_omission_rate: ({ tn, fn }: BinaryConfusion): Proportion => [fn, tn + fn],
} as const;

/** Rates of a confusion table. Recall is also called true positive rate, specificity true negative rate. */
export type RateName = keyof typeof RATES;
export const RATE_NAMES = Object.keys(RATES) as readonly RateName[];

export function isRate(name: string): name is RateName {
  return Object.hasOwn(RATES, name);
}

/** Numerator and denominator of a rate, in rows. */
export function rateCounts(name: RateName, confusion: BinaryConfusion): Proportion {
  return RATES[name](confusion);
}

/** A rate; NaN when its denominator is 0. */
export function binaryRate(name: RateName, confusion: BinaryConfusion): number {
  const [successes, trials] = RATES[name](confusion);
  return successes / trials;
}

/** Harmonic mean of precision and recall, 2tp / (2tp + fp + fn); NaN when nothing is positive or predicted so. */
export function f1Score({ tp, fp, fn }: BinaryConfusion): number {
  return (2 * tp) / (2 * tp + fp + fn);
}

/** Mean of recall and specificity; of the one that is defined when a class has no rows (as scikit-learn). */
export function balancedAccuracy(confusion: BinaryConfusion): number {
  const recall = binaryRate('recall', confusion);
  const specificity = binaryRate('specificity', confusion);
  if (Number.isNaN(recall)) return specificity;
  return Number.isNaN(specificity) ? recall : (recall + specificity) / 2;
}

/** Correlation of label and prediction (Matthews 1975); NaN when either is constant. */
export function matthewsCorrelation({ tp, fp, tn, fn }: BinaryConfusion): number {
  const margins = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
  return (tp * tn - fp * fn) / margins;
}

/** Agreement beyond chance (Cohen 1960), unweighted; NaN when both are the same constant. */
export function cohenKappa({ tp, fp, tn, fn }: BinaryConfusion): number {
  const n = tp + fp + tn + fn;
  const chance = (tp + fp) * (tp + fn) + (tn + fp) * (tn + fn);
  return (n * (tp + tn) - chance) / (n * n - chance);
}
