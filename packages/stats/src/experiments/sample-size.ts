import { requireOpenUnit } from '../common/samples.js';
import { pairedMeanPower, type PowerOptions, twoMeanPower, twoProportionPower } from './power.js';

export interface PlanOptions extends PowerOptions {
  /** Probability of finding the effect. Default 0.8. */
  readonly power?: number;
  /** Units of the treatment for each of the control. Default 1. */
  readonly ratio?: number;
  /** Factor on the sizes for looking early: `groupSequentialInflation`, `alwaysValidInflation`. Default 1. */
  readonly inflation?: number;
}

export interface SampleSize {
  readonly control: number;
  readonly treatment: number;
  readonly total: number;
}

/** Beyond this nobody has units; a size that would be larger is Infinity. */
const MOST = 2 ** 50;

/** Smallest whole n ≥ 1 whose power reaches the target; Infinity when none does. Power must not fall in n. */
function smallest(power: (n: number) => number, target: number): number {
  let high = 1;
  while (power(high) < target) {
    high *= 2;
    if (high > MOST) return Infinity;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (power(middle) >= target) high = middle;
    else low = middle;
  }
  return high;
}

function plan(power: (n1: number, n2: number) => number, options: PlanOptions): SampleSize {
  const { power: target = 0.8, ratio = 1, inflation = 1 } = options;
  requireOpenUnit('power', target);
  if (!(ratio > 0 && ratio < Infinity))
    throw new RangeError(`ratio must be positive and finite, got ${ratio}`);
  if (!(inflation >= 1 && inflation < Infinity))
    throw new RangeError(`inflation must be finite and at least 1, got ${inflation}`);
  const n = smallest(each => power(each, each * ratio), target);
  const control = Math.ceil(n * inflation);
  const treatment = Math.ceil(n * inflation * ratio);
  return { control, treatment, total: control + treatment };
}

/** Units per arm to tell rate p2 from rate p1 (see `twoProportionPower`); Infinity where the rates agree. */
export function twoProportionSize(p1: number, p2: number, options: PlanOptions = {}): SampleSize {
  if (p1 === p2) return { control: Infinity, treatment: Infinity, total: Infinity };
  return plan((n1, n2) => twoProportionPower(p1, p2, n1, n2, options), options);
}

/** Units per arm to find a difference of means (see `twoMeanPower`); Infinity for a difference of 0. */
export function twoMeanSize(difference: number, deviation: number, options: PlanOptions = {}): SampleSize {
  if (difference === 0) return { control: Infinity, treatment: Infinity, total: Infinity };
  return plan((n1, n2) => twoMeanPower(difference, deviation, n1, n2, options), options);
}

/** Pairs to find a mean difference (see `pairedMeanPower`); Infinity for a difference of 0. */
export function pairedMeanSize(difference: number, deviation: number, options: PlanOptions = {}): number {
  if (difference === 0) return Infinity;
  return plan(pairs => pairedMeanPower(difference, deviation, pairs, options), options).control;
}
