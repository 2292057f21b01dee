/** How often each level was seen: by name, or by position in two aligned arrays. */
export type Counts = ReadonlyMap<string, number> | Readonly<Record<string, number>> | ArrayLike<number>;

/** Two count tables over the union of their levels, and their totals. */
export interface AlignedCounts {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly totalA: number;
  readonly totalB: number;
}

function isPositional(counts: Counts): counts is ArrayLike<number> {
  return Array.isArray(counts) || ArrayBuffer.isView(counts);
}

function toMap(
  counts: ReadonlyMap<string, number> | Readonly<Record<string, number>>,
): ReadonlyMap<string, number> {
  return counts instanceof Map ? counts : new Map(Object.entries(counts as Readonly<Record<string, number>>));
}

/**
 * Levels seen on neither side are dropped. Levels are visited in code-unit order, so that sums do not depend
 * on the order in which a caller happened to fill its maps. A negative or non-finite count is a RangeError.
 */
export function alignCounts(countsA: Counts, countsB: Counts): AlignedCounts {
  const pairs: [number, number][] = [];
  if (isPositional(countsA) || isPositional(countsB)) {
    if (!isPositional(countsA) || !isPositional(countsB) || countsA.length !== countsB.length) {
      throw new RangeError('counts by position need two arrays of the same length');
    }
    for (let i = 0; i < countsA.length; i++) pairs.push([countsA[i]!, countsB[i]!]);
  } else {
    const a = toMap(countsA);
    const b = toMap(countsB);
    for (const level of [...new Set([...a.keys(), ...b.keys()])].sort()) {
      pairs.push([a.get(level) ?? 0, b.get(level) ?? 0]);
    }
  }
  const seen = pairs.filter(([x, y]) => x !== 0 || y !== 0);
  const a = new Float64Array(seen.length);
  const b = new Float64Array(seen.length);
  let totalA = 0;
  let totalB = 0;
  seen.forEach(([x, y], i) => {
    if (!(x >= 0 && x < Infinity && y >= 0 && y < Infinity)) {
      throw new RangeError(`counts must be finite and not negative, got ${x} and ${y}`);
    }
    a[i] = x;
    b[i] = y;
    totalA += x;
    totalB += y;
  });
  return { a, b, totalA, totalB };
}
