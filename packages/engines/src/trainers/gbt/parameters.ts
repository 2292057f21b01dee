export interface GbtParameters {
  /** Trees. Default 60. */
  readonly iterations: number;
  /** Shrinkage of each tree. Default 0.1. */
  readonly learningRate: number;
  /** Leaves of a tree at most. Default 15. */
  readonly maxLeaves: number;
  /** Rows in a leaf at least. Default 20. */
  readonly minSamplesLeaf: number;
  /** L2 penalty on leaf values. Default 1. */
  readonly l2: number;
  /** Histogram bins of a numeric feature at most, 2 to 255. Default 255. */
  readonly maxBins: number;
}

export const GBT_DEFAULTS: GbtParameters = {
  iterations: 60,
  learningRate: 0.1,
  maxLeaves: 15,
  minSamplesLeaf: 20,
  l2: 1,
  maxBins: 255,
};
