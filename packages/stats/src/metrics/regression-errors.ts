import { moments } from '../common/moments.js';
import { requireSameLength, type Sample } from '../common/samples.js';
import { quantile } from '../profiles/quantile.js';

/** Below this size a label counts as this large in relative errors (scikit-learn). */
const SMALLEST = 2 ** -52;

/** What one row costs by relative, logarithmic or quantile error. */
export const rowErrors = {
  squared: (actual: number, predicted: number): number => (predicted - actual) ** 2,
  absolute: (actual: number, predicted: number): number => Math.abs(predicted - actual),
  signed: (actual: number, predicted: number): number => predicted - actual,
  /** |actual − predicted| / |actual|, as a fraction. */
  relative: (actual: number, predicted: number): number =>
    Math.abs(actual - predicted) / Math.max(Math.abs(actual), SMALLEST),
  /** Squared distance of log(1 + |·|). */
  squaredLog: (actual: number, predicted: number): number =>
    (Math.log1p(Math.abs(actual)) - Math.log1p(Math.abs(predicted))) ** 2,
} as const;

/** Each row's error by one of {@link rowErrors}. */
export function rowErrorsOf(kind: keyof typeof rowErrors, actual: Sample, predicted: Sample): Float64Array {
  requireSameLength('actual', actual, 'predicted', predicted);
  const of = rowErrors[kind];
  return Float64Array.from(actual, (y, row) => of(y, predicted[row]!));
}

function meanError(kind: keyof typeof rowErrors, actual: Sample, predicted: Sample): number {
  return moments(rowErrorsOf(kind, actual, predicted)).mean;
}

/** Mean squared error; NaN when empty or when any value is NaN (so all functions of this file). */
export function mse(actual: Sample, predicted: Sample): number {
  return meanError('squared', actual, predicted);
}

/** Mean absolute percentage error as a fraction; a label of 0 counts as 2^-52, so that it swamps the mean. */
export function mape(actual: Sample, predicted: Sample): number {
  return meanError('relative', actual, predicted);
}

/** Mean squared difference of log(1 + |·|). */
export function msle(actual: Sample, predicted: Sample): number {
  return meanError('squaredLog', actual, predicted);
}

/** Pinball loss at `level`: level·e where e = actual − predicted ≥ 0, else (level − 1)·e (Koenker & Bassett 1978). */
export function pinballLoss(actual: Sample, predicted: Sample, level: number): number {
  return moments(pinballLossesOf(actual, predicted, level)).mean;
}

export function pinballLossesOf(actual: Sample, predicted: Sample, level: number): Float64Array {
  requireSameLength('actual', actual, 'predicted', predicted);
  return Float64Array.from(actual, (y, row) => {
    const e = y - predicted[row]!;
    return e >= 0 ? level * e : (level - 1) * e;
  });
}

/** Median absolute error, the middle two averaged. */
export function medianAbsoluteError(actual: Sample, predicted: Sample): number {
  const errors = rowErrorsOf('absolute', actual, predicted).sort();
  // A typed-array sort puts NaN last.
  return errors.length === 0 || Number.isNaN(errors[errors.length - 1]!) ? NaN : quantile(errors, 0.5);
}

/** Largest absolute error. */
export function maxError(actual: Sample, predicted: Sample): number {
  const errors = rowErrorsOf('absolute', actual, predicted);
  return errors.length === 0 ? NaN : errors.reduce((largest, error) => Math.max(largest, error), 0);
}

/** 1 − Var(actual − predicted)/Var(actual). Constant actuals: 1 when the errors are constant too, else 0 (scikit-learn). */
export function explainedVariance(actual: Sample, predicted: Sample): number {
  const errors = spread(rowErrorsOf('signed', actual, predicted));
  const total = spread(actual);
  if (Number.isNaN(errors) || Number.isNaN(total)) return NaN;
  if (total === 0) return errors === 0 ? 1 : 0;
  return 1 - errors / total;
}

/** Variance, ddof 0. */
function spread(values: Sample): number {
  const { n, mean, variance } = moments(values);
  return n === 1 ? 0 * mean : (variance * (n - 1)) / n;
}
