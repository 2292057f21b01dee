import type { GbtBody, Tree } from '../documents/document.js';
import type { RawScore } from './trees.js';

/** Leaves of a tree fit the bits of one word. */
export const QUICK_LEAVES = 32;

/** Nodes of one feature's test with the leaves that failing it (going right) rules out. */
interface Ruled {
  readonly tree: number;
  /** All ones but for the leaves of the left subtree. */
  readonly mask: number;
}

interface Shape {
  /** Leaf numbers from left to right, so that the first surviving bit is the leaf reached. */
  readonly order: readonly number[];
  readonly masks: readonly number[];
}

function shapeOf(tree: Tree): Shape {
  const order: number[] = [];
  const masks = new Array<number>(tree.feature.length).fill(0);
  const visit = (index: number): void => {
    if (index < 0) {
      order.push(~index);
      return;
    }
    const from = order.length;
    visit(tree.left[index]!);
    let left = 0;
    for (let leaf = from; leaf < order.length; leaf++) left |= 1 << leaf;
    masks[index] = ~left;
    visit(tree.right[index]!);
  };
  visit(tree.feature.length === 0 ? -1 : 0);
  return { order, masks };
}

/** Lists of (tree, mask), one list per key, laid end to end. */
class MaskLists {
  readonly from: Int32Array;
  readonly tree: Int32Array;
  readonly mask: Int32Array;

  constructor(lists: readonly (readonly Ruled[])[]) {
    this.from = new Int32Array(lists.length + 1);
    lists.forEach((list, i) => (this.from[i + 1] = this.from[i]! + list.length));
    const all = lists.flat();
    this.tree = Int32Array.from(all, ruled => ruled.tree);
    this.mask = Int32Array.from(all, ruled => ruled.mask);
  }
}

/** One mask a tree and key: what several nodes of a tree rule out together. */
function merged(list: readonly Ruled[]): readonly Ruled[] {
  const byTree = new Map<number, number>();
  for (const { tree, mask } of list) byTree.set(tree, (byTree.get(tree) ?? -1) & mask);
  return [...byTree].sort(([a], [b]) => a - b).map(([tree, mask]) => ({ tree, mask }));
}

function collect(body: GbtBody, features: number, categoriesOf: (feature: number) => number) {
  const numeric: (Ruled & { readonly threshold: number })[][] = Array.from({ length: features }, () => []);
  const missing: Ruled[][] = Array.from({ length: features }, () => []);
  const categorical: Ruled[][][] = Array.from({ length: features }, (_, f) =>
    Array.from({ length: categoriesOf(f) }, () => []),
  );
  const shapes = body.trees.map(shapeOf);
  body.trees.forEach((tree, t) => {
    tree.feature.forEach((f, i) => {
      const ruled = { tree: t, mask: shapes[t]!.masks[i]! };
      if (!tree.missingLeft[i]!) missing[f]!.push(ruled);
      const categories = tree.categories[i]!;
      if (categories === null) numeric[f]!.push({ ...ruled, threshold: tree.threshold[i]! });
      else {
        const left = new Set(categories);
        categorical[f]!.forEach((list, category) => {
          if (!left.has(category)) list.push(ruled);
        });
      }
    });
  });
  for (const list of numeric) list.sort((a, b) => a.threshold - b.threshold || a.tree - b.tree);
  return { shapes, numeric, missing, categorical };
}

/**
 * QuickScorer (Lucchese et al. 2015): instead of walking each tree, feature by feature every failed test strikes the
 * leaves that it makes unreachable; each tree's leaf is then its first surviving bit. A walk mispredicts a branch on
 * most of its steps, this scan once a feature. The same leaves and the same order of summation as the walk, so the same bits.
 */
export function compileQuickScorer(
  body: GbtBody,
  features: number,
  categoriesOf: (feature: number) => number,
): RawScore {
  const { shapes, numeric, missing, categorical } = collect(body, features, categoriesOf);
  const trees = body.trees.length;
  const isCategorical = Uint8Array.from({ length: features }, (_, f) => (categoriesOf(f) > 0 ? 1 : 0));
  const byThreshold = new MaskLists(numeric);
  const threshold = Float64Array.from(numeric.flat(), node => node.threshold);
  const whenMissing = new MaskLists(missing.map(merged));
  const categoryKey = new Int32Array(features);
  let keys = 0;
  categorical.forEach((lists, f) => {
    categoryKey[f] = keys;
    keys += lists.length;
  });
  const byCategory = new MaskLists(categorical.flat().map(merged));
  // Bit k of tree t is its k-th leaf from the left, at 32·t + k.
  const leaves = new Float64Array(QUICK_LEAVES * trees);
  shapes.forEach(({ order }, t) =>
    order.forEach((leaf, k) => (leaves[QUICK_LEAVES * t + k] = body.trees[t]!.leaves[leaf]!)),
  );
  const alive = new Int32Array(trees);
  const strike = (lists: MaskLists, key: number): void => {
    const { from, tree, mask } = lists;
    for (let i = from[key]!; i < from[key + 1]!; i++) alive[tree[i]!]! &= mask[i]!;
  };
  return (x, offset) => {
    alive.fill(-1);
    const { from, tree, mask } = byThreshold;
    for (let f = 0; f < features; f++) {
      const v = x[offset + f]!;
      if (v !== v) strike(whenMissing, f);
      else if (isCategorical[f] === 1) strike(byCategory, categoryKey[f]! + v);
      else {
        const end = from[f + 1]!;
        for (let i = from[f]!; i < end && v > threshold[i]!; i++) alive[tree[i]!]! &= mask[i]!;
      }
    }
    let sum = body.base;
    for (let t = 0; t < trees; t++) {
      const bits = alive[t]!;
      // The lowest set bit; a leaf always survives.
      sum += leaves[QUICK_LEAVES * t + 31 - Math.clz32(bits & -bits)]!;
    }
    return sum;
  };
}

/** Whether every tree is small enough. */
export function fitsQuickScorer(body: GbtBody): boolean {
  return body.trees.every(tree => tree.leaves.length <= QUICK_LEAVES);
}
