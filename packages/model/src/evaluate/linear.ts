import type { LinearBody } from '../documents/document.js';
import type { RawScore } from './trees.js';

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
    return sum;
  };
}
