import { groupOrder, type GroupOrder } from '../metric-table/group-order.js';
import type { PackedFeature, Predicate } from './candidates.js';

/** Count, sum and sum of squares of rows' losses (of losses minus a common centre, so that squares do not cancel). */
export interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** Losses of the rows of slices, each found among the rows of its rarest predicate. */
export class SliceRows {
  readonly #values: Float64Array;
  readonly #features: readonly PackedFeature[];
  readonly #orders = new Map<number, GroupOrder>();
  readonly total: Sums;

  /** @param values losses minus their mean */
  constructor(values: Float64Array, features: readonly PackedFeature[]) {
    this.#values = values;
    this.#features = features;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      sum += values[i]!;
      squares += values[i]! * values[i]!;
    }
    this.total = { n: values.length, sum, squares };
  }

  /** Row numbers of a slice, ascending. */
  rowsOf(predicates: readonly Predicate[]): Uint32Array {
    const conditions = predicates.map(({ feature, code }) => {
      const { codes, levels } = this.#features[feature]!;
      const level = levels.indexOf(code);
      const { order, starts } = this.#orderOf(feature);
      return { codes, level, rows: order.subarray(starts[level], starts[level + 1]) };
    });
    conditions.sort((a, b) => a.rows.length - b.rows.length);
    const [first, ...others] = conditions;
    const kept = first!.rows.slice();
    let n = 0;
    for (const row of kept) if (others.every(({ codes, level }) => codes[row] === level)) kept[n++] = row;
    return kept.subarray(0, n);
  }

  /** Sums over the rows that are not marked. */
  sums(rows: Uint32Array, leftOut?: Uint8Array): Sums {
    let n = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (leftOut !== undefined && leftOut[row] === 1) continue;
      const value = this.#values[row]!;
      n++;
      sum += value;
      squares += value * value;
    }
    return { n, sum, squares };
  }

  #orderOf(feature: number): GroupOrder {
    let order = this.#orders.get(feature);
    if (order === undefined) {
      const { codes, spare } = this.#features[feature]!;
      order = groupOrder(codes, spare + 1);
      this.#orders.set(feature, order);
    }
    return order;
  }
}

export function minus(all: Sums, part: Sums): Sums {
  return { n: all.n - part.n, sum: all.sum - part.sum, squares: all.squares - part.squares };
}

export interface Contrast {
  /** Mean of the first minus mean of the second. */
  readonly difference: number;
  /** Welch's. */
  readonly error: number;
  readonly df: number;
  /** √2·difference/√(s² + t²), SliceFinder's effect size. */
  readonly effect: number;
}

export function contrast(a: Sums, b: Sums): Contrast {
  const difference = a.sum / a.n - b.sum / b.n;
  const spreadA = variance(a);
  const spreadB = variance(b);
  const va = spreadA / a.n;
  const vb = spreadB / b.n;
  const share = va / (va + vb);
  return {
    difference,
    error: Math.sqrt(va + vb),
    df: va + vb === 0 ? 1 : 1 / (share ** 2 / (a.n - 1) + (1 - share) ** 2 / (b.n - 1)),
    effect: (Math.SQRT2 * difference) / Math.sqrt(spreadA + spreadB),
  };
}

function variance({ n, sum, squares }: Sums): number {
  return Math.max(0, squares - (sum * sum) / n) / (n - 1);
}
