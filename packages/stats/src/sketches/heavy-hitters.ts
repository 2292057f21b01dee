import { hashString, wholeHash } from './hash.js';
import { requireSketch } from './sketch-json.js';

export interface HeavyHittersOptions {
  /** Counters kept; a value with more than n/(counters + 1) rows is never missed. Default 64. */
  readonly counters?: number;
}

export interface HeavyHittersJson {
  readonly sketch: 'heavy-hitters';
  readonly version: 1;
  readonly counters: number;
  readonly n: number;
  readonly error: number;
  readonly counts: readonly (readonly [value: string, count: number])[];
}

export interface HeavyHitter {
  readonly value: string;
  /** The true count lies in [atLeast, atMost]. */
  readonly atLeast: number;
  readonly atMost: number;
}

/** A longer value is kept as its beginning and a hash, so that memory stays bounded whatever the column holds. */
export const LONGEST_KEPT = 256;

/**
 * Frequent values of a stream in bounded memory, with certain bounds (Misra & Gries 1982, in the mergeable form of
 * Agarwal et al. 2012): counts are never too high, and too low by at most `error` ≤ n/(counters + 1).
 * Exact while there are at most twice as many different values as counters; no more are ever held. null and undefined are dropped.
 */
export class HeavyHitters {
  readonly counters: number;
  #counts = new Map<string, number>();
  #n = 0;
  #error = 0;

  constructor({ counters = 64 }: HeavyHittersOptions = {}) {
    if (!Number.isInteger(counters) || counters < 1)
      throw new RangeError(`counters must be a positive whole number, got ${counters}`);
    this.counters = counters;
  }

  addAll(values: ArrayLike<string | null | undefined>): this {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      this.#n++;
      this.#count(bounded(value), 1);
      // Twice as many may gather before they are thinned: then thinning costs next to nothing a row.
      if (this.#counts.size > 2 * this.counters) this.#thin();
    }
    return this;
  }

  /** Takes another sketch in; the other one stays as it is. RangeError when the two differ in counters. */
  merge(other: HeavyHitters): this {
    if (other.counters !== this.counters) {
      throw new RangeError(`sketches of ${this.counters} and ${other.counters} counters do not merge`);
    }
    const [n, error] = [other.#n, other.#error];
    for (const [value, count] of [...other.#counts]) this.#count(value, count);
    this.#n += n;
    this.#error += error;
    if (this.#counts.size > 2 * this.counters) this.#thin();
    return this;
  }

  /** Present values. */
  get n(): number {
    return this.#n;
  }

  /** By how much a count may be too low; 0 while exact. */
  get error(): number {
    return this.#error;
  }

  /** The most frequent values first, at most `limit`; ties in code-unit order. */
  top(limit = this.counters): HeavyHitter[] {
    return [...this.#counts]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([value, count]) => ({ value, atLeast: count, atMost: count + this.#error }));
  }

  toJSON(): HeavyHittersJson {
    const counts = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      sketch: 'heavy-hitters',
      version: 1,
      counters: this.counters,
      n: this.#n,
      error: this.#error,
      counts,
    };
  }

  /** RangeError when the JSON is not a stored heavy-hitters sketch. */
  static fromJSON(json: HeavyHittersJson): HeavyHitters {
    requireSketch(json, 'heavy-hitters');
    const sketch = new HeavyHitters({ counters: json.counters });
    sketch.#counts = new Map(json.counts.map(([value, count]) => [value, count]));
    sketch.#n = json.n;
    sketch.#error = json.error;
    return sketch;
  }

  #count(value: string, by: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + by);
  }

  /** Takes the first count that finds no counter off all of them: it is paid for by counters + 1 rows each. */
  #thin(): void {
    const ranked = Float64Array.from(this.#counts.values()).sort();
    const excess = ranked[ranked.length - 1 - this.counters]!;
    for (const [value, count] of this.#counts) {
      if (count > excess) this.#counts.set(value, count - excess);
      else this.#counts.delete(value);
    }
    this.#error += excess;
  }
}

function bounded(value: string): string {
  if (value.length <= LONGEST_KEPT) return value;
  const hash = { high: 0, low: 0 };
  hashString(value, hash);
  return `${value.slice(0, LONGEST_KEPT)}…${wholeHash(hash).toString(36)}`;
}
