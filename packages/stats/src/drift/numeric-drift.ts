import { requireOpenUnit, type Sample } from '../common/samples.js';
import { kolmogorovSf } from '../special/kolmogorov/kolmogorov.js';
import { liftPValue } from '../special/noncentral.js';
import { normalQuantile } from '../special/normal.js';
import { skewedSf } from '../special/pearson-three.js';
import { levelShares, levelTest } from './categorical-drift.js';
import {
  type DriftAspect,
  type DriftOptions,
  type DriftResult,
  effectiveSize,
  requireTolerance,
} from './drift-result.js';
import { locationScore, rankTest } from './rank-scores.js';
import { numericSummary } from './numeric-summary.js';
import { type TieGroups, tieGroups } from './tie-groups.js';

export interface NumericDriftOptions extends DriftOptions {
  /** Rows that the reference stands for, when it is a sketch of evenly spaced order statistics; default: its length. */
  readonly referenceRows?: number;
}

/**
 * Shares of the error rate. Most drift is of location, and whoever looks for three things at once pays for each: with
 * these the deviate that a shift must reach is raised by 0.05 at α = 0.002.
 */
const SHARE = { location: 0.86, spread: 0.07, shape: 0.07 } as const;

/** A normal distribution shifted by d σ (small d) is at KS distance d·φ(0) = d / √(2π). */
const KS_UNIT = Math.sqrt(2 * Math.PI);
/** Mean of |Z|. */
const MEAN_DEVIATE = Math.sqrt(2 / Math.PI);
/** Fewer rows off the commonest value than that in the smaller sample are no numbers to rank, but three levels. */
const FEWEST_UNTIED = 20;

/**
 * Tests H0 "current is like reference up to an effect of `tolerance` standard deviations" for a numeric column. Three tests
 * share the error rate, since drift has many faces:
 *
 * - **location** (0.86 of it): the linear rank test whose scores suit the tails of the pooled sample
 *   ({@link locationScore}), as strong as the t test on normal data, and far stronger on heavy tails;
 * - **spread** (0.07): a rank test with scores −cos 2πu;
 * - **shape** (0.07): Kolmogorov–Smirnov.
 *
 * Each is lifted from "no change" to "a change of at most the tolerance" by shifting its null distribution; the p-value is
 * the smallest by its share. Rank tests keep their level whatever the distribution: ties enter by the exact permutation
 * variance, unequal sizes by its skewness. A column that is nearly constant (fewer than 20 rows off its commonest value are
 * to be expected in the smaller sample) is tested as three levels: below, at and above it.
 *
 * NaN is dropped; an empty side gives NaN (and the interval [0, ∞]). A constant column has effect 0 and p = 1. Infinite values are
 * the largest and smallest ones. One row can never alarm at the usual levels.
 * Sources: Hájek, Šidák & Sen 1999 (rank tests), Hogg 1974 (choice of scores).
 * @throws RangeError for a negative tolerance or a confidence outside (0, 1)
 */
export function numericDrift(
  reference: Sample,
  current: Sample,
  { tolerance, confidence = 0.95, referenceRows }: NumericDriftOptions,
): DriftResult {
  requireTolerance(tolerance);
  requireOpenUnit('confidence', confidence);
  const weight = referenceRows === undefined ? 1 : referenceRows / Math.max(1, reference.length);
  return groupDrift(tieGroups(reference, current, weight), { tolerance, confidence });
}

/** {@link numericDrift} on samples that are grouped already. */
export function groupDrift(groups: TieGroups, { tolerance, confidence = 0.95 }: DriftOptions): DriftResult {
  const { n, m } = groups;
  if (n === 0 || m === 0) {
    const summary = { measure: 'median', of: null, from: NaN, to: NaN } as const;
    return {
      ...{
        statistic: NaN,
        aspect: 'location',
        effect: NaN,
        chanceEffect: NaN,
        effectInterval: [0, Infinity],
      },
      ...{ distance: NaN, pValue: NaN, summary, n, m },
    };
  }
  const root = Math.sqrt(effectiveSize(n, m));
  const { distance, at } = ksDistance(groups);
  const rare = untiedRows(groups) < FEWEST_UNTIED;
  const tests = rare ? [asLevels(groups, tolerance)] : threeTests(groups, distance, root, tolerance);
  let best = tests[0]!;
  for (const test of tests) if (test.pValue < best.pValue) best = test;
  const { pValue } = best;
  // Where several are beyond doubt, the plainest is told.
  const { aspect, statistic, size } = tests.find(test => test.pValue <= BEYOND_DOUBT) ?? best;
  const effect = size / root;
  const radius = -normalQuantile((1 - confidence) / 2) / root;
  return {
    statistic,
    aspect,
    effect,
    chanceEffect: MEAN_DEVIATE / root,
    effectInterval: [Math.max(0, effect - radius), effect + radius],
    distance,
    pValue,
    summary: numericSummary(groups, aspect, at),
    n,
    m,
  };
}

const BEYOND_DOUBT = 1e-6;

interface AspectTest {
  readonly aspect: DriftAspect;
  readonly statistic: number;
  /** Lifted to the tolerance and divided by its share of the error rate. */
  readonly pValue: number;
  /** Effect times √(nm/(n+m)). */
  readonly size: number;
}

function threeTests(
  groups: TieGroups,
  distance: number,
  root: number,
  tolerance: number,
): readonly AspectTest[] {
  const rank = (aspect: 'location' | 'spread', score: ReturnType<typeof locationScore>): AspectTest => {
    const { z, skewness } = rankTest(groups, score);
    const size = Math.abs(z);
    const p = Math.min(1, 2 * skewedSf(size, Math.sign(z) * skewness));
    return {
      aspect,
      statistic: z,
      size,
      pValue: Math.min(1, liftPValue(p, tolerance * root) / SHARE[aspect]),
    };
  };
  return [
    rank('location', locationScore(groups)),
    rank('spread', 'spread'),
    {
      aspect: 'shape',
      statistic: root * distance,
      size: root * distance * KS_UNIT,
      // By Anderson's inequality chance adds no more to a true distance than it does to none.
      pValue: Math.min(1, kolmogorovSf(root * (distance - tolerance / KS_UNIT)) / SHARE.shape),
    },
  ];
}

/** Rows off the commonest value that the smaller sample would have by its share of the pooled ones. */
function untiedRows({ reference, current, n, m }: TieGroups): number {
  let most = 0;
  for (let g = 0; g < reference.length; g++) most = Math.max(most, reference[g]! + current[g]!);
  return ((n + m - most) * Math.min(n, m)) / (n + m);
}

function asLevels({ reference, current }: TieGroups, tolerance: number): AspectTest {
  let common = 0;
  for (let g = 1; g < reference.length; g++) {
    if (reference[g]! + current[g]! > reference[common]! + current[common]!) common = g;
  }
  const [a, b] = [new Float64Array(3), new Float64Array(3)];
  for (let g = 0; g < reference.length; g++) {
    const level = g < common ? 0 : g === common ? 1 : 2;
    a[level]! += reference[g]!;
    b[level]! += current[g]!;
  }
  // A sketch's rows need not be whole; exact tests of counts want them so.
  const shares = levelShares(a.map(Math.round), b);
  return {
    aspect: 'shape',
    statistic: shares.statistic,
    ...levelTest(shares, tolerance),
  };
}

/** sup|F − G|, and the value at which it is reached first. */
function ksDistance({ reference, current, value, n, m }: TieGroups): { distance: number; at: number } {
  let a = 0;
  let b = 0;
  let distance = 0;
  let at = value[0]!;
  for (let g = 0; g < value.length; g++) {
    a += reference[g]!;
    b += current[g]!;
    const gap = Math.abs(a / n - b / m);
    if (gap > distance) {
      distance = gap;
      at = value[g]!;
    }
  }
  return { distance, at };
}
