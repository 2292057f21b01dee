export interface DurationOptions {
  /** Units that reach the experiment per day, all arms together. */
  readonly unitsPerDay: number;
  /** Share of these that takes part, in (0, 1]. Default 1. */
  readonly exposure?: number;
  /** Traffic weights of the arms; default equal. */
  readonly weights?: readonly number[];
  /** Round up to whole weeks, so that each weekday counts equally. Default false. */
  readonly wholeWeeks?: boolean;
}

/**
 * Whole days until every arm has its size at constant traffic of new units: the arm that fills slowest decides.
 * Infinity for an infinite size or an arm that needs units and has weight 0. Returning visitors make it longer.
 */
export function experimentDuration(sizes: readonly number[], options: DurationOptions): number {
  const { unitsPerDay, exposure = 1, weights = sizes.map(() => 1), wholeWeeks = false } = options;
  if (!(unitsPerDay > 0 && unitsPerDay < Infinity))
    throw new RangeError(`unitsPerDay must be positive and finite, got ${unitsPerDay}`);
  if (!(exposure > 0 && exposure <= 1)) throw new RangeError(`exposure must lie in (0, 1], got ${exposure}`);
  if (weights.length !== sizes.length)
    throw new RangeError(
      `sizes has ${sizes.length} values but weights has ${weights.length}; they are paired`,
    );
  for (const value of [...sizes, ...weights]) {
    if (!(value >= 0)) throw new RangeError(`sizes and weights must not be negative, got ${value}`);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const days = sizes.reduce(
    (most, size, i) =>
      size === 0 ? most : Math.max(most, size / (unitsPerDay * exposure * (weights[i]! / total))),
    0,
  );
  // A hair below a whole number of days is that number, not a day more.
  const whole = Math.ceil(days * (1 - 1e-12));
  return wholeWeeks ? 7 * Math.ceil(whole / 7) : whole;
}
