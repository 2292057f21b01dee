import type { BinaryConfusion } from '../classification/binary-confusion.js';

/**
 * Smoothed empirical differential fairness ε (Foulds et al. 2020; AIF360): the largest |log ratio| of any outcome's
 * probability between two groups, outcome counts smoothed by a symmetric Dirichlet prior of total `concentration`. 0 is
 * parity; fewer than two groups give 0.
 */
export function differentialFairness(
  groups: readonly BinaryConfusion[],
  outcome: 'predictions' | 'labels',
  concentration = 1,
): number {
  const rates = groups.map(({ tp, fp, tn, fn }) => {
    const positive = outcome === 'predictions' ? tp + fp : tp + fn;
    return (positive + concentration / 2) / (tp + fp + tn + fn + concentration);
  });
  const spread = (logs: readonly number[]): number => Math.max(...logs) - Math.min(...logs);
  if (rates.length < 2) return 0;
  return Math.max(spread(rates.map(rate => Math.log(rate))), spread(rates.map(rate => Math.log1p(-rate))));
}
