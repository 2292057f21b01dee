/** One value of a column; null (and NaN) is missing. */
export type Cell = number | string | boolean | null;
/** Columns of equal length by name. */
export type Columns = Readonly<Record<string, readonly Cell[]>>;

/** Bounds are inclusive in `min` and `max`, exclusive in `above` and `below`; an absent one is open. */
export interface Bounds {
  readonly min?: number | string;
  readonly max?: number | string;
  readonly above?: number | string;
  readonly below?: number | string;
}

/**
 * What a row must be. Where a tested value is missing, the row is not judged, save by `present`.
 * `regex` searches (anchors are the pattern's own); `length` counts code points; `unique` breaks at every row that
 * repeats an earlier one; `ordered` compares with the last present value (of the same `per`); `near-mean` breaks where
 * |x − mean| ≥ z standard deviations (ddof 1; `above`: only upwards), and never in a constant column; `refers` needs the tuple among `keys`.
 */
export type RowTest =
  | { readonly kind: 'present'; readonly column: string }
  | ({ readonly kind: 'between'; readonly column: string } & Bounds)
  | { readonly kind: 'among'; readonly column: string; readonly values: readonly Cell[] }
  | { readonly kind: 'matches'; readonly column: string; readonly regex: string }
  | { readonly kind: 'length'; readonly column: string; readonly min?: number; readonly max?: number }
  | {
      readonly kind: 'near-mean';
      readonly column: string;
      readonly z: number;
      readonly side?: 'both' | 'above';
    }
  | { readonly kind: 'unique'; readonly columns: readonly string[] }
  | {
      readonly kind: 'ordered';
      readonly column: string;
      readonly direction: 'increasing' | 'decreasing';
      readonly strictly: boolean;
      readonly per?: string;
    }
  | {
      readonly kind: 'refers';
      readonly columns: readonly string[];
      readonly keys: readonly (readonly Cell[])[];
    };

export interface RowTestResult {
  readonly rows: number;
  /** Rows in which a tested value is missing (0 for `present`, which judges them). */
  readonly missing: number;
  readonly broken: number;
  /** 1 where the row breaks the test. */
  readonly flags: Uint8Array;
}

export const isMissing = (value: Cell | undefined): boolean =>
  value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value));

/** Whether a value lies within bounds. A value of another type than a bound lies outside; so does an infinite number. */
export function within(value: Cell, bounds: Bounds): boolean {
  const { min, max, above, below } = bounds;
  if (typeof value === 'boolean') return within(Number(value), bounds);
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return false;
  const holds = (bound: number | string | undefined, ok: (order: number) => boolean): boolean =>
    bound === undefined || (typeof bound === typeof value && ok(value < bound ? -1 : value > bound ? 1 : 0));
  return (
    holds(min, order => order >= 0) &&
    holds(max, order => order <= 0) &&
    holds(above, order => order > 0) &&
    holds(below, order => order < 0)
  );
}

/** A text that tuples share exactly when they are equal, types included. */
const keyOf = (cells: readonly Cell[]): string => JSON.stringify(cells);

/**
 * Applies one test to every row of columns in memory: the plain definition of each test, in Great Expectations' terms
 * (1.x, pandas engine), one row after the other. A column that does not exist is a RangeError.
 */
export function testRows(columns: Columns, rows: number, test: RowTest): RowTestResult {
  const flags = new Uint8Array(rows);
  const named = 'columns' in test ? test.columns : [test.column];
  const read = named.map(name => column(columns, name));
  const judge = judgeOf(columns, test, read);
  let missing = 0;
  let broken = 0;
  for (let row = 0; row < rows; row++) {
    if (test.kind !== 'present' && read.some(values => isMissing(values[row]))) missing++;
    else if (judge(row)) {
      flags[row] = 1;
      broken++;
    }
  }
  return { rows, missing, broken, flags };
}

function column(columns: Columns, name: string): readonly Cell[] {
  if (!Object.hasOwn(columns, name)) throw new RangeError(`no such column: ${name}`);
  return columns[name]!;
}

/** Whether a row whose tested values are present breaks the test. Asked once a row, in order. */
function judgeOf(
  columns: Columns,
  test: RowTest,
  read: readonly (readonly Cell[])[],
): (row: number) => boolean {
  const values = read[0]!;
  switch (test.kind) {
    case 'present':
      return row => isMissing(values[row]);
    case 'between':
      return row => !within(values[row]!, test);
    case 'among': {
      const allowed = new Set(test.values);
      return row => !allowed.has(values[row]!);
    }
    case 'matches': {
      const regex = new RegExp(test.regex, 'u');
      return row => !regex.test(String(values[row]));
    }
    case 'length': {
      const { min = 0, max = Number.POSITIVE_INFINITY } = test;
      return row => {
        let length = 0;
        for (const _ of String(values[row])) length++;
        return length < min || length > max;
      };
    }
    case 'near-mean': {
      const { mean, deviation } = spread(values);
      const far = (gap: number): number => (test.side === 'above' ? gap : Math.abs(gap));
      return row => deviation > 0 && far(Number(values[row]) - mean) >= test.z * deviation;
    }
    case 'unique': {
      const seen = new Set<string>();
      return row => {
        const key = keyOf(read.map(each => each[row]!));
        if (seen.has(key)) return true;
        seen.add(key);
        return false;
      };
    }
    case 'ordered': {
      const per = test.per === undefined ? undefined : column(columns, test.per);
      const last = new Map<Cell | undefined, Cell>();
      const sign = test.direction === 'increasing' ? 1 : -1;
      return row => {
        const value = values[row]!;
        const group = isMissing(per?.[row]) ? null : per![row]!;
        const before = last.get(group);
        last.set(group, value);
        if (before === undefined || before === null || value === null) return false;
        const order = sign * (value < before ? -1 : value > before ? 1 : 0);
        return test.strictly ? order <= 0 : order < 0;
      };
    }
    case 'refers': {
      const known = new Set(test.keys.map(keyOf));
      return row => !known.has(keyOf(read.map(each => each[row]!)));
    }
  }
}

/** Mean and sample standard deviation of the finite numbers. */
export function spread(values: readonly Cell[]): { readonly mean: number; readonly deviation: number } {
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (isMissing(value) || !Number.isFinite(Number(value))) continue;
    const gap = Number(value) - mean;
    mean += gap / ++n;
    squares += gap * (Number(value) - mean);
  }
  return { mean: n === 0 ? Number.NaN : mean, deviation: n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1)) };
}

/** Whether enough of the judged rows hold: the share of rows that do is at least `mostly`; none judged holds. */
export const holdsMostly = (judged: number, broken: number, mostly = 1): boolean =>
  judged === 0 || (judged - broken) / judged >= mostly;
