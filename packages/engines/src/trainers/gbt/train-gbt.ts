import type { GbtBody, SoftmaxBody, Tree } from '@twinloop/model';
import { classShares, meanLabel, meanLoss, meanSoftmaxLoss, type TrainingSet } from '../training-set.js';
import { binSet, type BinnedSet } from './bins.js';
import { fixedPoint, toFixedPoint } from './fixed-point.js';
import { TreeGrower } from './grow.js';
import type { GbtParameters } from './parameters.js';

export interface GbtResult {
  readonly body: GbtBody | SoftmaxBody;
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
  return weighted(weights, gradients, hessians);
}

/** Applies the rows' weights; the bounds on |gradient| and hessian. */
function weighted(
  weights: Float64Array | undefined,
  gradients: Float64Array,
  hessians: Float64Array,
): { readonly gradient: number; readonly hessian: number } {
  const rows = gradients.length;
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
 * Histogram gradient boosting (Friedman 2001; LightGBM; scikit-learn's HistGradientBoosting) for log-loss, of two or more
 * classes, and squared error. Missing values have their own bin and a learned direction, categories are split by subsets. Deterministic.
 */
export function trainGbt(set: TrainingSet, parameters: GbtParameters, seed: number): GbtResult {
  const data = binSet(set, parameters.maxBins, seed);
  if (set.task === 'multiclass') return boostClasses(set, data, parameters);
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

/** Multinomial deviance: each round a tree for every class on p − y and p(1 − p) of the scores before the round. */
function boostClasses(set: TrainingSet, data: BinnedSet, parameters: GbtParameters): GbtResult {
  const { rows, classes, y, weights } = set;
  const bases = classShares(set).map(Math.log);
  const scores = new Float64Array(rows * classes);
  const gains = new Float64Array(data.features);
  const grower = new TreeGrower(data, parameters, gains);
  const trees: Tree[][] = Array.from({ length: classes }, () => []);
  const probabilities = new Float64Array(rows * classes);
  const gradients = new Float64Array(rows);
  const hessians = new Float64Array(rows);
  bases.forEach((base, c) => scores.fill(base, c * rows, (c + 1) * rows));
  for (let iteration = 0; iteration < parameters.iterations; iteration++) {
    softmaxRows(scores, probabilities, rows, classes);
    let grown = false;
    for (let c = 0; c < classes; c++) {
      const own = probabilities.subarray(c * rows, (c + 1) * rows);
      for (let i = 0; i < rows; i++) {
        const p = own[i]!;
        gradients[i] = p - (y[i] === c ? 1 : 0);
        hessians[i] = p * (1 - p);
      }
      const bound = weighted(weights, gradients, hessians);
      if (bound.gradient === 0 || bound.hessian === 0) continue;
      const scale = fixedPoint(rows, bound.gradient, bound.hessian);
      toFixedPoint(gradients, hessians, scale);
      const tree = grower.grow(gradients, hessians, scale, scores.subarray(c * rows, (c + 1) * rows));
      // A tree that is one leaf has moved the scores too.
      trees[c]!.push(tree);
      grown ||= tree.feature.length > 0;
    }
    if (!grown) break;
  }
  const perClass = trees.map((own, c): GbtBody => ({ kind: 'gbt', base: bases[c]!, trees: own }));
  return { body: { kind: 'softmax', perClass }, gains, trainingLoss: meanSoftmaxLoss(set, scores) };
}

function softmaxRows(scores: Float64Array, out: Float64Array, rows: number, classes: number): void {
  for (let i = 0; i < rows; i++) {
    let top = scores[i]!;
    for (let k = i + rows; k < rows * classes; k += rows) if (scores[k]! > top) top = scores[k]!;
    let sum = 0;
    for (let k = i; k < rows * classes; k += rows) sum += out[k] = Math.exp(scores[k]! - top);
    for (let k = i; k < rows * classes; k += rows) out[k]! /= sum;
  }
}
