import { NO_MOMENTS, type RunningMoments } from '../sequential/running-moments.js';
import { requireSketch } from './sketch-json.js';

export interface MomentSketchJson extends RunningMoments {
  readonly sketch: 'moments';
  readonly version: 1;
}

/** The moments of two disjoint samples together (Chan, Golub & LeVeque 1983; orders 3 and 4: Pébay 2008). */
export function mergeMoments(a: RunningMoments, b: RunningMoments): RunningMoments {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const delta = b.mean - a.mean;
  const p = a.n / n;
  const q = b.n / n;
  const d2 = delta * delta;
  // n_a·n_b/n, the weight between the two means.
  const between = a.n * q;
  return {
    n,
    mean: a.mean + delta * q,
    m2: a.m2 + b.m2 + d2 * between,
    m3: a.m3 + b.m3 + d2 * delta * between * (p - q) + 3 * delta * (p * b.m2 - q * a.m2),
    m4:
      a.m4 +
      b.m4 +
      d2 * d2 * between * (p * p - p * q + q * q) +
      6 * d2 * (p * p * b.m2 + q * q * a.m2) +
      4 * delta * (p * b.m3 - q * a.m3),
  };
}

/**
 * Count, mean, variance, skewness and kurtosis of a stream in constant memory, mergeable without loss but rounding.
 * NaN is dropped; an infinite value makes everything but the count NaN.
 */
export class MomentSketch {
  #moments: RunningMoments = NO_MOMENTS;

  /** Adds values: moments of the whole batch in two passes, then one merge. */
  addAll(values: ArrayLike<number>): this {
    let n = 0;
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      n++;
      sum += value;
    }
    if (n === 0) return this;
    const centre = sum / n;
    let rest = 0;
    let m2 = 0;
    let m3 = 0;
    let m4 = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      const d = value - centre;
      const square = d * d;
      rest += d;
      m2 += square;
      m3 += square * d;
      m4 += square * square;
    }
    // The centre is off by rest/n, a rounding error: to first order only the mean and m3 notice.
    const shift = rest / n;
    const batch = { n, mean: centre + shift, m2: m2 - rest * shift, m3: m3 - 3 * shift * m2, m4 };
    this.#moments = mergeMoments(this.#moments, batch);
    return this;
  }

  /** Takes another sketch in; the other one stays as it is. */
  merge(other: MomentSketch): this {
    this.#moments = mergeMoments(this.#moments, other.#moments);
    return this;
  }

  /** Present values. */
  get n(): number {
    return this.#moments.n;
  }

  /** NaN when empty. */
  get mean(): number {
    return this.n === 0 ? NaN : this.#moments.mean;
  }

  /** Sample variance (ddof 1); NaN below two values. */
  get variance(): number {
    return this.n < 2 ? NaN : this.#moments.m2 / (this.n - 1);
  }

  /** m₃/m₂^1.5 (ddof 0); NaN without spread. */
  get skewness(): number {
    const { n, m2, m3 } = this.#moments;
    return this.#hasSpread() ? (m3 * Math.sqrt(n)) / m2 ** 1.5 : NaN;
  }

  /** m₄/m₂² − 3 (ddof 0); NaN without spread. */
  get excessKurtosis(): number {
    const { n, m2, m4 } = this.#moments;
    return this.#hasSpread() ? (m4 * n) / (m2 * m2) - 3 : NaN;
  }

  /** Beyond rounding. */
  #hasSpread(): boolean {
    const { n, mean, m2 } = this.#moments;
    return m2 > n * (Number.EPSILON * mean) ** 2;
  }

  toJSON(): MomentSketchJson {
    return { sketch: 'moments', version: 1, ...this.#moments };
  }

  /** RangeError when the JSON is not a stored moment sketch. */
  static fromJSON(json: MomentSketchJson): MomentSketch {
    requireSketch(json, 'moments');
    const { n, mean, m2, m3, m4 } = json;
    const sketch = new MomentSketch();
    sketch.#moments = { n, mean, m2, m3, m4 };
    return sketch;
  }
}
