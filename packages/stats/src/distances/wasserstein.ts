import { type AnySample, sortedPresent } from '../common/samples.js';

/**
 * Wasserstein-1 distance ∫|F_a − F_b| dx, in the unit of the values. NaN is dropped; an empty side gives NaN.
 * Source: scipy.stats.wasserstein_distance.
 */
export function wassersteinDistance(a: AnySample, b: AnySample): number {
  return cdfArea(sortedPresent(a), sortedPresent(b), 1);
}

/**
 * Energy distance √(2∫(F_a − F_b)² dx) = √(2E|X−Y| − E|X−X′| − E|Y−Y′|) (Székely & Rizzo 2013), in the square root of
 * the values' unit. NaN is dropped; an empty side gives NaN. Through the distribution functions: nothing cancels, and
 * n log n. Source: scipy.stats.energy_distance.
 */
export function energyDistance(a: AnySample, b: AnySample): number {
  return Math.sqrt(2 * cdfArea(sortedPresent(a), sortedPresent(b), 2));
}

/** ∫|F_a − F_b|^power dx over two sorted samples. */
function cdfArea(x: Float64Array, y: Float64Array, power: 1 | 2): number {
  const n = x.length;
  const m = y.length;
  if (n === 0 || m === 0) return NaN;
  const unit = 1 / (n * m);
  let i = 0;
  let j = 0;
  let area = 0;
  let previous = Math.min(x[0]!, y[0]!);
  while (i < n && j < m) {
    const a = x[i]!;
    const b = y[j]!;
    const value = Math.min(a, b);
    // Equal infinities would give ∞ − ∞.
    if (value !== previous) area += step(Math.abs(m * i - n * j) * unit, power, value - previous);
    const first = Number(a <= b);
    i += first;
    j += 1 - first;
    previous = value;
  }
  // Beyond the end of one side its distribution function is 1.
  const rest = i < n ? x : y;
  const total = rest.length;
  for (let k = i < n ? i : j; k < total; k++) {
    const value = rest[k]!;
    if (value !== previous) area += step(1 - k / total, power, value - previous);
    previous = value;
  }
  return area;
}

/** 0·∞ counts as 0: where the functions agree, an infinite stretch adds nothing. */
function step(gap: number, power: 1 | 2, width: number): number {
  if (gap === 0) return 0;
  return power === 1 ? gap * width : gap * gap * width;
}
