export interface LinearParameters {
  /** L2 penalty on all weights but the intercept; scikit-learn's 1 / C. Default 1. */
  readonly l2: number;
  /** Newton steps (or, for very wide models, L-BFGS steps × 10) at most. Default 50. */
  readonly maxIterations: number;
}

export const LINEAR_DEFAULTS: LinearParameters = { l2: 1, maxIterations: 50 };
