import { binaryConfusion } from '../classification/binary-confusion.js';
import {
  type ConfusionMatrix,
  confusionMatrix,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassF1,
  multiclassKappa,
  multiclassMatthews,
} from '../classification/multiclass.js';
import { multiclassAuc } from '../classification/multiclass-auc.js';
import { averagePrecision, ksSeparation, precisionRecallAuc } from '../classification/ranking.js';
import { mean } from '../common/moments.js';
import type { Sample } from '../common/samples.js';
import { expectedCalibrationError, maximumCalibrationError } from '../metrics/calibration-error.js';
import { kendallTauB, pearson, spearman } from '../metrics/correlation.js';
import { r2 } from '../metrics/regression.js';
import { explainedVariance, maxError, medianAbsoluteError } from '../metrics/regression-errors.js';
import { rocAuc } from '../metrics/roc-auc.js';
import { type ConfusionMetric, confusionMetric } from './confusion-interval.js';
import type { CompleteRows, MetricData } from './metric-data.js';
import { rowLossesOf } from './row-losses.js';

type Pairwise = (a: Sample, b: Sample) => number;

const OF_SCORES: Readonly<Record<string, Pairwise>> = {
  auc: rocAuc,
  average_precision: (y, s) => (y.length === 0 || !hasPositive(y) ? NaN : averagePrecision(y, s)),
  pr_auc: (y, s) => (y.length === 0 || !hasPositive(y) ? NaN : precisionRecallAuc(y, s)),
  ks: ksSeparation,
  ece: expectedCalibrationError,
  mce: maximumCalibrationError,
};

function hasPositive(labels: Sample): boolean {
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) return true;
  return false;
}

const OF_NUMBERS: Readonly<Record<string, Pairwise>> = {
  medae: medianAbsoluteError,
  max_error: maxError,
  r2,
  explained_variance: explainedVariance,
  pearson,
  spearman,
  kendall: kendallTauB,
};

const OF_MATRIX: Readonly<Record<string, (matrix: ConfusionMatrix) => number>> = {
  accuracy: multiclassAccuracy,
  error_rate: matrix => 1 - multiclassAccuracy(matrix),
  macro_f1: matrix => multiclassF1(matrix, 'macro'),
  weighted_f1: matrix => multiclassF1(matrix, 'weighted'),
  balanced_accuracy: multiclassBalancedAccuracy,
  mcc: multiclassMatthews,
  kappa: multiclassKappa,
};

/** The figure of a confusion matrix by its name. */
export function multiclassFigure(name: string): (matrix: ConfusionMatrix) => number {
  return OF_MATRIX[name]!;
}

/** A metric of complete rows; the name is known to the task. */
export function metricOf(data: MetricData, name: string, rows: CompleteRows): number {
  const { labels, predictions, scores } = rows;
  const losses = rowLossesOf(name, data, rows);
  if (losses !== undefined) return name === 'rmse' ? Math.sqrt(mean(losses)) : mean(losses);
  if (data.task === 'regression') return OF_NUMBERS[name]!(labels, predictions);
  if (data.task === 'multiclass') {
    if (name === 'auc_ovr' || name === 'auc_ovo')
      return multiclassAuc(labels, scores, data.classes, name === 'auc_ovr' ? 'ovr' : 'ovo').value;
    return OF_MATRIX[name]!(confusionMatrix(labels, predictions, data.classes));
  }
  if (Object.hasOwn(OF_SCORES, name)) return OF_SCORES[name]!(labels, scores);
  return confusionMetric(name as ConfusionMetric, binaryConfusion(labels, predictions));
}
