import type { BinnedSet } from './bins.js';
import type { FixedPoint } from './fixed-point.js';
import type { Histogram } from './histogram.js';
import type { GbtParameters } from './parameters.js';

export interface Split {
  readonly gain: number;
  readonly feature: number;
  /** Numeric: bins up to this one go left. */
  readonly bin: number;
  /** Categorical: the bins that go left; null for numeric splits. */
  readonly categories: readonly number[] | null;
  readonly missingLeft: boolean;
  /** Sums of the left side, in units of fixed-point.ts. */
  readonly leftGradient: number;
  readonly leftPacked: number;
}

export interface Sums {
  readonly gradient: number;
  readonly packed: number;
}

/** A side's hessian at least, as in scikit-learn and LightGBM. */
const MIN_HESSIAN = 1e-3;
/**
 * Subsets of categories overfit, so they are held back as in LightGBM: smoothed order, extra l2 (`cat_l2`), so many rows
 * between two boundaries (`min_data_per_group`), so many categories on the listed side (`max_cat_threshold`).
 * Categories with less support in a node go right together. Support and smoothing are 100 (LightGBM: 10), chosen among a
 * dozen settings by the monthly scores of a year of flights (105 destinations): those scores flatter the choice a little.
 */
const CATEGORY_SUPPORT = 100;
const CATEGORY_SMOOTHING = 100;
const CATEGORY_L2 = 10;
const CATEGORY_GROUP = 100;
const MOST_CATEGORIES = 32;

/** Finds the best split of a node by its histogram. Ties go to the first feature, the lowest bin, missing right. */
export class SplitFinder {
  readonly #data: BinnedSet;
  readonly #parameters: GbtParameters;
  readonly #scale: FixedPoint;
  #best: Split | null = null;
  #bestGain = 0;

  constructor(data: BinnedSet, parameters: GbtParameters, scale: FixedPoint) {
    this.#data = data;
    this.#parameters = parameters;
    this.#scale = scale;
  }

  count(packed: number): number {
    return Math.floor(packed * this.#scale.perOne);
  }

  hessian(packed: number): number {
    return (packed - Math.floor(packed * this.#scale.perOne) * this.#scale.one) * this.#scale.hessianUnit;
  }

  /** The best split with a gain above 0, or null. */
  find(histogram: Histogram, node: Sums): Split | null {
    this.#best = null;
    this.#bestGain = 1e-10;
    for (let f = 0; f < this.#data.features; f++) {
      if (this.#data.thresholds[f] === null) this.#categorical(histogram, node, f);
      else this.#numeric(histogram, node, f);
    }
    return this.#best;
  }

  /** Twice the loss that the split saves: Σ G²/(H + λ) of both sides less the node's own. */
  #gain(node: Sums, gradient: number, packed: number, extraL2: number): number {
    const { perOne, one, hessianUnit, gradientUnit } = this.#scale;
    const { minSamplesLeaf, l2 } = this.#parameters;
    const leftCount = Math.floor(packed * perOne);
    const count = Math.floor(node.packed * perOne);
    const rightCount = count - leftCount;
    if (leftCount < minSamplesLeaf || rightCount < minSamplesLeaf) return -1;
    const left = (packed - leftCount * one) * hessianUnit;
    const total = (node.packed - count * one) * hessianUnit;
    const right = total - left;
    if (left < MIN_HESSIAN || right < MIN_HESSIAN) return -1;
    const gl = gradient * gradientUnit;
    const g = node.gradient * gradientUnit;
    const gr = g - gl;
    return (gl * gl) / (left + l2 + extraL2) + (gr * gr) / (right + l2 + extraL2) - (g * g) / (total + l2);
  }

  #numeric(histogram: Histogram, node: Sums, f: number): void {
    const bins = this.#data.valueBins[f]!;
    const first = this.#data.offsets[f]! << 1;
    const missingGradient = histogram[first + 2 * bins]!;
    const missingPacked = histogram[first + 2 * bins + 1]!;
    const hasMissing = missingPacked !== 0;
    // The last bin ends a split only when missing values are left to go right.
    const last = hasMissing ? bins : bins - 1;
    let gradient = 0;
    let packed = 0;
    for (let bin = 0; bin < last; bin++) {
      const g = histogram[first + 2 * bin]!;
      const p = histogram[first + 2 * bin + 1]!;
      if (p === 0) continue;
      gradient += g;
      packed += p;
      const gain = this.#gain(node, gradient, packed, 0);
      if (gain > this.#bestGain) this.#keep(gain, f, bin, null, false, gradient, packed);
      if (hasMissing && bin < bins - 1) {
        const other = this.#gain(node, gradient + missingGradient, packed + missingPacked, 0);
        if (other > this.#bestGain)
          this.#keep(other, f, bin, null, true, gradient + missingGradient, packed + missingPacked);
      }
    }
    if (this.#best?.feature === f && this.#best.categories === null && !hasMissing) this.#towardsLarger(node);
  }

  /** Without missing values to learn from, they go with the majority. */
  #towardsLarger(node: Sums): void {
    const best = this.#best!;
    const left = this.count(best.leftPacked);
    this.#best = { ...best, missingLeft: left > this.count(node.packed) - left };
  }

  /** Fisher's order (1958): sorted by gradient/hessian, the best subset is a prefix or a suffix. */
  #categorical(histogram: Histogram, node: Sums, f: number): void {
    const bins = this.#data.valueBins[f]!;
    const first = this.#data.offsets[f]! << 1;
    const used: number[] = [];
    const order = new Float64Array(bins + 1);
    // The bin of missing and unknown values takes part like a category.
    for (let bin = 0; bin <= bins; bin++) {
      const packed = histogram[first + 2 * bin + 1]!;
      if (this.count(packed) < CATEGORY_SUPPORT) continue;
      used.push(bin);
      order[bin] =
        (histogram[first + 2 * bin]! * this.#scale.gradientUnit) /
        (this.hessian(packed) + CATEGORY_SMOOTHING);
    }
    if (used.length < 2) return;
    used.sort((a, b) => order[a]! - order[b]! || a - b);
    for (const direction of [1, -1] as const) {
      let gradient = 0;
      let packed = 0;
      let group = 0;
      for (let i = 0; i < Math.min(used.length - 1, MOST_CATEGORIES); i++) {
        const bin = used[direction === 1 ? i : used.length - 1 - i]!;
        gradient += histogram[first + 2 * bin]!;
        packed += histogram[first + 2 * bin + 1]!;
        group += this.count(histogram[first + 2 * bin + 1]!);
        if (group < CATEGORY_GROUP) continue;
        group = 0;
        const gain = this.#gain(node, gradient, packed, CATEGORY_L2);
        if (gain <= this.#bestGain) continue;
        const left = direction === 1 ? used.slice(0, i + 1) : used.slice(used.length - 1 - i);
        const categories = left.filter(b => b < bins).sort((a, b) => a - b);
        this.#keep(gain, f, -1, categories, categories.length < left.length, gradient, packed);
      }
    }
    if (this.#best?.feature === f && histogram[first + 2 * bins + 1] === 0) this.#towardsLarger(node);
  }

  #keep(
    gain: number,
    feature: number,
    bin: number,
    categories: readonly number[] | null,
    missingLeft: boolean,
    leftGradient: number,
    leftPacked: number,
  ): void {
    this.#bestGain = gain;
    this.#best = { gain, feature, bin, categories, missingLeft, leftGradient, leftPacked };
  }
}
