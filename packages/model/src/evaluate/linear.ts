import type { LinearBody } from '../documents/document.js';
import type { RawScore } from './trees.js';

/** So far a score goes: still a number after calibration and link, and after the sum with others. */
const FAR = 1e300;

/** Compiles a linear body: numbers first, then categories, in the body's order. */
export function compileLinear(body: LinearBody): RawScore {
  const feature = Int32Array.from(body.numeric, term => term.feature);
  const mean = Float64Array.from(body.numeric, term => term.mean);
  const slope = Float64Array.from(body.numeric, term => term.weight / term.scale);
  const tables = body.categorical.map(term => ({
    feature: term.feature,
    weights: Float64Array.from(term.weights),
    unknown: term.unknown,
  }));
  /**
   * The sum where terms overflow: infinities of both signs would make it NaN. Each is taken at a scale at which none
   * can overflow, and the result is held within ±1e300: absurd inputs give an absurd score, but a number.
   */
  const saturated = (x: Float64Array, offset: number): number => {
    let sum = 0;
    for (let i = 0; i < feature.length; i++) {
      const value = x[offset + feature[i]!]!;
      if (value === value)
        sum += Math.max(-FAR, Math.min(FAR, slope[i]! * 1e-16 * (value * 1e-16 - mean[i]! * 1e-16)));
    }
    return Math.max(-FAR, Math.min(FAR, sum * 1e16 * 1e16));
  };
  return (x, offset) => {
    let sum = body.intercept;
    for (let i = 0; i < feature.length; i++) {
      const value = x[offset + feature[i]!]!;
      // A missing value is the mean, whose term is 0.
      if (value === value) sum += slope[i]! * (value - mean[i]!);
    }
    for (const table of tables) {
      const category = x[offset + table.feature]!;
      sum += category === category ? table.weights[category]! : table.unknown;
    }
    return sum - sum === 0 ? sum : saturated(x, offset);
  };
}
