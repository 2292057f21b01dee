import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Column, Table } from '@twinloop/kernel';

export interface FaultData {
  /** A fifth of `temp` is missing. */
  readonly nulls: string;
  /** Some rows have hour 99. */
  readonly hour99: string;
  /** Rows that stand twice. */
  readonly duplicates: string;
  /** Sixty days of shifted inputs and turned labels after the year's end. */
  readonly storm: string;
  /** Some good rows, to ask with. */
  readonly sample: readonly Readonly<Record<string, string | number | null>>[];
}

type Cell = string | number | null;
type Rows = readonly Readonly<Record<string, Cell>>[];

const DAY = 864e5;

function cellOf(column: Column, row: number): Cell {
  const value = column.values[row] ?? null;
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) return null;
  return column.type === 'time' ? new Date(value).toISOString() : value;
}

function rowsOf(table: Table, keep: (at: number) => boolean): Rows {
  const time = table.columns.find(column => column.name === 'scheduled')!.values as Float64Array;
  const rows: Record<string, Cell>[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (keep(time[row]!))
      rows.push(Object.fromEntries(table.columns.map(column => [column.name, cellOf(column, row)])));
  }
  return rows;
}

async function writeCsv(path: string, rows: Rows): Promise<string> {
  const names = Object.keys(rows[0]!);
  const lines = [names.join(','), ...rows.map(row => names.map(name => row[name] ?? '').join(','))];
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const later = (text: Cell, days: number): string =>
  new Date(Date.parse(text as string) + days * DAY).toISOString();

/** Makes the files of the fault runs out of the flights themselves. */
export async function writeFaultData(directory: string, scratch: string): Promise<FaultData> {
  const { readTable } = await import('@twinloop/server');
  const table = await readTable(join(directory, 'flights.parquet'), 'America/New_York');
  const january = rowsOf(table, at => at < Date.UTC(2013, 1, 1));
  const autumn = rowsOf(table, at => at >= Date.UTC(2013, 10, 1));
  return {
    nulls: await writeCsv(
      join(scratch, 'nulls.csv'),
      january.map((row, i) => (i % 5 === 0 ? { ...row, temp: null } : row)),
    ),
    hour99: await writeCsv(
      join(scratch, 'hour99.csv'),
      january.map((row, i) => (i % 100 === 0 ? { ...row, hour: 99 } : row)),
    ),
    duplicates: await writeCsv(join(scratch, 'duplicates.csv'), [...january, ...january.slice(0, 100)]),
    storm: await writeCsv(
      join(scratch, 'storm.csv'),
      autumn.map(row => ({
        ...row,
        id: `S${String(row['id'])}`,
        scheduled: later(row['scheduled']!, 61),
        landed: later(row['landed']!, 61),
        temp: row['temp'] == null ? null : 150 - Number(row['temp']),
        humid: row['humid'] == null ? null : 100 - Number(row['humid']),
        late: 1 - Number(row['late']),
      })),
    ),
    sample: january.slice(0, 200),
  };
}

/** Inference requests of the sample rows, as a client would send them. */
export function sampleRequests({ sample }: FaultData): readonly string[] {
  const left = new Set(['id', 'scheduled', 'late', 'landed']);
  return sample.map((row, i) =>
    JSON.stringify({
      id: `sample-${i}`,
      inputs: Object.entries(row)
        .filter(([name]) => !left.has(name))
        .map(([name, value]) => ({
          name,
          shape: [1],
          datatype: typeof value === 'string' ? 'BYTES' : 'FP64',
          data: [value],
        })),
    }),
  );
}
