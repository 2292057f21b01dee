import type { Tree } from '@twinloop/model';
import type { BinnedSet } from './bins.js';
import type { FixedPoint } from './fixed-point.js';
import { buildHistogram, subtractHistogram, type Gathered, type Histogram } from './histogram.js';
import type { GbtParameters } from './parameters.js';
import { SplitFinder, type Split, type Sums } from './split.js';

interface Leaf {
  readonly start: number;
  readonly end: number;
  readonly sums: Sums;
  readonly histogram: Histogram | null;
  readonly split: Split | null;
  /** Where its parent points at it: node and side; -1 for the root. */
  readonly parent: number;
  readonly side: 'left' | 'right';
}

interface GrowingTree {
  feature: number[];
  threshold: (number | null)[];
  categories: (readonly number[] | null)[];
  missingLeft: boolean[];
  left: number[];
  right: number[];
}

/** Grows trees leaf by leaf, always the leaf of greatest gain (Shi 2007; LightGBM, Ke et al. 2017). Buffers are reused between trees. */
export class TreeGrower {
  readonly #data: BinnedSet;
  readonly #parameters: GbtParameters;
  /** Rows, each leaf's in one segment and in row order. */
  readonly #order: Int32Array;
  readonly #spill: Int32Array;
  readonly #gathered: Gathered;
  readonly #goesLeft = new Uint8Array(256);
  readonly #pool: Histogram[] = [];
  readonly #gains: Float64Array;

  constructor(data: BinnedSet, parameters: GbtParameters, gains: Float64Array) {
    this.#data = data;
    this.#parameters = parameters;
    this.#gains = gains;
    this.#order = new Int32Array(data.rows);
    this.#spill = new Int32Array(data.rows);
    this.#gathered = {
      rows: new Int32Array(data.rows),
      gradients: new Float64Array(data.rows),
      hessians: new Float64Array(data.rows),
    };
  }

  /** One tree on fixed-point gradients; adds its leaf values to `scores` and its gains to the feature totals. */
  grow(gradients: Float64Array, packed: Float64Array, scale: FixedPoint, scores: Float64Array): Tree {
    const { rows } = this.#data;
    const finder = new SplitFinder(this.#data, this.#parameters, scale);
    let gradient = 0;
    let hessian = 0;
    for (let i = 0; i < rows; i++) {
      this.#order[i] = i;
      gradient += gradients[i]!;
      hessian += packed[i]!;
    }
    const tree: GrowingTree = {
      feature: [],
      threshold: [],
      categories: [],
      missingLeft: [],
      left: [],
      right: [],
    };
    const histogram = this.#build(0, rows, gradients, packed);
    const sums = { gradient, packed: hessian };
    const root = { start: 0, end: rows, sums, histogram, split: finder.find(histogram, sums), parent: -1 };
    const leaves: Leaf[] = [{ ...root, side: 'left' }];
    while (leaves.length < this.#parameters.maxLeaves) {
      const index = bestLeaf(leaves);
      if (index < 0) break;
      this.#splitLeaf(leaves, index, tree, finder, gradients, packed);
    }
    for (const leaf of leaves) if (leaf.histogram !== null) this.#pool.push(leaf.histogram);
    const values = leaves.map(leaf => {
      const step =
        (leaf.sums.gradient * scale.gradientUnit) / (finder.hessian(leaf.sums.packed) + this.#parameters.l2);
      // A node without hessian (all rows certain) has nothing to correct.
      const value = Number.isFinite(step) ? -this.#parameters.learningRate * step : 0;
      for (let i = leaf.start; i < leaf.end; i++) scores[this.#order[i]!]! += value;
      return value;
    });
    return { ...tree, leaves: values };
  }

  #splitLeaf(
    leaves: Leaf[],
    index: number,
    tree: GrowingTree,
    finder: SplitFinder,
    gradients: Float64Array,
    packed: Float64Array,
  ): void {
    const leaf = leaves[index]!;
    const split = leaf.split!;
    const node = this.#addNode(tree, leaf, split, index, leaves.length);
    const middle = this.#partition(leaf, split);
    const left: Sums = { gradient: split.leftGradient, packed: split.leftPacked };
    const right: Sums = {
      gradient: leaf.sums.gradient - left.gradient,
      packed: leaf.sums.packed - left.packed,
    };
    this.#gains[split.feature]! += split.gain;
    const enough = 2 * this.#parameters.minSamplesLeaf;
    const full = leaves.length + 1 === this.#parameters.maxLeaves;
    const leftRows = middle - leaf.start;
    const rightRows = leaf.end - middle;
    let leftHistogram: Histogram | null = null;
    let rightHistogram: Histogram | null = null;
    if (full || Math.max(leftRows, rightRows) < enough) this.#pool.push(leaf.histogram!);
    else {
      // Count the smaller side, subtract for the larger.
      const leftIsSmaller = leftRows <= rightRows;
      const smaller = leftIsSmaller
        ? this.#build(leaf.start, middle, gradients, packed)
        : this.#build(middle, leaf.end, gradients, packed);
      subtractHistogram(leaf.histogram!, smaller);
      leftHistogram = leftIsSmaller ? smaller : leaf.histogram;
      rightHistogram = leftIsSmaller ? leaf.histogram : smaller;
    }
    const child = (
      start: number,
      end: number,
      sums: Sums,
      histogram: Histogram | null,
      side: 'left' | 'right',
    ): Leaf => {
      const splits = histogram !== null && end - start >= enough;
      return {
        start,
        end,
        sums,
        histogram,
        split: splits ? finder.find(histogram, sums) : null,
        parent: node,
        side,
      };
    };
    leaves[index] = child(leaf.start, middle, left, leftHistogram, 'left');
    leaves.push(child(middle, leaf.end, right, rightHistogram, 'right'));
  }

  #addNode(tree: GrowingTree, leaf: Leaf, split: Split, leftLeaf: number, rightLeaf: number): number {
    const node = tree.feature.length;
    if (leaf.parent >= 0) tree[leaf.side][leaf.parent] = node;
    const thresholds = this.#data.thresholds[split.feature]!;
    tree.feature.push(split.feature);
    // Past the last bound every number goes left: the split is "missing or not".
    tree.threshold.push(thresholds === null ? null : (thresholds[split.bin] ?? Number.MAX_VALUE));
    tree.categories.push(split.categories);
    tree.missingLeft.push(split.missingLeft);
    tree.left.push(~leftLeaf);
    tree.right.push(~rightLeaf);
    return node;
  }

  /** Moves the left rows to the front of the leaf's segment, both sides keeping their order; returns the boundary. */
  #partition(leaf: Leaf, split: Split): number {
    const { rows: n, valueBins } = this.#data;
    const goesLeft = this.#goesLeft;
    goesLeft.fill(0);
    if (split.categories === null) goesLeft.fill(1, 0, split.bin + 1);
    else for (const category of split.categories) goesLeft[category] = 1;
    goesLeft[valueBins[split.feature]!] = split.missingLeft ? 1 : 0;
    const column = this.#data.bins.subarray(split.feature * n, (split.feature + 1) * n);
    const order = this.#order;
    const spill = this.#spill;
    let to = leaf.start;
    let spilled = 0;
    for (let i = leaf.start; i < leaf.end; i++) {
      const row = order[i]!;
      const left = goesLeft[column[row]!]!;
      // Both are written and one cursor moves: no branch to mispredict.
      order[to] = row;
      spill[spilled] = row;
      to += left;
      spilled += 1 - left;
    }
    order.set(spill.subarray(0, spilled), to);
    return to;
  }

  #build(start: number, end: number, gradients: Float64Array, packed: Float64Array): Histogram {
    const histogram = this.#pool.pop() ?? new Float64Array(2 * this.#data.offsets.at(-1)!);
    const { rows, gradients: g, hessians: h } = this.#gathered;
    const order = this.#order;
    if (end - start === order.length) {
      // The root's rows are all rows in order: nothing to gather.
      buildHistogram(this.#data, { rows: order, gradients, hessians: packed }, order.length, histogram);
      return histogram;
    }
    for (let i = start, j = 0; i < end; i++, j++) {
      const row = order[i]!;
      rows[j] = row;
      g[j] = gradients[row]!;
      h[j] = packed[row]!;
    }
    buildHistogram(this.#data, this.#gathered, end - start, histogram);
    return histogram;
  }
}

/** The leaf whose split gains most; the earlier one on a tie; -1 when none can be split. */
function bestLeaf(leaves: readonly Leaf[]): number {
  let best = -1;
  let gain = 0;
  for (let i = 0; i < leaves.length; i++) {
    const split = leaves[i]!.split;
    if (split !== null && split.gain > gain) {
      best = i;
      gain = split.gain;
    }
  }
  return best;
}
