import { requireOpenUnit, requireSameLength, type Sample } from '../common/samples.js';
import { cutsBelow, quantileCuts } from '../slices/quantile-codes.js';
import { normalQuantile } from '../special/normal.js';
import type { LabelFreeEstimate } from './cbpe.js';

/** Expected loss of a row as a sum over columns of a step function of the column's value. Plain numbers, survives JSON. */
export interface LossModel {
  readonly base: number;
  readonly columns: readonly {
    /** Cut points, ascending; value v is in bin "number of cuts ≤ v", missing in the last bin. */
    readonly cuts: readonly number[];
    readonly steps: readonly number[];
  }[];
  /** Expected losses below are raised to it: the smallest one seen. */
  readonly floor: number;
  /** Mean squared error on rows that the fit had not seen (two-fold). */
  readonly residualVariance: number;
  readonly n: number;
}

export interface LossModelOptions {
  /** Equal-count bins per column; default 16. */
  readonly bins?: number;
  /** Passes over the columns; default 30. */
  readonly rounds?: number;
  /** Rows' worth of pull towards 0 in each bin; default 20. */
  readonly ridge?: number;
}

const RATE = 0.3;

/**
 * A deterministic regressor for direct loss estimation where no trainer is at hand: backfitted bin means of each column
 * (the model's prediction and features; categories as codes), shrunk where rows are few. Rows without a loss are left out.
 */
export function lossModelFit(
  losses: Sample,
  columns: readonly Sample[],
  options: LossModelOptions = {},
): LossModel {
  columns.forEach((column, c) => requireSameLength('losses', losses, `column ${c}`, column));
  const rows: number[] = [];
  for (let i = 0; i < losses.length; i++) if (!Number.isNaN(losses[i]!)) rows.push(i);
  const kept = Float64Array.from(rows, row => losses[row]!);
  const cuts = columns.map(column =>
    quantileCuts(
      Float64Array.from(rows, row => column[row]!),
      options.bins ?? 16,
    ),
  );
  const codes = columns.map((column, c) => Uint16Array.from(rows, row => binOf(cuts[c]!, column[row]!)));
  const even = fit(kept, codes, cuts, options, row => row % 2 === 0);
  const odd = fit(kept, codes, cuts, options, row => row % 2 === 1);
  let squares = 0;
  for (let i = 0; i < kept.length; i++) {
    const { base, steps } = i % 2 === 0 ? odd : even;
    let expected = base;
    for (let c = 0; c < codes.length; c++) expected += steps[c]![codes[c]![i]!]!;
    squares += (kept[i]! - expected) ** 2;
  }
  const { base, steps } = fit(kept, codes, cuts, options, () => true);
  return {
    base,
    columns: cuts.map((own, c) => ({ cuts: own, steps: Array.from(steps[c]!) })),
    floor: kept.reduce((least, loss) => Math.min(least, loss), Infinity),
    residualVariance: kept.length < 2 ? NaN : squares / kept.length,
    n: kept.length,
  };
}

/** Missing values have a bin of their own. */
function binOf(cuts: readonly number[], value: number): number {
  return Number.isNaN(value) ? cuts.length + 1 : cutsBelow(cuts, value);
}

function fit(
  losses: Float64Array,
  codes: readonly Uint16Array[],
  cuts: readonly (readonly number[])[],
  { rounds = 30, ridge = 20 }: LossModelOptions,
  use: (row: number) => boolean,
): { readonly base: number; readonly steps: readonly Float64Array[] } {
  const rows: number[] = [];
  let base = 0;
  for (let i = 0; i < losses.length; i++) {
    if (!use(i)) continue;
    rows.push(i);
    base += losses[i]!;
  }
  base /= rows.length;
  const rest = losses.map(loss => loss - base);
  const steps = cuts.map(own => new Float64Array(own.length + 2));
  for (let round = 0; round < rounds; round++) {
    codes.forEach((column, c) => {
      const bins = steps[c]!.length;
      const sums = new Float64Array(bins);
      const counts = new Float64Array(bins);
      for (const row of rows) {
        const bin = column[row]!;
        sums[bin]! += rest[row]!;
        counts[bin]!++;
      }
      for (let b = 0; b < bins; b++) {
        // Both pulls are towards 0, hence the ridge acts on the whole step, not only on this move.
        const move = RATE * ((sums[b]! - ridge * steps[c]![b]!) / (counts[b]! + ridge));
        steps[c]![b]! += move;
        sums[b] = move;
      }
      for (const row of rows) rest[row]! -= sums[column[row]!]!;
    });
  }
  return { base, steps };
}

/** Expected losses of rows; columns as in the fit. */
export function lossModelValues(model: LossModel, columns: readonly Sample[]): Float64Array {
  if (columns.length !== model.columns.length)
    throw new RangeError(`the loss model has ${model.columns.length} columns, not ${columns.length}`);
  const n = columns[0]?.length ?? 0;
  columns.forEach((column, c) => requireSameLength('column 0', { length: n }, `column ${c}`, column));
  return Float64Array.from({ length: n }, (_, row) => {
    let expected = model.base;
    model.columns.forEach(({ cuts, steps }, c) => {
      expected += steps[binOf(cuts, columns[c]![row]!)]!;
    });
    return Math.max(model.floor, expected);
  });
}

export interface DirectLossOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Variance of a row's loss about its expectation (`LossModel.residualVariance`); without it there is no interval. */
  readonly residualVariance?: number;
  /** Labelled rows behind the expectations: their own error is added. */
  readonly referenceRows?: number;
  /** Report the root of the mean: RMSE of squared errors. */
  readonly root?: boolean;
}

/**
 * Direct loss estimation (NannyML's DLE): the mean of the losses that a model expects of rows, whatever fitted it, with the
 * interval in which the realised mean should lie. NaN values are left out; NaN without rows.
 */
export function directLossEstimate(
  expectedLosses: Sample,
  {
    confidence = 0.95,
    residualVariance = NaN,
    referenceRows = Infinity,
    root = false,
  }: DirectLossOptions = {},
): LabelFreeEstimate & { readonly n: number } {
  requireOpenUnit('confidence', confidence);
  let sum = 0;
  let n = 0;
  for (let i = 0; i < expectedLosses.length; i++) {
    if (Number.isNaN(expectedLosses[i]!)) continue;
    sum += expectedLosses[i]!;
    n++;
  }
  const mean = sum / n;
  const error = Math.sqrt((residualVariance / n) * (1 + n / referenceRows));
  const half = normalQuantile((1 + confidence) / 2) * error;
  if (!root) return { value: mean, standardError: error, interval: [mean - half, mean + half], n };
  const value = Math.sqrt(mean);
  return {
    value,
    standardError: error / (2 * value),
    interval: [Math.sqrt(Math.max(0, mean - half)), Math.sqrt(mean + half)],
    n,
  };
}
