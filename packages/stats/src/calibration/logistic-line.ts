import { requireSameLength, type Sample } from '../common/samples.js';
import { chiSquareSf } from '../special/chi-square.js';
import { normalQuantile } from '../special/normal.js';

/** sigmoid(intercept + slope·x) with the covariance of its estimates. */
export interface LogisticLine {
  readonly intercept: number;
  readonly slope: number;
  readonly interceptError: number;
  readonly slopeError: number;
  readonly covariance: number;
  readonly n: number;
  /** False when the classes are separated along x: then the slope grows without bound. */
  readonly converged: boolean;
}

/**
 * Maximum-likelihood logistic regression on one variable by Newton's method with halved steps. `targets` lie in [0, 1]. NaN
 * throughout when empty, with any NaN, or for a constant x or constant targets of 0 or 1.
 */
export function logisticLine(targets: Sample, x: Sample): LogisticLine {
  requireSameLength('targets', targets, 'x', x);
  const n = targets.length;
  const nothing = {
    intercept: NaN,
    slope: NaN,
    interceptError: NaN,
    slopeError: NaN,
    covariance: NaN,
    n,
    converged: false,
  };
  let sum = 0;
  let constant = true;
  let level = 0;
  for (let i = 0; i < n; i++) {
    sum += targets[i]! + 0 * x[i]!;
    level += targets[i]!;
    if (x[i] !== x[0]) constant = false;
  }
  if (n === 0 || !Number.isFinite(sum) || constant || level === 0 || level === n) return nothing;
  let intercept = Math.log(level / (n - level));
  let slope = 0;
  let current = terms(targets, x, intercept, slope);
  let converged = false;
  for (let step = 0; step < 100 && !converged; step++) {
    const { gradient, information, logLikelihood } = current;
    const determinant = information[0] * information[2] - information[1] ** 2;
    if (!(determinant > 0)) break;
    let moveA = (information[2] * gradient[0] - information[1] * gradient[1]) / determinant;
    let moveB = (information[0] * gradient[1] - information[1] * gradient[0]) / determinant;
    let next = terms(targets, x, intercept + moveA, slope + moveB);
    for (
      let half = 0;
      half < 30 && !(next.logLikelihood >= logLikelihood - 1e-12 * Math.abs(logLikelihood));
      half++
    ) {
      moveA /= 2;
      moveB /= 2;
      next = terms(targets, x, intercept + moveA, slope + moveB);
    }
    intercept += moveA;
    slope += moveB;
    current = next;
    converged =
      Math.abs(moveA) <= 1e-10 * (1 + Math.abs(intercept)) &&
      Math.abs(moveB) <= 1e-10 * (1 + Math.abs(slope));
  }
  const [a, c, b] = current.information;
  const determinant = a * b - c * c;
  return {
    intercept,
    slope,
    interceptError: Math.sqrt(b / determinant),
    slopeError: Math.sqrt(a / determinant),
    covariance: -c / determinant,
    n,
    converged,
  };
}

interface Terms {
  readonly logLikelihood: number;
  readonly gradient: readonly [number, number];
  readonly information: readonly [aa: number, ab: number, bb: number];
}

function terms(targets: Sample, x: Sample, intercept: number, slope: number): Terms {
  let logLikelihood = 0;
  let ga = 0;
  let gb = 0;
  let aa = 0;
  let ab = 0;
  let bb = 0;
  for (let i = 0; i < targets.length; i++) {
    const z = intercept + slope * x[i]!;
    const p = 1 / (1 + Math.exp(-z));
    const t = targets[i]!;
    logLikelihood += t * z - (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));
    const rest = t - p;
    const weight = p * (1 - p);
    ga += rest;
    gb += rest * x[i]!;
    aa += weight;
    ab += weight * x[i]!;
    bb += weight * x[i]! * x[i]!;
  }
  return { logLikelihood, gradient: [ga, gb], information: [aa, ab, bb] };
}

/** Platt's scaling: a score's probability is sigmoid(intercept + slope·score). */
export interface PlattFit {
  readonly intercept: number;
  readonly slope: number;
}

/**
 * Platt scaling (1999) with his smoothed targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2), so that separated classes stay finite.
 * Rows with a NaN are left out. Constant scores, or one class only, give slope 0 and the smoothed rate as a constant.
 */
export function plattFit(labels: Sample, scores: Sample): PlattFit {
  requireSameLength('labels', labels, 'scores', scores);
  const rows: number[] = [];
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    if (Number.isNaN(labels[i]! + scores[i]!)) continue;
    rows.push(i);
    positives += labels[i]!;
  }
  const negatives = rows.length - positives;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const targets = Float64Array.from(rows, row => (labels[row] === 1 ? high : low));
  if (positives > 0 && negatives > 0) {
    const { intercept, slope } = logisticLine(
      targets,
      Float64Array.from(rows, row => scores[row]!),
    );
    if (Number.isFinite(slope)) return { intercept, slope };
  }
  const rate = (positives + 1) / (rows.length + 2);
  return { intercept: Math.log(rate / (1 - rate)), slope: 0 };
}

/** Probabilities of a Platt fit. */
export function plattValues({ intercept, slope }: PlattFit, scores: Sample): Float64Array {
  return Float64Array.from(scores, score => 1 / (1 + Math.exp(-(intercept + slope * score))));
}

export interface CalibrationLine {
  /** 1 is right; below 1 the probabilities are too extreme (overfitted), above 1 too timid. */
  readonly slope: number;
  readonly slopeInterval: readonly [low: number, high: number];
  /** 0 is right; of the fit with the slope. */
  readonly intercept: number;
  readonly interceptInterval: readonly [low: number, high: number];
  /** Of "intercept 0 and slope 1" (Cox 1958), by Wald's χ² with 2 degrees of freedom. */
  readonly pValue: number;
  readonly n: number;
}

const CLIP = 1e-12;

/**
 * Calibration slope and intercept: logistic regression of the labels on the log-odds of the probabilities (Cox 1958), which
 * are clipped to [1e-12, 1 − 1e-12]. Rows with a NaN are left out. NaN when the labels or the probabilities are constant.
 */
export function calibrationLine(labels: Sample, probabilities: Sample, confidence = 0.95): CalibrationLine {
  requireSameLength('labels', labels, 'probabilities', probabilities);
  const kept: [number[], number[]] = [[], []];
  for (let i = 0; i < labels.length; i++) {
    if (Number.isNaN(labels[i]! + probabilities[i]!)) continue;
    const p = Math.min(1 - CLIP, Math.max(CLIP, probabilities[i]!));
    kept[0].push(labels[i]!);
    kept[1].push(Math.log(p / (1 - p)));
  }
  const line = logisticLine(kept[0], kept[1]);
  const { intercept, slope, interceptError, slopeError, covariance, n } = line;
  const z = normalQuantile((1 + confidence) / 2);
  const a = intercept;
  const b = slope - 1;
  const determinant = interceptError ** 2 * slopeError ** 2 - covariance ** 2;
  const wald = (a * a * slopeError ** 2 - 2 * a * b * covariance + b * b * interceptError ** 2) / determinant;
  return {
    slope,
    slopeInterval: [slope - z * slopeError, slope + z * slopeError],
    intercept,
    interceptInterval: [intercept - z * interceptError, intercept + z * interceptError],
    pValue: Number.isNaN(wald) ? NaN : chiSquareSf(wald, 2),
    n,
  };
}
