import type { GbtBody } from '../documents/document.js';

/** Raw score of the encoded row at `x[offset …]`. */
export type RawScore = (x: Float64Array, offset: number) => number;

/**
 * Compiles trees to flat typed arrays, one walk loop over all of them. Node `n` has its two children side by side at
 * `child[2n]` (left) and `child[2n + 1]` (right), so that a comparison's outcome is an index and not a branch;
 * children < 0 are leaves `~child`. Sums in the order of the trees: the same bits everywhere.
 */
export function compileTrees(body: GbtBody): RawScore {
  const nodes = body.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const feature = new Int32Array(nodes);
  const threshold = new Float64Array(nodes);
  const child = new Int32Array(2 * nodes);
  const missingRight = new Uint8Array(nodes);
  /** First word of the node's bit set; -1 for a threshold. */
  const bitsAt = new Int32Array(nodes).fill(-1);
  const roots = new Int32Array(body.trees.length);
  const leaves: number[] = [];
  const words: number[] = [];
  let base = 0;
  body.trees.forEach((tree, t) => {
    const leafBase = leaves.length;
    const place = (index: number): number => (index >= 0 ? base + index : ~(leafBase + ~index));
    roots[t] = tree.feature.length === 0 ? ~leafBase : base;
    tree.feature.forEach((f, i) => {
      const node = base + i;
      feature[node] = f;
      child[2 * node] = place(tree.left[i]!);
      child[2 * node + 1] = place(tree.right[i]!);
      missingRight[node] = tree.missingLeft[i]! ? 0 : 1;
      const categories = tree.categories[i]!;
      if (categories === null) threshold[node] = tree.threshold[i]!;
      else {
        const size = (Math.max(0, ...categories) >>> 5) + 1;
        bitsAt[node] = words.length + 1;
        const set = new Array<number>(size).fill(0);
        for (const category of categories) set[category >>> 5]! |= 1 << (category & 31);
        // The set's size goes before it: a category beyond it is not a member.
        words.push(size, ...set);
      }
    });
    leaves.push(...tree.leaves);
    base += tree.feature.length;
  });
  const value = Float64Array.from(leaves);
  const bits = Int32Array.from(words);
  const start = body.base;
  return (x, offset) => {
    let sum = start;
    for (let t = 0; t < roots.length; t++) {
      let node = roots[t]!;
      while (node >= 0) {
        const v = x[offset + feature[node]!]!;
        const at = bitsAt[node]!;
        let right: number;
        if (v !== v) right = missingRight[node]!;
        else if (at < 0) right = v <= threshold[node]! ? 0 : 1;
        else {
          const word = v >>> 5;
          right = word < bits[at - 1]! && ((bits[at + word]! >>> (v & 31)) & 1) === 1 ? 0 : 1;
        }
        node = child[2 * node + right]!;
      }
      sum += value[~node]!;
    }
    return sum;
  };
}
