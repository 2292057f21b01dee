import type { BinaryConfusion } from '../classification/binary-confusion.js';

/** How many rows have benefit 0, 1 and 2. */
type Benefits = readonly [none: number, fair: number, extra: number];

/** Benefit of a row = 1 + prediction − label (Speicher et al. 2018): a missed positive 0, a right answer 1, a gift 2. */
function benefits({ tp, fp, tn, fn }: BinaryConfusion): Benefits {
  return [fn, tp + tn, fp];
}

/** Generalized entropy of weighted values; NaN without rows or when all values are 0. */
function generalizedEntropy(values: readonly number[], weights: readonly number[], alpha: number): number {
  let n = 0;
  let total = 0;
  values.forEach((value, i) => {
    n += weights[i]!;
    total += weights[i]! * value;
  });
  const mean = total / n;
  if (!(mean > 0)) return NaN;
  let sum = 0;
  values.forEach((value, i) => {
    if (weights[i] === 0) return;
    const share = value / mean;
    const term =
      alpha === 1
        ? share === 0
          ? 0
          : share * Math.log(share)
        : alpha === 0
          ? -Math.log(share)
          : share ** alpha - 1;
    sum += weights[i]! * term;
  });
  return sum / n / (alpha === 0 || alpha === 1 ? 1 : alpha * (alpha - 1));
}

/**
 * Inequality of individual benefits: generalized entropy index (AIF360). α = 1 is the Theil index, α = 0 the mean log
 * deviation (Infinity as soon as a row has no benefit), α = 2 half the squared coefficient of variation. NaN without rows or
 * when nobody benefits.
 */
export function generalizedEntropyIndex(confusion: BinaryConfusion, alpha = 2): number {
  return generalizedEntropy([0, 1, 2], benefits(confusion), alpha);
}

/** Theil index of individual benefits: generalized entropy with α = 1. */
export function theilIndex(confusion: BinaryConfusion): number {
  return generalizedEntropyIndex(confusion, 1);
}

/** The part of the inequality that lies between groups: everyone has the mean benefit of their group. */
export function betweenGroupEntropyIndex(groups: readonly BinaryConfusion[], alpha = 2): number {
  const means: number[] = [];
  const sizes: number[] = [];
  for (const group of groups) {
    const [none, fair, extra] = benefits(group);
    const n = none + fair + extra;
    if (n === 0) continue;
    means.push((fair + 2 * extra) / n);
    sizes.push(n);
  }
  return generalizedEntropy(means, sizes, alpha);
}
