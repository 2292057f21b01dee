import { CategoricalColumnSketch } from './categorical-column-sketch.js';
import { type ColumnSketch, type ColumnSketchJson, columnSketchFromJson } from './column-sketch.js';
import { NumericColumnSketch } from './numeric-column-sketch.js';
import { chooseRows, shareOut } from './row-sample.js';
import { type JsonNumber, requireSketch, toJsonNumber } from './sketch-json.js';

export interface TableSketchOptions {
  /** Of the quantiles; default 512: ranks to ± 0.3 %, exact up to 1,024 values. */
  readonly k?: number;
  /** Of the levels; default 512: exact up to 1,024 of them, counts to n/513 beyond. */
  readonly counters?: number;
  /** Of the distinct counts; default 12: ± 1.6 %, exact up to 256. */
  readonly precision?: number;
  /** Rows that are kept whole; default 5,000. */
  readonly sample?: number;
  /** Of the choice of rows and of the quantile sketches' coins; default 1. */
  readonly seed?: number;
}

/** Numbers (missing is NaN) or texts (missing is null). */
export type ColumnValues = Float64Array | readonly (string | null)[];

export interface NamedColumn {
  readonly name: string;
  readonly values: ColumnValues;
}

export interface TableSketchJson {
  readonly sketch: 'table';
  readonly version: 1;
  readonly rows: number;
  readonly sample: number;
  readonly seed: number;
  readonly columns: readonly {
    readonly name: string;
    readonly sketch: ColumnSketchJson;
    /** The column's values in the kept rows. NaN is null. */
    readonly kept: readonly (JsonNumber | null)[];
  }[];
}

/** Longer texts are cut in the sample, so that its size is bounded. */
const LONGEST = 1000;

interface Sketched {
  readonly name: string;
  readonly sketch: ColumnSketch;
  readonly kept: ColumnValues;
}

/**
 * A table in bounded memory: each column's sketch, and a uniform sample of whole rows for what columns only show
 * together. Mergeable: the merge of two parts' sketches is a sketch of the whole table within the sketches' errors.
 * Rows of the sample stand in the order of the table. The same table and seed give the same sketch.
 */
export class TableSketch {
  readonly rows: number;
  readonly #size: number;
  readonly #seed: number;
  readonly #columns: readonly Sketched[];

  private constructor(rows: number, size: number, seed: number, columns: readonly Sketched[]) {
    this.rows = rows;
    this.#size = size;
    this.#seed = seed;
    this.#columns = columns;
  }

  /** One pass, column by column. RangeError when the columns are not equally long. */
  static of(columns: readonly NamedColumn[], options: TableSketchOptions = {}): TableSketch {
    const { k = 512, counters = 512, precision = 12, sample = 5000, seed = 1 } = options;
    const rows = columns[0]?.values.length ?? 0;
    if (columns.some(({ values }) => values.length !== rows))
      throw new RangeError('the columns are not equally long');
    const chosen = chooseRows(rows, sample, seed);
    const sketched = columns.map(({ name, values }, i): Sketched => {
      if (values instanceof Float64Array)
        return {
          name,
          sketch: new NumericColumnSketch({ k, precision, seed: seed + i }).addAll(values),
          kept: Float64Array.from(chosen, row => values[row]!),
        };
      return {
        name,
        sketch: new CategoricalColumnSketch({ counters, precision }).addAll(values),
        kept: Array.from(chosen, row => values[row]?.slice(0, LONGEST) ?? null),
      };
    });
    return new TableSketch(rows, sample, seed, sketched);
  }

  /** The sketch of both tables, this one's rows first. RangeError when columns or options differ. Neither is changed. */
  merged(other: TableSketch): TableSketch {
    if (!this.mergesWith(other)) throw new RangeError('sketches of different columns do not merge');
    // Another draw for every merge of a chain.
    const seed =
      (this.#seed ^ Math.imul(this.rows + 1, 0x9e3779b1) ^ Math.imul(other.rows + 1, 0x85ebca6b)) | 0;
    const first = shareOut(this.rows, other.rows, this.#size, seed);
    const here = chooseRows(this.keptRows, first, seed + 1);
    const there = chooseRows(other.keptRows, Math.min(this.#size, this.rows + other.rows) - first, seed + 2);
    const columns = this.#columns.map(({ name, sketch, kept }, i): Sketched => {
      const theirs = other.#columns[i]!;
      return {
        name,
        sketch: mergedSketch(sketch, theirs.sketch),
        kept: pick(kept, here, theirs.kept, there),
      };
    });
    return new TableSketch(this.rows + other.rows, this.#size, this.#seed, columns);
  }

  /** Whether the two have the same columns in the same order. */
  mergesWith(other: TableSketch): boolean {
    return (
      this.#size === other.#size &&
      this.#columns.length === other.#columns.length &&
      this.#columns.every(
        ({ name, sketch }, i) =>
          other.#columns[i]!.name === name && other.#columns[i]!.sketch.constructor === sketch.constructor,
      )
    );
  }

  get names(): readonly string[] {
    return this.#columns.map(({ name }) => name);
  }

  column(name: string): ColumnSketch | undefined {
    return this.#columns.find(column => column.name === name)?.sketch;
  }

  /** RangeError when there is no column at the position. */
  at(position: number): ColumnSketch {
    const found = this.#columns[position];
    if (found === undefined) throw new RangeError(`there is no column ${position}`);
    return found.sketch;
  }

  /** Rows in the sample. */
  get keptRows(): number {
    return Math.min(this.#size, this.rows);
  }

  /** A column in the rows of the sample; undefined without such a column. */
  kept(name: string): ColumnValues | undefined {
    return this.#columns.find(column => column.name === name)?.kept;
  }

  toJSON(): TableSketchJson {
    return {
      sketch: 'table',
      version: 1,
      rows: this.rows,
      sample: this.#size,
      seed: this.#seed,
      columns: this.#columns.map(({ name, sketch, kept }) => ({
        name,
        sketch: sketch.toJSON(),
        kept:
          kept instanceof Float64Array
            ? Array.from(kept, value => (Number.isNaN(value) ? null : toJsonNumber(value)))
            : kept,
      })) as TableSketchJson['columns'],
    };
  }

  /** RangeError when the JSON is not a stored table sketch. */
  static fromJSON(json: TableSketchJson): TableSketch {
    requireSketch(json, 'table');
    const columns = json.columns.map(({ name, sketch, kept }): Sketched => {
      if (kept.length !== Math.min(json.sample, json.rows))
        throw new RangeError('the stored table sketch is damaged');
      return {
        name,
        sketch: columnSketchFromJson(sketch),
        kept:
          sketch.sketch === 'numeric-column'
            ? Float64Array.from(kept, value => (value === null ? Number.NaN : Number(value)))
            : (kept as readonly (string | null)[]),
      };
    });
    return new TableSketch(json.rows, json.sample, json.seed, columns);
  }
}

/** Sketches change when they merge: a copy does. */
function mergedSketch(a: ColumnSketch, b: ColumnSketch): ColumnSketch {
  if (a instanceof NumericColumnSketch)
    return NumericColumnSketch.fromJSON(a.toJSON()).merge(b as NumericColumnSketch);
  return CategoricalColumnSketch.fromJSON(a.toJSON()).merge(b as CategoricalColumnSketch);
}

function pick(a: ColumnValues, from: Int32Array, b: ColumnValues, then: Int32Array): ColumnValues {
  if (a instanceof Float64Array) {
    const out = new Float64Array(from.length + then.length);
    from.forEach((row, i) => {
      out[i] = a[row]!;
    });
    then.forEach((row, i) => {
      out[from.length + i] = (b as Float64Array)[row]!;
    });
    return out;
  }
  return [
    ...Array.from(from, row => a[row]!),
    ...Array.from(then, row => (b as readonly (string | null)[])[row]!),
  ];
}
