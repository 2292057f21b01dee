export type Format = 'text' | 'json';

type Cell = string | number | null | undefined;

function text(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'number' && !Number.isInteger(cell) ? cell.toPrecision(4) : String(cell);
}

/** Columns aligned by their widest cell, numbers to the right; `none` stands for no rows at all. */
export function table(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  none = 'none yet',
): string {
  if (rows.length === 0) return none;
  const cells = rows.map(row => row.map(text));
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map(row => row[i]!.length)));
  const isNumber = (i: number): boolean =>
    rows.every(row => typeof row[i] === 'number' || row[i] === null || row[i] === undefined);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [header, ...cells].map(line).join('\n');
}

/** Prints `value` as JSON, or what `human` makes of it. */
export function print<T>(format: Format, value: T, human: (value: T) => string): void {
  process.stdout.write(`${format === 'json' ? JSON.stringify(value, null, 2) : human(value)}\n`);
}

/** To the minute, in UTC and saying so: the project's zone may be another. */
export function when(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** `1 label`, `10,083 labels`. */
export function many(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
