/** A value of any column; null, undefined and NaN are missing. */
export type ColumnValue = string | number | boolean | null | undefined;

export interface Uniqueness {
  /** All rows, missing ones included. */
  readonly count: number;
  readonly missing: number;
  /** Share of rows that are present. */
  readonly completeness: number;
  /** Number of different present values. */
  readonly distinct: number;
  /** distinct / present rows. */
  readonly distinctness: number;
  /** Values that occur exactly once / present rows. */
  readonly uniqueness: number;
  /** Values that occur exactly once / distinct. */
  readonly uniqueValueRatio: number;
  /** Shannon entropy of the value shares, in nats. */
  readonly entropy: number;
}

/**
 * How far a column identifies its rows. 1 and '1' are different values, 0 and −0 the same. No rows: completeness NaN;
 * nothing present: the shares and the entropy are NaN. Source: Deequ's Completeness, Distinctness, Uniqueness,
 * UniqueValueRatio and Entropy.
 */
export function uniqueness(values: ArrayLike<ColumnValue>): Uniqueness {
  const counts = new Map<ColumnValue, number>();
  const count = values.length;
  let n = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    n++;
  }
  let once = 0;
  let entropy = n === 0 ? NaN : 0;
  for (const times of counts.values()) {
    if (times === 1) once++;
    entropy -= (times / n) * Math.log(times / n);
  }
  const distinct = counts.size;
  return {
    count,
    missing: count - n,
    completeness: n / count,
    distinct,
    distinctness: distinct / n,
    uniqueness: once / n,
    uniqueValueRatio: once / distinct,
    // A single value is 0, not −0.
    entropy: entropy + 0,
  };
}
