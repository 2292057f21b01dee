/** Slopes against a shift of the values' ranks, down and up, faint and strong. */
const SHIFTS = [-0.9, -0.3, -0.1, 0.1, 0.3, 0.9] as const;
/** Slopes against narrower (negative) and wider ranks. */
const SPREADS = [-0.4, -0.15, 0.3, 0.9] as const;

/** How many bets there are; each starts with an equal share. */
export const BETS = SHIFTS.length + SPREADS.length;

/**
 * One step of the Shiryaev–Roberts statistic of every bet, R ← (1 + R) f(p), in place; the answer is their mean. Every f
 * is a density on [0, 1], so that for uniform p, independent of the past, the mean minus the number of steps is a
 * martingale.
 */
export function shiryaevRoberts(statistics: number[], p: number): number {
  const shift = 2 * p - 1;
  const spread = 3 * shift * shift - 1;
  let sum = 0;
  for (let i = 0; i < SHIFTS.length; i++) {
    sum += statistics[i] = (1 + statistics[i]!) * (1 + SHIFTS[i]! * shift);
  }
  for (let i = 0, at = SHIFTS.length; i < SPREADS.length; i++, at++) {
    sum += statistics[at] = (1 + statistics[at]!) * (1 + SPREADS[i]! * spread);
  }
  return sum / BETS;
}
