import type { Column } from '@twinloop/kernel';

/** A text that two rows share exactly when they are equal in all columns; undefined when one of them is missing. */
function keyOf(columns: readonly Column[], row: number): string | undefined {
  let key = '';
  for (const column of columns) {
    if (column.type === 'string') {
      const value = column.values[row];
      if (value == null) return undefined;
      key += `${value.length}:${value}`;
    } else {
      const value = column.values[row]!;
      if (Number.isNaN(value)) return undefined;
      key += `${value};`;
    }
  }
  return key;
}

/** Counts the rows that equal an earlier one in all the columns, and names each to `each`. Rows with a missing part are not compared (as SQL's UNIQUE). */
export function countRepeats(columns: readonly Column[], rows: number, each: (row: number) => void): number {
  const seen = new Set<string | number>();
  const [only] = columns;
  const single = columns.length === 1 ? only : undefined;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let key: string | number | undefined;
    if (single === undefined) key = keyOf(columns, row);
    else if (single.type === 'string') key = single.values[row] ?? undefined;
    else key = Number.isNaN(single.values[row]!) ? undefined : single.values[row]!;
    if (key === undefined) continue;
    if (seen.has(key)) {
      count++;
      each(row);
    } else seen.add(key);
  }
  return count;
}
