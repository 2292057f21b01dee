import { requireOpenUnit } from '../../common/samples.js';
import { normalQuantile, normalSf } from '../../special/normal.js';

/**
 * How much of the error level may be used up by the share t of the planned information, for one side: rises from 0 at
 * t = 0 to `level` at t = 1.
 */
export type SpendingFunction = (t: number, level: number) => number;

/** Lan & DeMets 1983: close to O'Brien–Fleming, almost nothing early: 2 − 2Φ(z_{1−level/2}/√t). */
export const obrienFlemingSpending: SpendingFunction = (t, level) =>
  t <= 0 ? 0 : 2 * normalSf(normalQuantile(1 - level / 2) / Math.sqrt(Math.min(1, t)));

/** Lan & DeMets 1983: close to Pocock, evenly: level·ln(1 + (e − 1)t). */
export const pocockSpending: SpendingFunction = (t, level) =>
  level * Math.log1p((Math.E - 1) * Math.min(1, Math.max(0, t)));

/** Kim & DeMets 1987: level·t^power; 1 is linear, 3 close to O'Brien–Fleming. */
export function powerSpending(power: number): SpendingFunction {
  if (!(power > 0)) throw new RangeError(`power must be positive, got ${power}`);
  return (t, level) => level * Math.min(1, Math.max(0, t)) ** power;
}

/** Hwang, Shih & DeCani 1990: level·(1 − e^{−γt})/(1 − e^{−γ}); −4 is close to O'Brien–Fleming, 1 to Pocock. */
export function hwangShihDeCaniSpending(gamma: number): SpendingFunction {
  if (!Number.isFinite(gamma)) throw new RangeError(`gamma must be finite, got ${gamma}`);
  return (t, level) => {
    const share = Math.min(1, Math.max(0, t));
    return gamma === 0 ? level * share : (level * Math.expm1(-gamma * share)) / Math.expm1(-gamma);
  };
}

/** The level of one side, alpha/sides. */
export function sideLevel(alpha: number, sides: 1 | 2): number {
  requireOpenUnit('alpha', alpha);
  return alpha / sides;
}
