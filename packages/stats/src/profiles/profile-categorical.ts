export interface CategoricalProfile {
  /** All rows, missing ones included. */
  readonly count: number;
  readonly missing: number;
  /** Number of different present values. */
  readonly distinct: number;
  /** The most frequent values, at most `limit`; ties in code-unit order. */
  readonly top: readonly (readonly [value: string, count: number])[];
  /** Present rows whose value is not in `top`. */
  readonly other: number;
}

/** Description of a categorical column; missing values are null. */
export function profileCategorical(values: readonly (string | null)[], limit = 50): CategoricalProfile {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const top = ranked.slice(0, limit);
  const covered = top.reduce((sum, [, count]) => sum + count, 0);
  const count = values.length;
  return { count, missing, distinct: counts.size, top, other: count - missing - covered };
}
