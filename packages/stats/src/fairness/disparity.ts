import { type Estimated, moverDifference, moverRatio } from '../intervals/mover.js';

/** A figure of one group at a confidence that the caller asked for. */
export interface GroupFigure extends Estimated {
  /** Rows that the figure rests on. */
  readonly n: number;
}

export interface Disparity {
  /** Largest minus smallest figure of the compared groups; NaN when fewer than two are compared. */
  readonly difference: number;
  readonly differenceInterval: readonly [low: number, high: number];
  /** Smallest over largest figure; NaN for 0/0 and for figures below 0. */
  readonly ratio: number;
  readonly ratioInterval: readonly [low: number, high: number];
  /** Groups (positions) with the extreme figures; −1 without any. */
  readonly largest: number;
  readonly smallest: number;
  readonly compared: readonly number[];
  /** Left out: too few rows, or no figure. */
  readonly leftOut: readonly number[];
}

export interface DisparityOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Groups whose figure rests on fewer rows are not compared. Default 1: any figure. */
  readonly minimumGroupSize?: number;
}

/**
 * Largest difference and smallest ratio between groups, with intervals that hold for the true extremes. The largest of many
 * noisy figures overstates; here every pair is compared at confidence 1 − α/pairs (Bonferroni; MOVER, with Wilson intervals
 * Newcombe's) and the bounds are the largest of the pairs' bounds: they hold together with the asked confidence, and a small
 * group, its interval being wide, cannot by noise alone lift the lower bound above 0.
 * @param figuresAt the groups' figures with intervals at a confidence: called for the asked one and that of one pair
 */
export function disparity<Figure extends GroupFigure>(
  figuresAt: (confidence: number) => readonly Figure[],
  options: DisparityOptions = {},
): Disparity & { readonly figures: readonly Figure[] } {
  const { confidence = 0.95, minimumGroupSize = 1 } = options;
  const figures = figuresAt(confidence);
  const compared: number[] = [];
  const leftOut: number[] = [];
  figures.forEach(({ n, value }, g) => {
    (n >= minimumGroupSize && !Number.isNaN(value) ? compared : leftOut).push(g);
  });
  const pairs = (compared.length * (compared.length - 1)) / 2;
  const all = pairs > 1 ? figuresAt(1 - (1 - confidence) / pairs) : figures;
  let largest = -1;
  let smallest = -1;
  for (const g of compared) {
    if (largest < 0 || all[g]!.value > all[largest]!.value) largest = g;
    if (smallest < 0 || all[g]!.value < all[smallest]!.value) smallest = g;
  }
  const none = compared.length < 2;
  const high = all[largest]?.value ?? NaN;
  const low = all[smallest]?.value ?? NaN;
  const difference: [number, number] = none ? [NaN, NaN] : [0, 0];
  const ratio: [number, number] = none || low < 0 ? [NaN, NaN] : [1, 1];
  for (let i = 0; i < compared.length; i++) {
    for (let j = i + 1; j < compared.length; j++) {
      const a = all[compared[i]!]!;
      const b = all[compared[j]!]!;
      const [down, up] = moverDifference(a, b);
      difference[0] = Math.max(difference[0], down, -up);
      difference[1] = Math.max(difference[1], up, -down);
      if (Number.isNaN(ratio[0])) continue;
      const [least, most] = moverRatio(a, b);
      ratio[0] = Math.min(ratio[0], least, 1 / most);
      ratio[1] = Math.min(ratio[1], most, 1 / least);
    }
  }
  return {
    difference: none ? NaN : high - low,
    differenceInterval: difference,
    ratio: none || low < 0 ? NaN : low / high,
    ratioInterval: ratio,
    largest,
    smallest,
    compared,
    leftOut,
    figures,
  };
}

/** What an interval says about a bound: held, broken, or not known yet. */
export type Verdict = 'within' | 'beyond' | 'unclear';

/** A difference against the largest one that is tolerated. */
export function differenceVerdict(
  { differenceInterval: [low, high] }: Disparity,
  tolerance: number,
): Verdict {
  if (low > tolerance) return 'beyond';
  return high <= tolerance ? 'within' : 'unclear';
}

/** A ratio against the smallest one that is tolerated (four fifths: 0.8). */
export function ratioVerdict({ ratioInterval: [low, high] }: Disparity, tolerance: number): Verdict {
  if (high < tolerance) return 'beyond';
  return low >= tolerance ? 'within' : 'unclear';
}
