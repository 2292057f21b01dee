import { rocAuc } from '../metrics/roc-auc.js';
import { rocAucInterval } from '../metrics/delong.js';
import {
  buildFeatures,
  type SampleColumns,
  type Feature,
  featureValue,
  pooledColumns,
} from './column-features.js';
import { CrossFittedDiscriminant, type Design } from './cross-fitted-discriminant.js';

export interface ClassifierTwoSampleOptions {
  /** Uniform on (0, 1): folds, permutations, and rows where there are too many. */
  readonly random: () => number;
  /** Default 199: the smallest p-value is then 0.005. */
  readonly permutations?: number;
  /** Rows used of each sample, drawn where there are more; default 5,000. */
  readonly rows?: number;
  /** Most features; default 300. */
  readonly features?: number;
}

export interface ColumnContribution {
  readonly column: string;
  /** How much the AUC falls when this column's values are shuffled among the held-out rows; about 0 or less: nothing. */
  readonly drop: number;
}

export interface ClassifierTwoSampleResult {
  /** How well held-out rows of the two samples are told apart: ½ not at all, 1 perfectly. The effect. */
  readonly auc: number;
  /** Of the AUC, by DeLong's variance in each fold. */
  readonly standardError: number;
  /** (1 + permutations with an AUC at least as large) / (1 + permutations). Valid at any sample size. */
  readonly pValue: number;
  /** Largest drop first. */
  readonly columns: readonly ColumnContribution[];
  /** Rows used of each sample. */
  readonly n: number;
  readonly m: number;
}

const FOLDS = 5;
const FEWEST_ROWS = 10;
const RIDGE = 1;
/** Sums of the same scores in another order differ by this much. */
const ROUNDING = 1e-12;

/**
 * Classifier two-sample test (Lopez-Paz & Oquab 2017): if a classifier tells rows of the two samples apart on rows it
 * has not seen, the samples differ, in whatever way, joint changes that leave every single column as it was included.
 *
 * The classifier is a ridge discriminant on rank polynomials, levels and products of two columns, cross-fitted in five
 * folds. Features are made without labels and labels are permuted within folds, so the p-value is exact for exchangeable
 * rows. Mixed columns, missing values (NaN, null) and ties are welcome; monotone transformations of a column change
 * nothing. Fewer than ten rows on a side, or no column that varies: NaN. Different columns or lengths: RangeError.
 */
export function classifierTwoSample(
  reference: SampleColumns,
  current: SampleColumns,
  { random, permutations = 199, rows = 5000, features = 300 }: ClassifierTwoSampleOptions,
): ClassifierTwoSampleResult {
  const a = drawRows(reference, rows, random);
  const b = drawRows(current, rows, random);
  const { names, pool } = pooledColumns(a.columns, b.columns);
  const { length: n } = a;
  const { length: m } = b;
  const undecided = { auc: NaN, standardError: NaN, pValue: NaN, columns: [], n, m };
  if (Math.min(n, m) < FEWEST_ROWS) return undecided;
  const made = buildFeatures(pool, features, random);
  if (made.length === 0) return undecided;
  const labels = Float64Array.from({ length: n + m }, (_, row) => (row < n ? -m : n) / (n + m));
  const design = designOf(made, n, m, random);
  const model = new CrossFittedDiscriminant(design, RIDGE);
  const auc = model.auc(labels);
  let reached = 0;
  const shuffled = labels.slice();
  for (let b = 0; b < permutations; b++) {
    for (const fold of design.folds) shuffleWithin(shuffled, fold, random);
    if (model.auc(shuffled) >= auc - ROUNDING) reached++;
  }
  const { standardError, drops } = inspect(model, design, made, labels, names.length, random);
  const columns = names
    .map((column, i) => ({ column, drop: drops[i]! }))
    .sort((x, y) => y.drop - x.drop || (x.column < y.column ? -1 : 1));
  return { auc, standardError, pValue: (1 + reached) / (1 + permutations), columns, n, m };
}

/** At most `limit` rows, in random order where some are left out. */
function drawRows(
  columns: SampleColumns,
  limit: number,
  random: () => number,
): { columns: SampleColumns; length: number } {
  const entries = Object.entries(columns);
  const length = entries[0]?.[1].length ?? 0;
  for (const [name, values] of entries) {
    if (values.length !== length) {
      throw new RangeError(`column ${name} has ${values.length} rows, others ${length}`);
    }
  }
  if (length <= limit) return { columns, length };
  const order = Int32Array.from({ length }, (_, i) => i);
  shuffleWithin(order, order.slice(), random);
  const kept = order.slice(0, limit);
  const part = entries.map(([name, values]) => [name, Array.from(kept, row => values[row]!)] as const);
  return { columns: Object.fromEntries(part) as SampleColumns, length: limit };
}

/** Fisher–Yates over the given positions. */
function shuffleWithin(values: Float64Array | Int32Array, positions: Int32Array, random: () => number): void {
  for (let i = positions.length - 1; i > 0; i--) {
    const from = positions[Math.floor(random() * (i + 1))]!;
    const to = positions[i]!;
    const kept = values[to]!;
    values[to] = values[from]!;
    values[from] = kept;
  }
}

/** The feature matrix, and folds that hold both samples in proportion. */
function designOf(made: readonly Feature[], n: number, m: number, random: () => number): Design {
  const width = made.length;
  const matrix = new Float64Array((n + m) * width);
  for (let row = 0; row < n + m; row++) {
    made.forEach((feature, i) => {
      matrix[row * width + i] = featureValue(feature, row, -1, row);
    });
  }
  const order = Int32Array.from({ length: n + m }, (_, i) => i);
  const all = order.slice();
  shuffleWithin(order, all.subarray(0, n), random);
  shuffleWithin(order, all.subarray(n), random);
  const folds = Array.from({ length: FOLDS }, (_, k) => order.filter((_row, at) => at % FOLDS === k));
  return { matrix, width, folds };
}

/** What the fitted models rest on, fold by fold. */
function inspect(
  model: CrossFittedDiscriminant,
  { folds, width }: Design,
  made: readonly Feature[],
  labels: Float64Array,
  columns: number,
  random: () => number,
): { standardError: number; drops: Float64Array } {
  let variance = 0;
  const drops = new Float64Array(columns);
  model.fit(labels).forEach((coefficients, k) => {
    const rows = folds[k]!;
    const truth = Float64Array.from(rows, row => Number(labels[row]! > 0));
    const scores = model.scores(k, coefficients);
    const { auc, standardError } = rocAucInterval(truth, scores);
    variance += (standardError / folds.length) ** 2;
    const donors = rows.slice();
    for (let column = 0; column < columns; column++) {
      const touched = Array.from({ length: width }, (_, i) => i).filter(
        i => made[i]!.left.column === column || made[i]!.right?.column === column,
      );
      shuffleWithin(
        donors,
        Int32Array.from({ length: rows.length }, (_, i) => i),
        random,
      );
      const changed = scores.map((score, at) =>
        touched.reduce((sum, i) => {
          const feature = made[i]!;
          const row = rows[at]!;
          const difference =
            featureValue(feature, row, column, donors[at]!) - featureValue(feature, row, -1, row);
          return sum + coefficients[i]! * difference;
        }, score),
      );
      drops[column]! += (auc - rocAuc(truth, changed)) / folds.length;
    }
  });
  return { standardError: Math.sqrt(variance), drops };
}
