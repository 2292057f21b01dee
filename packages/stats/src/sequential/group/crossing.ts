import { type Continuing, continueBetween, exitProbability, UNSTARTED } from './recursive-integration.js';

export interface GroupSequentialDesign {
  /** Information at each look (for instance units seen), positive and strictly increasing; any scale. */
  readonly information: readonly number[];
  /** Stop for an effect when z is at or above this. Infinity: no stopping at that look. */
  readonly upper: readonly number[];
  /** Stop when z is at or below this (two-sided: −upper; futility). −Infinity, the default: never. */
  readonly lower?: readonly number[];
}

export interface Crossing {
  /** P(stop at look k by the upper, the lower bound). */
  readonly upper: readonly number[];
  readonly lower: readonly number[];
  /** P(stop by the upper bound at any look), and by the lower. */
  readonly totalUpper: number;
  readonly totalLower: number;
  /** E[information when stopping, or at the last look]. */
  readonly expectedInformation: number;
}

/** Throws unless positive, finite and strictly increasing. */
export function requireInformation(information: readonly number[]): void {
  if (information.length === 0) throw new RangeError('a design needs at least one look');
  information.forEach((value, k) => {
    if (!(value > (k === 0 ? 0 : information[k - 1]!) && value < Infinity))
      throw new RangeError(`information must be positive and increasing, got ${information.join(', ')}`);
  });
}

/**
 * Where a group-sequential test stops when z_k ~ N(drift·√I_k, 1) with independent increments: exact for normal means,
 * asymptotic for any efficient estimate. By recursive numerical integration (Armitage, McPherson & Rowe 1969; Jennison
 * & Turnbull 2000, ch. 19), to about nine digits. Steps of information below 1e-6 of what came before lose digits.
 */
export function crossingProbabilities(design: GroupSequentialDesign, drift = 0): Crossing {
  const { information, upper, lower = upper.map(() => -Infinity) } = design;
  requireInformation(information);
  if (upper.length !== information.length || lower.length !== information.length)
    throw new RangeError('information and bounds must have the same length');
  const up: number[] = [];
  const down: number[] = [];
  let expectedInformation = 0;
  let running = 1;
  let state: Continuing = UNSTARTED;
  for (let k = 0; k < information.length; k++) {
    const now = information[k]!;
    if (!(upper[k]! > lower[k]!) && !(upper[k] === lower[k] && k === information.length - 1))
      throw new RangeError('an upper bound must lie above the lower one; they may meet at the last look');
    up.push(exitProbability(state, now, upper[k]!, 1, drift));
    down.push(exitProbability(state, now, lower[k]!, -1, drift));
    expectedInformation += running * (now - (information[k - 1] ?? 0));
    running -= up[k]! + down[k]!;
    const next = information[k + 1];
    if (next !== undefined) state = continueBetween(state, now, lower[k]!, upper[k]!, drift, next - now);
  }
  const total = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);
  return { upper: up, lower: down, totalUpper: total(up), totalLower: total(down), expectedInformation };
}
