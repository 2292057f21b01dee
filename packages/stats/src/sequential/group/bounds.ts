import { normalQuantile, normalSf } from '../../special/normal.js';
import { crossingProbabilities, type GroupSequentialDesign, requireInformation } from './crossing.js';
import { type Continuing, continueBetween, exitProbability, UNSTARTED } from './recursive-integration.js';
import { sideLevel, type SpendingFunction } from './spending.js';

export interface BoundsOptions {
  /** Error level over all looks together. Default 0.05. */
  readonly alpha?: number;
  /** 2 (default): stop for |z| ≥ bound. 1: for z ≥ bound. */
  readonly sides?: 1 | 2;
}

/** A design whose bounds keep the level: `upper`, and for two sides `lower` = −upper. */
export interface GroupSequentialBounds extends GroupSequentialDesign {
  readonly lower: readonly number[];
  readonly alpha: number;
  readonly sides: 1 | 2;
}

/** Number of equally spaced looks, or the information at each. */
export type Looks = number | readonly number[];

function informationOf(looks: Looks): readonly number[] {
  if (typeof looks !== 'number') return looks;
  if (!(Number.isInteger(looks) && looks >= 1))
    throw new RangeError(`looks must be a whole number ≥ 1, got ${looks}`);
  return Array.from({ length: looks }, (_, k) => (k + 1) / looks);
}

/** Largest |z| worth a bound: its tail is below the smallest doubles. */
const HIGHEST = 38;

/** A one-sided bound may lie below 0 when alpha is large; never below this. */
const LOWEST = -9;

/** Where a function that falls in z meets a level. */
function solve(excess: (z: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [excess(a), excess(b)];
  if (fa <= 0) return a;
  if (fb >= 0) return b;
  // Illinois false position: superlinear, never leaves the bracket.
  for (let step = 0; step < 200 && b - a > 1e-12 * b; step++) {
    const guess = b - (fb * (b - a)) / (fb - fa);
    const c = guess > a && guess < b && step % 4 !== 3 ? guess : (a + b) / 2;
    const fc = excess(c);
    if (fc === 0) return c;
    if (fc > 0) {
      a = c;
      fa = fc;
      fb /= 2;
    } else {
      b = c;
      fb = fc;
      fa /= 2;
    }
  }
  return (a + b) / 2;
}

/**
 * Wang & Tsiatis 1987: bounds C·(I_k/I_K)^(shape − ½), C so that the level over all looks is alpha. Shape 0 is
 * O'Brien & Fleming 1979 (late bounds close to the single test's), ½ is Pocock 1977 (the same bound at every look).
 * The looks must be known in advance; where they are not, spend (`spendingBounds`).
 */
export function wangTsiatisBounds(
  looks: Looks,
  shape: number,
  options: BoundsOptions = {},
): GroupSequentialBounds {
  const { alpha = 0.05, sides = 2 } = options;
  const level = sideLevel(alpha, sides);
  if (!(shape >= -5 && shape <= 1)) throw new RangeError(`shape must lie in [-5, 1], got ${shape}`);
  const information = informationOf(looks);
  requireInformation(information);
  const last = information[information.length - 1]!;
  const designOf = (constant: number): GroupSequentialBounds => {
    const upper = information.map(each => constant * (each / last) ** (shape - 0.5));
    const lower = upper.map(bound => (sides === 2 ? -bound : -Infinity));
    return { information, upper, lower, alpha, sides };
  };
  const single = normalQuantile(1 - level);
  // The single test's bound is too low; with every look at Bonferroni's bound or above it the constant is too high.
  const smallest = Math.min(1, (information[0]! / last) ** (shape - 0.5));
  const enough = normalQuantile(1 - level / information.length) / smallest;
  const excess = (constant: number): number => crossingProbabilities(designOf(constant)).totalUpper - level;
  return designOf(information.length === 1 ? single : solve(excess, single, enough));
}

/** O'Brien & Fleming 1979. */
export function obrienFlemingBounds(looks: Looks, options: BoundsOptions = {}): GroupSequentialBounds {
  return wangTsiatisBounds(looks, 0, options);
}

/** Pocock 1977. */
export function pocockBounds(looks: Looks, options: BoundsOptions = {}): GroupSequentialBounds {
  return wangTsiatisBounds(looks, 0.5, options);
}

/**
 * Lan & DeMets 1983: bounds that spend the level as information arrives, at looks that need not be planned. A bound
 * depends on its own and earlier looks only: call again with one look more when it comes. `planned` is the information
 * at which everything is spent (default the last look); later looks have the bound Infinity. Two sides spend alpha/2
 * each. A look whose share of the level is nil has the bound Infinity.
 */
export function spendingBounds(
  information: readonly number[],
  spending: SpendingFunction,
  options: BoundsOptions & { readonly planned?: number } = {},
): GroupSequentialBounds {
  const { alpha = 0.05, sides = 2 } = options;
  const level = sideLevel(alpha, sides);
  requireInformation(information);
  const { planned = information[information.length - 1]! } = options;
  if (!(planned > 0 && planned < Infinity)) throw new RangeError(`planned must be positive, got ${planned}`);
  const upper: number[] = [];
  let spent = 0;
  let state: Continuing = UNSTARTED;
  information.forEach((now, k) => {
    const allowed = Math.max(spent, spending(Math.min(1, now / planned), level));
    const share = allowed - spent;
    spent = allowed;
    const before = state;
    const bound =
      share > 0 && normalSf(HIGHEST) < share
        ? solve(z => exitProbability(before, now, z, 1, 0) - share, LOWEST, HIGHEST)
        : Infinity;
    upper.push(bound);
    const next = information[k + 1];
    if (next !== undefined)
      state = continueBetween(state, now, sides === 2 ? -bound : -Infinity, bound, 0, next - now);
  });
  return { information, upper, lower: upper.map(bound => (sides === 2 ? -bound : -Infinity)), alpha, sides };
}
