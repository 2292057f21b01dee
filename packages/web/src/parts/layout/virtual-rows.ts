/** Which rows of equal height are in sight, with a few more above and below so that scrolling shows no gaps. */
export function rowsInSight(input: {
  count: number;
  rowHeight: number;
  top: number;
  height: number;
  spare?: number;
}): {
  readonly from: number;
  readonly until: number;
} {
  const { count, rowHeight, top, height, spare = 8 } = input;
  const from = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - spare));
  const until = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return { from, until: Math.max(from, until) };
}

/** The scroll position that brings a row into sight with the least movement. */
export function scrollTo(input: { index: number; rowHeight: number; top: number; height: number }): number {
  const { index, rowHeight, top, height } = input;
  const start = index * rowHeight;
  if (start < top) return start;
  if (start + rowHeight > top + height) return start + rowHeight - height;
  return top;
}
