import { mean } from '../common/moments.js';
import { requireSameLength, type Sample } from '../common/samples.js';

export interface RegressionReport {
  readonly n: number;
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
  /** mean(prediction − actual): positive means over-prediction. */
  readonly bias: number;
}

function meanOf(actual: Sample, predicted: Sample, term: (error: number) => number): number {
  requireSameLength('actual', actual, 'predicted', predicted);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += term(predicted[i]! - actual[i]!);
  return actual.length === 0 ? NaN : sum / actual.length;
}

/** Root mean squared error; NaN when empty or when any value is NaN. */
export function rmse(actual: Sample, predicted: Sample): number {
  return Math.sqrt(meanOf(actual, predicted, error => error * error));
}

/** Mean absolute error; NaN when empty or when any value is NaN. */
export function mae(actual: Sample, predicted: Sample): number {
  return meanOf(actual, predicted, Math.abs);
}

/** Mean of prediction − actual; NaN when empty or when any value is NaN. */
export function bias(actual: Sample, predicted: Sample): number {
  return meanOf(actual, predicted, error => error);
}

/**
 * Coefficient of determination 1 − SS_res/SS_tot. Constant actuals: 1 when predicted exactly, else 0, as
 * scikit-learn. NaN below two values or when any value is NaN.
 */
export function r2(actual: Sample, predicted: Sample): number {
  const residual = meanOf(actual, predicted, error => error * error);
  const centre = mean(actual);
  const total = variance(actual, centre);
  if (actual.length < 2 || Number.isNaN(residual) || Number.isNaN(total)) return NaN;
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}

function variance(values: Sample, centre: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum / values.length;
}

/** The figures above together. */
export function regressionReport(actual: Sample, predicted: Sample): RegressionReport {
  return {
    n: actual.length,
    rmse: rmse(actual, predicted),
    mae: mae(actual, predicted),
    r2: r2(actual, predicted),
    bias: bias(actual, predicted),
  };
}
