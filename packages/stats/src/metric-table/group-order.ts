/** Rows put together by group: group g has `order[starts[g] … starts[g + 1])`, in row order. */
export interface GroupOrder {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
}

/**
 * Counting sort of rows by group code. A code of −1 is no group: the row is left out. Other codes outside
 * 0 … groupCount − 1 are a RangeError.
 */
export function groupOrder(groups: ArrayLike<number>, groupCount: number): GroupOrder {
  const starts = new Uint32Array(groupCount + 1);
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    if (group === -1) continue;
    if (!(group >= 0 && group < groupCount))
      throw new RangeError(`group codes must be −1 or below ${groupCount}, got ${group} at ${i}`);
    starts[group + 1]!++;
  }
  for (let g = 0; g < groupCount; g++) starts[g + 1]! += starts[g]!;
  const order = new Uint32Array(starts[groupCount]!);
  const next = starts.slice(0, groupCount);
  for (let i = 0; i < groups.length; i++) if (groups[i] !== -1) order[next[groups[i]!]!++] = i;
  return { order, starts };
}
