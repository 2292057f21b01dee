import { normalQuantile } from '../special/normal.js';
import { groupQuantile, type TieGroups } from './tie-groups.js';

/** Score functions of ranks u in (0, 1), each the locally most powerful one for a family. */
export type RankScore = 'normal' | 'logistic' | 't2' | 'cauchy' | 'spread';

/**
 * The location scores that suit the tails of the pooled sample: van der Waerden's for normal ones, Wilcoxon's for
 * logistic, those of t with 2 degrees of freedom and of Cauchy for heavy and very heavy ones.
 *
 * The choice costs nothing: under H0 the order statistics of the pooled sample are independent of the ranks, so that a
 * test chosen by them keeps its level exactly (Hogg 1974; Randles & Wolfe 1979, ch. 11). Tail weight is the width of the
 * central 95 % over that of the central 50 %, each side by itself, so that skewness does not pass for a heavy tail.
 */
export function locationScore(groups: TieGroups): RankScore {
  const [a, b, c, d, e] = [0.025, 0.25, 0.5, 0.75, 0.975].map(q => groupQuantile(groups, 'pooled', q)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const weight = Math.sqrt(((c - a) / (c - b)) * ((e - c) / (d - c)));
  // Ties at the median or infinite values: no tails to speak of.
  if (!Number.isFinite(weight)) return 'logistic';
  if (weight < 3.45) return 'normal';
  if (weight < 4.2) return 'logistic';
  return weight < 8 ? 't2' : 'cauchy';
}

/** Standardised only roughly: {@link rankTest} divides by the standard deviation of the scores that occur. */
export function scoreOf(score: RankScore, u: number): number {
  switch (score) {
    case 'normal':
      return normalQuantile(u);
    case 'logistic':
      return u - 0.5;
    case 't2':
      return (2 * u - 1) * Math.sqrt(u * (1 - u));
    case 'cauchy':
      return -Math.sin(2 * Math.PI * u);
    case 'spread':
      // Optimal for the scale of a Cauchy distribution; bounded and symmetric, so that its tail is never heavier than normal.
      return -Math.cos(2 * Math.PI * u);
  }
}

export interface RankTest {
  /** Standard normal under random re-assignment of the rows; positive when the current sample has the higher scores. */
  readonly z: number;
  /** Two-sided, from the upper tail, with the exact permutation variance and a correction for skewness. */
  readonly skewness: number;
}

/**
 * Linear rank statistic Σ a(rank) of the current sample, standardised by its exact mean and variance over all
 * re-assignments of the rows; tied rows share the score of their middle rank. Everything tied gives 0.
 * Source: Hájek, Šidák & Sen 1999, ch. 3.3 and 4.
 */
export function rankTest({ reference, current, n, m }: TieGroups, score: RankScore): RankTest {
  const total = n + m;
  let below = 0;
  let sum = 0;
  let square = 0;
  let cube = 0;
  let found = 0;
  for (let g = 0; g < reference.length; g++) {
    const tied = reference[g]! + current[g]!;
    const s = scoreOf(score, (below + (tied + 1) / 2) / (total + 1));
    below += tied;
    sum += tied * s;
    square += tied * s * s;
    cube += tied * s * s * s;
    found += current[g]! * s;
  }
  const mean = sum / total;
  const variance = square / total - mean * mean;
  if (!(variance > 1e-12)) return { z: 0, skewness: 0 };
  const third = cube / total - 3 * mean * (square / total) + 2 * mean ** 3;
  const z = (found - m * mean) / Math.sqrt(((n * m) / (total - 1)) * variance);
  const skewness =
    total > 2
      ? ((third / variance ** 1.5) * (n - m) * Math.sqrt(total - 1)) / ((total - 2) * Math.sqrt(n * m))
      : 0;
  return { z, skewness };
}
