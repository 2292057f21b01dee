import { rowsInSight, scrollTo } from '../layout/virtual-rows.js';

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** What of a scrolled box is in sight, in pixels. */
export interface Sight {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Measures {
  readonly rows: number;
  readonly columns: number;
  readonly cellWidth: number;
  readonly rowHeight: number;
  /** What stays: names at the left, the head on top. */
  readonly nameWidth: number;
  readonly headHeight: number;
}

/** Where a key leads from a place; undefined for a key that moves nothing. */
export function moved(place: Place, key: string, { rows, columns }: Measures): Place | undefined {
  const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
    j: [1, 0],
    k: [-1, 0],
    PageDown: [10, 0],
    PageUp: [-10, 0],
    Home: [0, -columns],
    End: [0, columns],
  };
  const step = steps[key];
  if (step === undefined || rows === 0 || columns === 0) return undefined;
  const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  return { row: within(place.row + step[0], rows), column: within(place.column + step[1], columns) };
}

/** The scroll position that shows a place beside the parts that stay, with the least movement. */
export function shown(
  { row, column }: Place,
  sight: Sight,
  measures: Measures,
): { readonly left: number; readonly top: number } {
  const { cellWidth, rowHeight, nameWidth, headHeight } = measures;
  return {
    left: scrollTo({ index: column, rowHeight: cellWidth, top: sight.left, height: sight.width - nameWidth }),
    top: scrollTo({ index: row, rowHeight, top: sight.top, height: sight.height - headHeight }),
  };
}

/** Which rows and columns are in the document. */
export function inSight(
  sight: Sight,
  { rows, columns, cellWidth, rowHeight, nameWidth, headHeight }: Measures,
): {
  readonly rows: { readonly from: number; readonly until: number };
  readonly columns: { readonly from: number; readonly until: number };
} {
  return {
    rows: rowsInSight({ count: rows, rowHeight, top: sight.top, height: sight.height - headHeight }),
    columns: rowsInSight({
      count: columns,
      rowHeight: cellWidth,
      top: sight.left,
      height: sight.width - nameWidth,
    }),
  };
}

/** Cells as wide as the room allows, within bounds. */
export function cellWidthIn(room: number, columns: number, [least, most]: readonly [number, number]): number {
  return Math.max(least, Math.min(most, Math.floor(room / Math.max(1, columns))));
}

/** The columns whose label is written: the first of each name, not closer together than a label is wide, and not over the edge. */
export function labelled(
  names: readonly string[],
  cellWidth: number,
  labelWidth: number,
): ReadonlySet<number> {
  const chosen = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  names.forEach((name, column) => {
    if (column > 0 && names[column - 1] === name) return;
    if ((column - last) * cellWidth < labelWidth) return;
    if (column > 0 && (names.length - column) * cellWidth < 0.8 * labelWidth) return;
    chosen.add(column);
    last = column;
  });
  return chosen;
}
