import { PROFILE_LEVELS } from '../profiles/profile-numeric.js';
import { DistinctSketch, type DistinctSketchJson } from './distinct-sketch.js';
import { MomentSketch, type MomentSketchJson } from './moment-sketch.js';
import { QuantileSketch, type QuantileSketchJson } from './quantile-sketch.js';
import { requireSketch } from './sketch-json.js';

export interface NumericColumnOptions {
  /** Of the quantile sketch; default 200. */
  readonly k?: number;
  /** Of the distinct count; default 12. */
  readonly precision?: number;
  /** Of the quantile sketch's coin; default 1. */
  readonly seed?: number;
}

export interface NumericColumnSummary {
  /** All rows, missing ones included. */
  readonly count: number;
  readonly missing: number;
  /** Rows at ±Infinity: in the quantiles, not in the moments. */
  readonly infinite: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sample standard deviation (ddof 1). */
  readonly std: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
  /** [level, value] at PROFILE_LEVELS; empty when nothing is present. */
  readonly quantiles: readonly (readonly [level: number, value: number])[];
  /** See `QuantileSketch.rankError`. */
  readonly rankError: number;
  readonly distinct: number;
  /** Relative standard error of `distinct`; 0 while exact. */
  readonly distinctError: number;
}

export interface NumericColumnSketchJson {
  readonly sketch: 'numeric-column';
  readonly version: 1;
  readonly count: number;
  readonly infinite: number;
  readonly moments: MomentSketchJson;
  readonly quantiles: QuantileSketchJson;
  readonly distinct: DistinctSketchJson;
}

/**
 * Description of a numeric column in one pass and bounded memory, mergeable: parts of a dataset are profiled apart
 * (in pieces, on other days) and put together. Missing values are NaN.
 */
export class NumericColumnSketch {
  #count = 0;
  #infinite = 0;
  #moments = new MomentSketch();
  #quantiles: QuantileSketch;
  #distinct: DistinctSketch;

  constructor({ k = 200, precision = 12, seed = 1 }: NumericColumnOptions = {}) {
    this.#quantiles = new QuantileSketch({ k, seed });
    this.#distinct = new DistinctSketch({ precision });
  }

  /** For quantiles and the distribution function at levels of one's own. */
  get quantiles(): QuantileSketch {
    return this.#quantiles;
  }

  /**
   * As {@link QuantileSketch.orderStatistics}; of a column with two values in exact proportion (to 1/limit), which its
   * mean tells.
   */
  orderStatistics(limit: number): Float64Array {
    const { n, min, max } = this.#quantiles;
    if (this.#distinct.standardError > 0 || this.#distinct.estimate() !== 2 || this.#infinite > 0)
      return this.#quantiles.orderStatistics(limit);
    const size = Math.min(limit, n);
    const upper = Math.round(((this.#moments.mean - min) / (max - min)) * size);
    return new Float64Array(size).fill(min, 0, size - upper).fill(max, size - upper);
  }

  addAll(values: ArrayLike<number>): this {
    this.#quantiles.addAll(values);
    this.#distinct.addAll(values);
    const finite = Float64Array.from(values);
    for (let i = 0; i < finite.length; i++) {
      if (Math.abs(finite[i]!) !== Infinity) continue;
      this.#infinite++;
      finite[i] = NaN;
    }
    this.#moments.addAll(finite);
    this.#count += values.length;
    return this;
  }

  /** Takes another sketch of the same options in; the other one stays as it is. */
  merge(other: NumericColumnSketch): this {
    this.#quantiles.merge(other.#quantiles);
    this.#distinct.merge(other.#distinct);
    this.#moments.merge(other.#moments);
    this.#count += other.#count;
    this.#infinite += other.#infinite;
    return this;
  }

  summary(): NumericColumnSummary {
    const quantiles = this.#quantiles;
    const distinct = this.#distinct;
    const moments = this.#moments;
    return {
      count: this.#count,
      missing: this.#count - quantiles.n,
      infinite: this.#infinite,
      min: quantiles.min,
      max: quantiles.max,
      mean: moments.mean,
      std: Math.sqrt(moments.variance),
      skewness: moments.skewness,
      excessKurtosis: moments.excessKurtosis,
      quantiles:
        quantiles.n === 0 ? [] : PROFILE_LEVELS.map(level => [level, quantiles.quantile(level)] as const),
      rankError: quantiles.rankError,
      distinct: distinct.estimate(),
      distinctError: distinct.standardError,
    };
  }

  toJSON(): NumericColumnSketchJson {
    return {
      sketch: 'numeric-column',
      version: 1,
      count: this.#count,
      infinite: this.#infinite,
      moments: this.#moments.toJSON(),
      quantiles: this.#quantiles.toJSON(),
      distinct: this.#distinct.toJSON(),
    };
  }

  /** RangeError when the JSON is not a stored sketch of a numeric column. */
  static fromJSON(json: NumericColumnSketchJson): NumericColumnSketch {
    requireSketch(json, 'numeric-column');
    const sketch = new NumericColumnSketch();
    sketch.#count = json.count;
    sketch.#infinite = json.infinite;
    sketch.#moments = MomentSketch.fromJSON(json.moments);
    sketch.#quantiles = QuantileSketch.fromJSON(json.quantiles);
    sketch.#distinct = DistinctSketch.fromJSON(json.distinct);
    return sketch;
  }
}
