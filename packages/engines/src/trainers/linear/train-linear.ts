import type { LinearBody } from '@twinloop/model';
import { meanLabel, meanLoss, type TrainingSet } from '../training-set.js';
import { designOf, type Design } from './design.js';
import { lbfgs } from './lbfgs.js';
import { newton } from './newton.js';
import { Objective } from './objective.js';
import type { LinearParameters } from './parameters.js';

/** Above this many columns the Hessian costs more than it saves. */
const WIDEST_NEWTON = 1200;

export interface LinearResult {
  readonly body: LinearBody;
  /** Standard deviation of each feature's term over the training rows. */
  readonly spread: Float64Array;
  readonly trainingLoss: number;
}

/** How far each feature moves the score. A standardised number's term deviates by |weight|. */
function spreadOf(design: Design, w: Float64Array, features: number): Float64Array {
  const spread = new Float64Array(features);
  design.numeric.forEach((term, k) => {
    spread[term.feature] = Math.abs(w[k + 1]!);
  });
  design.categorical.forEach((term, k) => {
    let sum = 0;
    for (let i = 0; i < design.rows; i++) sum += w[design.sparse[i * design.sparseWidth + k]!]!;
    const mean = sum / design.rows;
    let squares = 0;
    for (let i = 0; i < design.rows; i++)
      squares += (w[design.sparse[i * design.sparseWidth + k]!]! - mean) ** 2;
    spread[term.feature] = Math.sqrt(squares / design.rows);
  });
  return spread;
}

/**
 * Logistic or ridge regression on standardised numbers (missing = mean) and one-hot categories (rare, missing and
 * unseen ones share a weight). The problem is convex, so the answer does not depend on the method or a seed.
 */
export function trainLinear(set: TrainingSet, parameters: LinearParameters): LinearResult {
  const design = designOf(set);
  const { l2, maxIterations } = parameters;
  const objective = new Objective(design, set, l2);
  const w = new Float64Array(design.columns);
  const mean = meanLabel(set);
  w[0] = set.task === 'binary' ? Math.log(mean / (1 - mean)) : mean;
  if (design.columns > WIDEST_NEWTON || !newton(objective, w, l2, maxIterations))
    lbfgs(objective, w, 10 * maxIterations);
  objective.value(w);
  const body: LinearBody = {
    kind: 'linear',
    intercept: w[0],
    numeric: design.numeric.map((term, k) => ({ ...term, weight: w[k + 1]! })),
    categorical: design.categorical.map(({ feature, first, categories }) => ({
      feature,
      weights: Array.from(w.subarray(first, first + categories)),
      unknown: w[first + categories]!,
    })),
  };
  return {
    body,
    spread: spreadOf(design, w, set.categories.length),
    trainingLoss: meanLoss(set, objective.scores),
  };
}
