export type Format = 'text' | 'json';

type Cell = string | number | null | undefined;

function text(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'number' && !Number.isInteger(cell) ? cell.toPrecision(4) : String(cell);
}

/** Columns aligned by their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map(row => row.map(text));
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map(row => row[i]!.length)));
  const line = (row: readonly string[], source?: readonly Cell[]): string =>
    row
      .map((cell, i) =>
        typeof source?.[i] === 'number' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!),
      )
      .join('  ')
      .trimEnd();
  return [line(header), ...cells.map((row, i) => line(row, rows[i]))].join('\n');
}

/** Prints `value` as JSON, or what `human` makes of it. */
export function print<T>(format: Format, value: T, human: (value: T) => string): void {
  process.stdout.write(`${format === 'json' ? JSON.stringify(value, null, 2) : human(value)}\n`);
}

export function when(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** One line that is rewritten on a terminal, and plain lines where there is none. */
export class Progress {
  readonly #terminal = process.stderr.isTTY === true;
  #last = '';

  update(line: string): void {
    if (line === this.#last) return;
    this.#last = line;
    process.stderr.write(this.#terminal ? `\r\x1b[2K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.#terminal && this.#last !== '') process.stderr.write('\n');
    this.#last = '';
  }
}
