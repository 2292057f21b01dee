import { TwinloopError, type Column, type DataFormat, type Probe, type SourceProbe } from '@twinloop/kernel';
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readError, type SourceFile } from '../dataset/read-errors.js';
import { readTable } from '../dataset/read-table.js';
import { sqlName, withSandbox } from '../dataset/sandbox.js';
import { openSource } from '../dataset/source.js';
import { probeCsv } from './probe-csv.js';

const CELLS = 2_000_000;
const MOST_ROWS = 100_000;
const FEWEST_ROWS = 200;
/** So many columns of a Parquet or JSON Lines file are read for a profile. */
const MOST_COLUMNS = 2000;

export interface SourceProbeOptions {
  /** Longest line of a text file. Default 2 MiB. */
  readonly maxLineBytes?: number;
  /** Memory of one read of a Parquet or JSON Lines file. Default 512MB. */
  readonly memoryLimit?: string;
}

/** Looks at files with bounded memory: CSV by a walk of its own, since its form must be found out first, the rest with DuckDB. */
export function openSourceProbe(options: SourceProbeOptions = {}): SourceProbe {
  const { maxLineBytes = 2 << 20, memoryLimit } = options;
  return {
    async probe(path, format): Promise<Probe> {
      const real = await realpath(path).catch(() => {
        throw new TwinloopError('dataset_file_missing', { values: { file: path } });
      });
      const file: SourceFile = { path: real, format, maxLineBytes };
      if ((await stat(real)).size === 0)
        throw new TwinloopError('dataset_empty', { values: { file: basename(real) } });
      try {
        return format === 'csv'
          ? { format, ...(await probeCsv(file)) }
          : await probeTyped(file, format, memoryLimit);
      } catch (error) {
        throw readError(error, file);
      }
    },
  };
}

async function probeTyped(
  file: SourceFile,
  format: DataFormat,
  memoryLimit: string | undefined,
): Promise<Probe> {
  return withSandbox({ files: [file.path], memoryLimit }, async connection => {
    const source = await openSource(connection, file);
    const counted = await connection.runAndReadAll(`select count(*)::double from ${source.relation}`);
    const rows = counted.getRows()[0]![0] as number;
    if (rows === 0) throw new TwinloopError('dataset_empty', { values: { file: basename(file.path) } });
    const names = source.columns.slice(0, MOST_COLUMNS).map(({ name }) => name);
    const most = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.floor(CELLS / names.length)));
    const step = Math.ceil(rows / most);
    const every = `(select * exclude ("$n") from (select row_number() over () - 1 as "$n", ${names.map(sqlName).join(', ')} from ${source.relation}) where "$n" % ${step} = 0)`;
    const sample = await readTable(
      connection,
      { relation: step === 1 ? source.relation : every, columns: source.columns },
      file,
      { columns: names },
    );
    const described = await connection.runAndReadAll(`describe from ${source.relation}`);
    const zoned = described
      .getRows()
      .filter(row => /^TIMESTAMP WITH TIME ZONE$/.test(String(row[1])))
      .map(row => String(row[0]));
    const dropped = source.columns.length - names.length;
    return {
      format,
      reading: {},
      notes: [],
      rows,
      sample: { rows: sample.rows, columns: sample.columns as Column[] },
      zoned,
      rowNumbers: Float64Array.from({ length: sample.rows }, (_, i) => i * step + 1),
      findings:
        dropped === 0
          ? []
          : [
              {
                level: 'warning',
                code: 'columns_many',
                message: `${source.columns.length.toLocaleString('en-US')} columns; the first ${MOST_COLUMNS.toLocaleString('en-US')} were looked at`,
                hint: 'Leave out the columns that no model needs before you send the file.',
              },
            ],
    };
  });
}
