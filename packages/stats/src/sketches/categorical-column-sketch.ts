import { DistinctSketch, type DistinctSketchJson } from './distinct-sketch.js';
import { type HeavyHitter, HeavyHitters, LONGEST_KEPT, type HeavyHittersJson } from './heavy-hitters.js';
import { MomentSketch, type MomentSketchJson } from './moment-sketch.js';
import { type JsonNumber, requireSketch, toJsonNumber } from './sketch-json.js';

export interface CategoricalColumnOptions {
  /** Of the frequent values; default 64. */
  readonly counters?: number;
  /** Of the distinct count; default 12. */
  readonly precision?: number;
}

export interface CategoricalColumnSummary {
  /** All rows, missing ones included. */
  readonly count: number;
  readonly missing: number;
  readonly distinct: number;
  /** Relative standard error of `distinct`; 0 while exact. */
  readonly distinctError: number;
  /** The most frequent values with bounds of their counts; bounds coincide while exact. */
  readonly top: readonly HeavyHitter[];
  /** Lengths of the present values in UTF-16 code units; NaN when there are none. */
  readonly shortest: number;
  readonly longest: number;
  readonly meanLength: number;
}

export interface CategoricalColumnSketchJson {
  readonly sketch: 'categorical-column';
  readonly version: 1;
  readonly count: number;
  readonly shortest: JsonNumber;
  readonly longest: JsonNumber;
  readonly lengths: MomentSketchJson;
  readonly values: HeavyHittersJson;
  readonly distinct: DistinctSketchJson;
}

/**
 * Description of a categorical or text column in one pass and bounded memory, mergeable. Missing values are null.
 */
export class CategoricalColumnSketch {
  #count = 0;
  #shortest = Infinity;
  #longest = -Infinity;
  #lengths = new MomentSketch();
  #values: HeavyHitters;
  #distinct: DistinctSketch;

  constructor({ counters = 64, precision = 12 }: CategoricalColumnOptions = {}) {
    this.#values = new HeavyHitters({ counters });
    this.#distinct = new DistinctSketch({ precision });
  }

  /** For all counters and their error. */
  get values(): HeavyHitters {
    return this.#values;
  }

  /**
   * Levels whose counts are known to within `relativeError`, the most frequent first, and how many rows the rest has
   * together. All of them, exactly, while there are few. Values that are too long to be kept as they are are no levels: undefined.
   */
  levels(
    relativeError = 0.05,
  ):
    | { readonly counts: readonly (readonly [value: string, count: number])[]; readonly other: number }
    | undefined {
    if (this.#longest > LONGEST_KEPT) return undefined;
    const least = this.#values.error / relativeError;
    const counts = this.#values
      .top(Number.POSITIVE_INFINITY)
      .flatMap(({ value, atLeast }) => (atLeast >= least ? [[value, atLeast] as const] : []));
    return { counts, other: counts.reduce((rest, [, count]) => rest - count, this.#values.n) };
  }

  addAll(values: ArrayLike<string | null | undefined>): this {
    this.#values.addAll(values);
    this.#distinct.addAll(values);
    const lengths = new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const length = values[i]?.length ?? NaN;
      lengths[i] = length;
      if (length < this.#shortest) this.#shortest = length;
      if (length > this.#longest) this.#longest = length;
    }
    this.#lengths.addAll(lengths);
    this.#count += values.length;
    return this;
  }

  /** Takes another sketch of the same options in; the other one stays as it is. */
  merge(other: CategoricalColumnSketch): this {
    this.#values.merge(other.#values);
    this.#distinct.merge(other.#distinct);
    this.#lengths.merge(other.#lengths);
    this.#count += other.#count;
    this.#shortest = Math.min(this.#shortest, other.#shortest);
    this.#longest = Math.max(this.#longest, other.#longest);
    return this;
  }

  summary(): CategoricalColumnSummary {
    const n = this.#values.n;
    return {
      count: this.#count,
      missing: this.#count - n,
      distinct: this.#distinct.estimate(),
      distinctError: this.#distinct.standardError,
      top: this.#values.top(),
      shortest: n === 0 ? NaN : this.#shortest,
      longest: n === 0 ? NaN : this.#longest,
      meanLength: this.#lengths.mean,
    };
  }

  toJSON(): CategoricalColumnSketchJson {
    return {
      sketch: 'categorical-column',
      version: 1,
      count: this.#count,
      shortest: toJsonNumber(this.#shortest),
      longest: toJsonNumber(this.#longest),
      lengths: this.#lengths.toJSON(),
      values: this.#values.toJSON(),
      distinct: this.#distinct.toJSON(),
    };
  }

  /** RangeError when the JSON is not a stored sketch of a categorical column. */
  static fromJSON(json: CategoricalColumnSketchJson): CategoricalColumnSketch {
    requireSketch(json, 'categorical-column');
    const sketch = new CategoricalColumnSketch();
    sketch.#count = json.count;
    sketch.#shortest = Number(json.shortest);
    sketch.#longest = Number(json.longest);
    sketch.#lengths = MomentSketch.fromJSON(json.lengths);
    sketch.#values = HeavyHitters.fromJSON(json.values);
    sketch.#distinct = DistinctSketch.fromJSON(json.distinct);
    return sketch;
  }
}
