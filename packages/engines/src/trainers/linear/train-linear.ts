import type { LinearBody, SoftmaxBody } from '@twinloop/model';
import { classShares, meanLabel, meanLoss, meanSoftmaxLoss, type TrainingSet } from '../training-set.js';
import { designOf, type Design } from './design.js';
import { lbfgs } from './lbfgs.js';
import { newton } from './newton.js';
import { Objective } from './objective.js';
import type { LinearParameters } from './parameters.js';
import { SoftmaxObjective } from './softmax-objective.js';

/** Above this many columns the Hessian costs more than it saves. */
const WIDEST_NEWTON = 1200;
/** Ten times as exact as scikit-learn's default; losses then agree to five digits. */
const SOFTMAX_TOLERANCE = 1e-5;

export interface LinearResult {
  readonly body: LinearBody | SoftmaxBody;
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
  const { feature, first, count, column, value } = design.words;
  const sums = new Float64Array(count);
  const squares = new Float64Array(count);
  column.forEach((c, cell) => {
    sums[c - first]! += value[cell]!;
    squares[c - first]! += value[cell]! ** 2;
  });
  for (let k = 0; k < count; k++) {
    const variance = squares[k]! / design.rows - (sums[k]! / design.rows) ** 2;
    spread[feature + k] = Math.abs(w[first + k]!) * Math.sqrt(Math.max(0, variance));
  }
  return spread;
}

function bodyOf(design: Design, w: Float64Array): LinearBody {
  const { words } = design;
  const numeric = design.numeric.map((term, k) => ({ ...term, weight: w[k + 1]! }));
  for (let k = 0; k < words.count; k++)
    numeric.push({ feature: words.feature + k, mean: 0, scale: 1, weight: w[words.first + k]! });
  return {
    kind: 'linear',
    intercept: w[0]!,
    numeric,
    categorical: design.categorical.map(({ feature, first, categories }) => ({
      feature,
      weights: Array.from(w.subarray(first, first + categories)),
      unknown: w[first + categories]!,
    })),
  };
}

/**
 * Logistic (of several classes: multinomial) or ridge regression on standardised numbers (missing = mean) and one-hot categories (rare, missing and
 * unseen ones share a weight), and on the words of texts as they are weighted. The problem is convex, so the answer does not depend on the method or a seed.
 */
export function trainLinear(set: TrainingSet, parameters: LinearParameters): LinearResult {
  const design = designOf(set);
  if (set.task === 'multiclass') return trainSoftmax(set, design, parameters);
  const { l2, maxIterations } = parameters;
  const objective = new Objective(design, set, l2);
  const w = new Float64Array(design.columns);
  const mean = meanLabel(set);
  w[0] = set.task === 'binary' ? Math.log(mean / (1 - mean)) : mean;
  if (design.columns > WIDEST_NEWTON || !newton(objective, w, l2, maxIterations))
    lbfgs(objective, w, 10 * maxIterations);
  objective.value(w);
  return {
    body: bodyOf(design, w),
    spread: spreadOf(design, w, set.categories.length),
    trainingLoss: meanLoss(set, objective.scores),
  };
}

/** L-BFGS on all classes' weights together; a Hessian of classes × columns would cost more than it saves. */
function trainSoftmax(
  set: TrainingSet,
  design: Design,
  { l2, maxIterations }: LinearParameters,
): LinearResult {
  const { classes } = set;
  const { columns } = design;
  const objective = new SoftmaxObjective(design, set, l2);
  const w = new Float64Array(classes * columns);
  classShares(set).forEach((share, c) => (w[c * columns] = Math.log(share)));
  lbfgs(objective, w, 10 * maxIterations, SOFTMAX_TOLERANCE);
  objective.value(w);
  const own = Array.from({ length: classes }, (_, c) => w.subarray(c * columns, (c + 1) * columns));
  const spread = new Float64Array(set.categories.length);
  for (const one of own) spreadOf(design, one, spread.length).forEach((s, f) => (spread[f]! += s * s));
  return {
    body: { kind: 'softmax', perClass: own.map(one => bodyOf(design, one)) },
    spread: spread.map(Math.sqrt),
    trainingLoss: meanSoftmaxLoss(set, objective.scores),
  };
}
