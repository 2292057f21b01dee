import { GROUP, type BinnedSet } from './bins.js';

/** Gradient sums and packed hessian sums (see fixed-point.ts), interleaved, over the bins of all features. */
export type Histogram = Float64Array;

/** Scratch for the rows of one node, gathered so that the inner loops read them in sequence. */
export interface Gathered {
  readonly rows: Int32Array;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

/**
 * Sums rows `[0, count)` of `node` into `histogram`. Four features go together: their updates are independent, so a
 * run of rows in one bin (a common value) does not stall on its own last write.
 */
export function buildHistogram(data: BinnedSet, node: Gathered, count: number, histogram: Histogram): void {
  const { bins, rows: n, features, offsets } = data;
  histogram.fill(0);
  for (let f = 0; f < features; f += GROUP) {
    const column = (k: number): Uint8Array => bins.subarray((f + k) * n, (f + k + 1) * n);
    const [a, b, c, d] = [offsets[f]!, offsets[f + 1]!, offsets[f + 2]!, offsets[f + 3]!];
    addGroup(column(0), column(1), column(2), column(3), a, b, c, d, node, count, histogram);
  }
}

function addGroup(
  a: Uint8Array,
  b: Uint8Array,
  c: Uint8Array,
  d: Uint8Array,
  offsetA: number,
  offsetB: number,
  offsetC: number,
  offsetD: number,
  node: Gathered,
  count: number,
  histogram: Histogram,
): void {
  const { rows, gradients, hessians } = node;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    const g = gradients[i]!;
    const h = hessians[i]!;
    const ka = (a[row]! + offsetA) << 1;
    const kb = (b[row]! + offsetB) << 1;
    const kc = (c[row]! + offsetC) << 1;
    const kd = (d[row]! + offsetD) << 1;
    histogram[ka]! += g;
    histogram[ka + 1]! += h;
    histogram[kb]! += g;
    histogram[kb + 1]! += h;
    histogram[kc]! += g;
    histogram[kc + 1]! += h;
    histogram[kd]! += g;
    histogram[kd + 1]! += h;
  }
}

/** Turns the parent's histogram into the other child's, in place. Exact, because all sums are integers. */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= child[i]!;
}
