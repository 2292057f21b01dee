import type { BinaryConfusion } from '../classification/binary-confusion.js';
import { binaryRate, type RateName } from '../classification/binary-rates.js';
import type { GroupConfusions } from './group-confusions.js';

/** How far figures of groups lie apart, as Fairlearn's MetricFrame aggregates them. */
export interface GroupSpread {
  readonly smallest: number;
  readonly largest: number;
  /** Largest − smallest. */
  readonly difference: number;
  /** Smallest / largest; NaN for 0/0. */
  readonly ratio: number;
  /** Largest |figure − overall|. */
  readonly differenceToOverall: number;
  /** Smallest of figure/overall and overall/figure. */
  readonly ratioToOverall: number;
}

/** Spread of figures of groups; NaN figures are left out, all NaN give NaN. */
export function groupSpread(figures: ArrayLike<number>, overall: number): GroupSpread {
  let smallest = Infinity;
  let largest = -Infinity;
  let away = 0;
  let ratioToOverall = Infinity;
  for (let g = 0; g < figures.length; g++) {
    const figure = figures[g]!;
    if (Number.isNaN(figure)) continue;
    smallest = Math.min(smallest, figure);
    largest = Math.max(largest, figure);
    away = Math.max(away, Math.abs(figure - overall));
    const ratio = Math.min(figure / overall, overall / figure);
    if (!Number.isNaN(ratio)) ratioToOverall = Math.min(ratioToOverall, ratio);
  }
  const none = largest === -Infinity;
  return {
    smallest: none ? NaN : smallest,
    largest: none ? NaN : largest,
    difference: none ? NaN : largest - smallest,
    ratio: none ? NaN : smallest / largest,
    differenceToOverall: none ? NaN : away,
    ratioToOverall: ratioToOverall === Infinity ? NaN : ratioToOverall,
  };
}

/** A rate of every group and its spread, 0/0 counting as 0 (Fairlearn's and scikit-learn's convention). */
export function rateSpread(name: RateName, { overall, groups }: GroupConfusions): GroupSpread {
  const rate = (confusion: BinaryConfusion): number => orZero(binaryRate(name, confusion));
  return groupSpread(groups.map(rate), rate(overall));
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** Spread of the selection rate (Fairlearn's demographic_parity_difference and _ratio). */
export function demographicParity(confusions: GroupConfusions): Pick<GroupSpread, 'difference' | 'ratio'> {
  return rateSpread('selection_rate', confusions);
}

/** Spread of the true positive rate (Fairlearn's equal_opportunity_difference and _ratio). */
export function equalOpportunity(confusions: GroupConfusions): Pick<GroupSpread, 'difference' | 'ratio'> {
  return rateSpread('recall', confusions);
}

export interface EqualizedOdds {
  /** Larger of the differences of the true and false positive rates. */
  readonly difference: number;
  /** Mean of the two. */
  readonly differenceMean: number;
  /** Smaller of the two ratios; NaN when the true positive rate is 0 in every group. */
  readonly ratio: number;
}

/** Spread of true and false positive rates together (Fairlearn's equalized_odds_*). */
export function equalizedOdds(confusions: GroupConfusions): EqualizedOdds {
  const tpr = rateSpread('recall', confusions);
  const fpr = rateSpread('false_positive_rate', confusions);
  return {
    difference: Math.max(tpr.difference, fpr.difference),
    differenceMean: (tpr.difference + fpr.difference) / 2,
    // As Fairlearn: a false positive rate that is 0 everywhere leaves the other ratio, the reverse is NaN.
    ratio: fpr.ratio < tpr.ratio ? fpr.ratio : tpr.ratio,
  };
}
