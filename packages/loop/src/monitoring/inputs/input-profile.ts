import { type Column, columnOf, type Rng, type Table } from '@twinloop/kernel';
import { type IsolationForest, isolationForest, quantile } from '@twinloop/stats';

/** What training knew of a numeric column. */
export interface NumberRange {
  readonly name: string;
  readonly type: 'number';
  readonly low: number;
  readonly high: number;
  /** Share of training rows without a value. */
  readonly missing: number;
}
/** What training knew of a category. */
export interface KnownLevels {
  readonly name: string;
  readonly type: 'category';
  /** Share of the training rows by level. */
  readonly shares: ReadonlyMap<string, number>;
  readonly missing: number;
}
export type KnownColumn = NumberRange | KnownLevels;

/** What requests looked like in training: enough to say how unlike it a request is, and why. */
export interface InputProfile {
  readonly rows: number;
  readonly columns: readonly KnownColumn[];
  readonly forest: IsolationForest;
  /** Scores of training rows, ascending: the yardstick of strangeness. */
  readonly scores: Float64Array;
  /** Of each column, as the forest sees it, the middle of training: what nobody would find strange. */
  readonly typical: Float64Array;
}

/** More different texts than this are no category: an unseen one says nothing. */
const MOST_LEVELS = 500;
/** Training rows whose scores are the yardstick. */
const YARDSTICK = 5000;

/** A row's level; undefined when it is missing. */
export function levelAt(column: Column, row: number): string | undefined {
  const value = column.values[row];
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value;
  return Number.isNaN(value) ? undefined : String(value !== 0);
}

function knownColumn(column: Column): KnownColumn | undefined {
  const { name } = column;
  const rows = column.values.length;
  if (column.type === 'time') return undefined;
  if (column.type === 'number') {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let present = 0;
    for (const value of column.values) {
      if (Number.isNaN(value)) continue;
      present++;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return present === 0 ? undefined : { name, type: 'number', low, high, missing: 1 - present / rows };
  }
  const counts = new Map<string, number>();
  let present = 0;
  for (let row = 0; row < rows; row++) {
    const level = levelAt(column, row);
    if (level === undefined) continue;
    present++;
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  if (present === 0 || counts.size > MOST_LEVELS) return undefined;
  const shares = new Map([...counts].map(([level, count]) => [level, count / rows]));
  return { name, type: 'category', shares, missing: 1 - present / rows };
}

/**
 * The known columns as the forest sees them: numbers as they are, a category by the logarithm of its share in training, so that
 * what was rare lies apart and what was never seen lies furthest. A column that is absent, or has become text, is missing.
 */
export function encodeInputs(columns: readonly KnownColumn[], rows: number, table: Table): Float64Array[] {
  return columns.map(known => {
    const found = columnOf(table, known.name);
    if (known.type === 'number') {
      return found === undefined || found.type === 'string'
        ? new Float64Array(table.rows).fill(Number.NaN)
        : found.values;
    }
    const unseen = Math.log(0.5 / rows);
    const codes = new Map([...known.shares].map(([level, share]) => [level, Math.log(share)]));
    return Float64Array.from({ length: table.rows }, (_, row) => {
      const level = found === undefined ? undefined : levelAt(found, row);
      return level === undefined ? Number.NaN : (codes.get(level) ?? unseen);
    });
  });
}

function everySo(values: Float64Array, most: number): Float64Array {
  if (values.length <= most) return values;
  return Float64Array.from(
    { length: most },
    (_, i) => values[Math.floor(((i + 0.5) * values.length) / most)]!,
  );
}

/**
 * Reads a champion's training table: ranges, levels, and an isolation forest over all of it. Times are left out, since time
 * always moves on; free text and keys (more than 500 different texts) have no levels. Null when nothing is left, or
 * there are fewer than 50 rows.
 */
export function inputProfile(training: Table, inputs: readonly string[], rng: Rng): InputProfile | null {
  if (training.rows < 50) return null;
  const columns = inputs.flatMap(name => {
    const column = columnOf(training, name);
    return column === undefined ? [] : (knownColumn(column) ?? []);
  });
  if (columns.length === 0) return null;
  const encoded = encodeInputs(columns, training.rows, training);
  const forest = isolationForest(encoded, { random: () => rng.next() });
  const scores = forest.scores(encoded.map(values => everySo(values, YARDSTICK))).sort();
  const typical = Float64Array.from(encoded, values =>
    quantile(values.filter(value => !Number.isNaN(value)).sort(), 0.5),
  );
  return { rows: training.rows, columns, forest, scores, typical };
}
