import { requireOpenUnit, type Sample } from '../common/samples.js';

function requirePValue(p: number): void {
  if (p < 0 || p > 1) throw new RangeError(`a p-value must lie in [0, 1], got ${p}`);
}

function requireEValue(e: number): void {
  if (e < 0) throw new RangeError(`an e-value must not be negative, got ${e}`);
}

/**
 * Calibrator κ·p^(κ−1), 0 < κ < 1: an e-value from a p-value, Infinity at p = 0. With no κ, its average over all of
 * them, (1 − p + p·ln p)/(p·ln² p), which needs no choice and is never much worse. NaN stays NaN.
 * Source: Vovk & Wang 2021, "E-values: calibration, combination and applications", eq. 1 and 2.
 */
export function pToE(p: number, kappa?: number): number {
  requirePValue(p);
  if (kappa !== undefined) {
    requireOpenUnit('kappa', kappa);
    return kappa * p ** (kappa - 1);
  }
  if (p === 0) return Infinity;
  const log = Math.log(p);
  // Towards p = 1 numerator and denominator vanish together: their series in ln p.
  if (log > -1e-3) return (0.5 + log * (1 / 3 + log * (1 / 8 + log / 30))) / p;
  return (1 - p + p * log) / (p * log * log);
}

/** The only admissible way back, min(1, 1/e). NaN stays NaN. */
export function eToP(e: number): number {
  requireEValue(e);
  return Math.min(1, 1 / e);
}

/**
 * Running smallest min(1, 1/e) along an e-process: an always-valid p-value at every time (Ramdas, Grünwald, Vovk &
 * Shafer 2023, "Game-theoretic statistics and safe anytime-valid inference"). For e-processes, not for e-values of
 * separate samples. NaN counts as no evidence.
 */
export function alwaysValidP(eValues: Sample): Float64Array {
  const running = new Float64Array(eValues.length);
  let smallest = 1;
  for (let i = 0; i < eValues.length; i++) {
    const p = eToP(eValues[i]!);
    if (p < smallest) smallest = p;
    running[i] = smallest;
  }
  return running;
}

/** Merges e-values of one hypothesis under any dependence: their mean, or weighted by `weights`. NaN when empty. */
export function mergeByAverage(eValues: Sample, weights?: Sample): number {
  if (weights !== undefined && weights.length !== eValues.length)
    throw new RangeError(
      `eValues has ${eValues.length} values but weights has ${weights.length}; they are paired`,
    );
  let sum = 0;
  let total = 0;
  for (let i = 0; i < eValues.length; i++) {
    const weight = weights?.[i] ?? 1;
    requireEValue(eValues[i]!);
    if (!(weight >= 0)) throw new RangeError(`a weight must not be negative, got ${weight}`);
    // A weight of 0 silences an infinite e-value.
    if (weight > 0) sum += weight * eValues[i]!;
    total += weight;
  }
  return sum / total;
}

/**
 * Merges e-values that are independent, or each valid given the earlier ones: their product; 1 when empty. An
 * e-value of 0 settles it, also against Infinity.
 */
export function mergeByProduct(eValues: Sample): number {
  let log = 0;
  let zero = false;
  for (let i = 0; i < eValues.length; i++) {
    requireEValue(eValues[i]!);
    if (eValues[i] === 0) zero = true;
    else log += Math.log(eValues[i]!);
  }
  return zero && !Number.isNaN(log) ? 0 : Math.exp(log);
}

/**
 * e-BH (Wang & Ramdas 2022, "False discovery rate control with e-values"): which hypotheses are rejected at false
 * discovery rate `alpha` under any dependence: the k largest, for the largest k with k·e_(k) ≥ m/alpha. NaN is never
 * rejected and does not count as a hypothesis.
 */
export function eBenjaminiHochberg(eValues: Sample, alpha = 0.05): boolean[] {
  requireOpenUnit('alpha', alpha);
  const rejected = Array.from({ length: eValues.length }, () => false);
  const order: number[] = [];
  for (let i = 0; i < eValues.length; i++) {
    if (Number.isNaN(eValues[i]!)) continue;
    requireEValue(eValues[i]!);
    order.push(i);
  }
  order.sort((i, j) => (eValues[i]! === eValues[j]! ? i - j : eValues[i]! < eValues[j]! ? 1 : -1));
  let k = order.length;
  while (k > 0 && !(k * eValues[order[k - 1]!]! * alpha >= order.length)) k--;
  for (const i of order.slice(0, k)) rejected[i] = true;
  return rejected;
}
