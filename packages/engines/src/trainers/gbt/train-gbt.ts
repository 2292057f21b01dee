import type { GbtBody, Tree } from '@twinloop/model';
import { meanLabel, meanLoss, type TrainingSet } from '../training-set.js';
import { binSet } from './bins.js';
import { fixedPoint, toFixedPoint } from './fixed-point.js';
import { TreeGrower } from './grow.js';
import type { GbtParameters } from './parameters.js';

export interface GbtResult {
  readonly body: GbtBody;
  /** Total gain of each feature. */
  readonly gains: Float64Array;
  readonly trainingLoss: number;
}

/** Gradients and hessians of the loss at `scores`: log-loss p − y and p(1 − p), squared error s − y and 1. Returns the bound on |gradient| and on hessian. */
function differentiate(
  set: TrainingSet,
  scores: Float64Array,
  gradients: Float64Array,
  hessians: Float64Array,
): { readonly gradient: number; readonly hessian: number } {
  const { y, weights, rows } = set;
  if (set.task === 'binary') {
    for (let i = 0; i < rows; i++) {
      const p = 1 / (1 + Math.exp(-scores[i]!));
      gradients[i] = p - y[i]!;
      hessians[i] = p * (1 - p);
    }
  } else {
    for (let i = 0; i < rows; i++) gradients[i] = scores[i]! - y[i]!;
    hessians.fill(1);
  }
  if (weights !== undefined) {
    for (let i = 0; i < rows; i++) {
      gradients[i]! *= weights[i]!;
      hessians[i]! *= weights[i]!;
    }
  }
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < rows; i++) {
    const size = Math.abs(gradients[i]!);
    if (size > gradient) gradient = size;
    if (hessians[i]! > hessian) hessian = hessians[i]!;
  }
  return { gradient, hessian };
}

/**
 * Histogram gradient boosting (Friedman 2001; LightGBM; scikit-learn's HistGradientBoosting) for log-loss and squared
 * error. Missing values have their own bin and a learned direction, categories are split by subsets. Deterministic.
 */
export function trainGbt(set: TrainingSet, parameters: GbtParameters, seed: number): GbtResult {
  const data = binSet(set, parameters.maxBins, seed);
  const mean = meanLabel(set);
  const base = set.task === 'binary' ? Math.log(mean / (1 - mean)) : mean;
  const scores = new Float64Array(set.rows).fill(base);
  const gradients = new Float64Array(set.rows);
  const hessians = new Float64Array(set.rows);
  const gains = new Float64Array(data.features);
  const grower = new TreeGrower(data, parameters, gains);
  const trees: Tree[] = [];
  for (let iteration = 0; iteration < parameters.iterations; iteration++) {
    const bound = differentiate(set, scores, gradients, hessians);
    // Nothing is left to learn: every row is met exactly.
    if (bound.gradient === 0 || bound.hessian === 0) break;
    const scale = fixedPoint(set.rows, bound.gradient, bound.hessian);
    toFixedPoint(gradients, hessians, scale);
    const tree = grower.grow(gradients, hessians, scale, scores);
    if (tree.feature.length === 0) break;
    trees.push(tree);
  }
  return { body: { kind: 'gbt', base, trees }, gains, trainingLoss: meanLoss(set, scores) };
}
