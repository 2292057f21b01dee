import {
  TwinloopError,
  type Column,
  type ColumnSchema,
  type ColumnType,
  type Reading,
  type ReadOptions,
  type Table,
} from '@twinloop/kernel';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { basename } from 'node:path';
import { columnsOf, type ColumnData } from '../telemetry/columns.js';
import { conversion, EVIDENCE, evidence, judge, ownType } from './conversion.js';
import { unreadable, type SourceFile } from './read-errors.js';
import { sqlName } from './sandbox.js';
import type { Source, SourceColumn } from './source.js';

interface TypedColumn extends ColumnSchema {
  readonly source: SourceColumn;
}

function find(source: Source, file: SourceFile, name: string): SourceColumn {
  const column = source.columns.find(each => each.name === name);
  if (column !== undefined) return column;
  throw new TwinloopError('dataset_column_missing', {
    field: name,
    values: {
      column: name,
      dataset: basename(file.path),
      found: source.columns.map(each => each.name).join(', '),
    },
  });
}

/** Types of the given columns by declaration, or by looking at every value. @throws dataset_empty · dataset_unreadable */
export async function typeColumns(
  connection: DuckDBConnection,
  source: Source,
  file: SourceFile,
  types: Readonly<Record<string, ColumnType>>,
  names: readonly string[] = source.columns.map(column => column.name),
  reading: Reading = {},
): Promise<readonly TypedColumn[]> {
  for (const name of Object.keys(types)) find(source, file, name);
  const columns = names.map(name => find(source, file, name));
  const expressions = columns.flatMap(column => evidence(column, types[column.name], reading));
  const result = await connection.runAndReadAll(
    `select ${['count(*)::double', ...expressions].join(', ')} from ${source.relation}`,
  );
  const [rows, ...counts] = result.getRows()[0] as number[];
  if (rows === 0) throw new TwinloopError('dataset_empty', { values: { file: basename(file.path) } });
  const typed: TypedColumn[] = [];
  for (const [i, column] of columns.entries()) {
    const verdict = judge(column, types[column.name], rows!, counts.slice(i * EVIDENCE, (i + 1) * EVIDENCE));
    const sql = conversion(column, verdict.type, reading);
    if (verdict.unreadable > 0) {
      const what = `is not a ${verdict.type}`;
      throw await refuse(
        connection,
        source,
        file,
        column,
        `${sql} is null and ${sqlName(column.name)} is not null`,
        what,
      );
    }
    if (verdict.infinite > 0) {
      throw await refuse(connection, source, file, column, `isinf(${sql})`, 'is infinite');
    }
    typed.push({ name: column.name, type: verdict.type, nullable: verdict.nullable, source: column });
  }
  return typed;
}

/** The error that names the first row for which `condition` holds. */
async function refuse(
  connection: DuckDBConnection,
  source: Source,
  file: SourceFile,
  column: SourceColumn,
  condition: string,
  what: string,
): Promise<TwinloopError> {
  const name = sqlName(column.name);
  const found = await connection.runAndReadAll(
    `select row, cast(${name} as varchar) from (select row_number() over () as row, * from ${source.relation})
     where ${condition} order by row limit 1`,
  );
  const [row, value] = found.getRows()[0]!;
  // A quoted value may hold line breaks, so rows and lines differ; the header is line 1.
  const line =
    file.format === 'csv'
      ? Number(row) + 1 + (await lineBreaks(connection, source, Number(row)))
      : Number(row);
  const where = file.format === 'parquet' ? 'row' : 'line';
  const shown = String(value).slice(0, 60);
  return unreadable(file, `column ${column.name}, ${where} ${line}: "${shown}" ${what}`, {
    field: column.name,
    line,
  });
}

async function lineBreaks(connection: DuckDBConnection, source: Source, before: number): Promise<number> {
  const perRow = source.columns.map(
    ({ name }) => `coalesce(len(${sqlName(name)}) - len(replace(${sqlName(name)}, chr(10), '')), 0)`,
  );
  const result = await connection.runAndReadAll(
    `select coalesce(sum(${perRow.join(' + ')}), 0)::double
     from (select row_number() over () as row, * from ${source.relation}) where row < ${before}`,
  );
  return result.getRows()[0]![0] as number;
}

/** Reads the asked columns, filtered and ordered; rows that compare equal stay in the file's order. */
export async function readTable(
  connection: DuckDBConnection,
  source: Source,
  file: SourceFile,
  options: Omit<ReadOptions, 'format'>,
): Promise<Table> {
  const { columns: asked, within, newest, orderBy = [], reading = {} } = options;
  const times = Object.fromEntries(Object.keys(reading.times ?? {}).map(name => [name, 'time' as const]));
  const types = { ...times, ...options.types };
  const wanted = asked ?? source.columns.map(column => column.name);
  const needed = [
    ...new Set([
      ...wanted,
      ...(within === undefined ? [] : [within.column]),
      ...(newest?.by === undefined ? [] : [newest.by]),
      ...orderBy,
    ]),
  ];
  const typed = await typeColumns(connection, source, file, types, needed, reading);
  return select(connection, source, file, typed, { wanted, within, newest, orderBy, reading });
}

/** Reads columns of a Parquet file that this house wrote: its types hold, and nothing in it is judged again. */
export async function readStored(
  connection: DuckDBConnection,
  source: Source,
  file: SourceFile,
  wanted: readonly string[] = source.columns.map(column => column.name),
): Promise<Table> {
  const typed = wanted.map(name => {
    const column = find(source, file, name);
    return { name, type: ownType(column)!, nullable: true, source: column };
  });
  return select(connection, source, file, typed, {
    wanted,
    within: undefined,
    newest: undefined,
    orderBy: [],
    reading: {},
  });
}

/** Reads all columns in pieces, each after `visit` has taken the one before; one streaming query, so that no piece is lost or doubled. */
export async function scanTable(
  connection: DuckDBConnection,
  source: Source,
  file: SourceFile,
  { types = {} }: Pick<ReadOptions, 'types'>,
  rows: number,
  visit: (piece: Table) => Promise<void>,
): Promise<void> {
  const typed = await typeColumns(connection, source, file, types);
  const expressions = typed.map(({ source: column, type }) => valueSql(column, type));
  const physical = typed.map(({ type }) => (type === 'string' ? 'VARCHAR' : 'DOUBLE'));
  const result = await connection.stream(`select ${expressions.join(', ')} from ${source.relation}`);
  const chunks: DuckDBDataChunk[] = [];
  let held = 0;
  const hand = async (): Promise<void> => {
    if (held === 0) return;
    const { columns } = columnsOf(chunks, physical);
    await visit(tableOf(typed, held, columns));
    chunks.length = 0;
    held = 0;
  };
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    chunks.push(chunk);
    held += chunk.rowCount;
    if (held >= rows) await hand();
  }
  await hand();
}

const valueSql = (column: SourceColumn, type: ColumnType): string => {
  const sql = conversion(column, type);
  return type === 'string' ? sql : `coalesce(${sql}, 'nan'::double)`;
};

function tableOf(
  typed: readonly Pick<ColumnSchema, 'name' | 'type'>[],
  rows: number,
  columns: readonly ColumnData[],
): Table {
  return {
    rows,
    columns: typed.map(({ name, type }, i): Column => {
      const values = columns[i]!;
      return values instanceof Float64Array
        ? { name, type: type as Exclude<ColumnType, 'string'>, values }
        : { name, type: 'string', values };
    }),
  };
}

async function select(
  connection: DuckDBConnection,
  source: Source,
  file: SourceFile,
  columnTypes: readonly TypedColumn[],
  query: {
    readonly wanted: readonly string[];
    readonly within: ReadOptions['within'];
    readonly newest: ReadOptions['newest'];
    readonly orderBy: readonly string[];
    readonly reading: Reading;
  },
): Promise<Table> {
  const { wanted, within, newest, orderBy, reading } = query;
  const typed = new Map(columnTypes.map(each => [each.name, each]));
  const expression = (name: string): string => {
    const { source: column, type } = typed.get(name)!;
    const sql = conversion(column, type, reading);
    return type === 'string' ? sql : `coalesce(${sql}, 'nan'::double)`;
    return valueSql(column, type);
  };

  const numbered = `(select row_number() over () as "$row", * from ${source.relation})`;
  let sql = `select ${wanted.map(expression).join(', ')} from ${numbered}`;
  const parameters: number[] = [];
  const conditions: string[] = [];
  if (within !== undefined) {
    const { column, interval } = within;
    if (typed.get(column)!.type === 'string') {
      throw unreadable(file, `column ${column} holds text, and an interval needs numbers or times`, {
        field: column,
      });
    }
    conditions.push(`${expression(column)} >= ? and ${expression(column)} < ?`);
    parameters.push(interval.from ?? Number.NEGATIVE_INFINITY, interval.until ?? Number.POSITIVE_INFINITY);
  }
  if (newest !== undefined) {
    const by = newest.by === undefined ? '"$row"::double' : expression(newest.by);
    const values = `select ${by} from ${numbered}${where(conditions)}`;
    const least = await nthGreatest(connection, values, newest.rows, parameters);
    if (least !== undefined) {
      conditions.push(`not isnan(${by}) and ${by} >= ?`);
      parameters.push(least);
    }
  }
  sql += where(conditions);
  if (orderBy.length > 0)
    sql += ` order by ${[...orderBy.map(name => `${expression(name)} nulls last`), '"$row"'].join(', ')}`;
  const physical = wanted.map(name => (typed.get(name)!.type === 'string' ? 'VARCHAR' : 'DOUBLE'));
  const result = await connection.run(sql, parameters);
  const { rows, columns } = columnsOf(await result.fetchAllChunks(), physical);
  return tableOf(
    wanted.map(name => typed.get(name)!),
    rows,
    columns,
  );
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;

/**
 * The n-th greatest value, by one pass over one column: to sort whole rows would take the memory of all of them.
 * Undefined when there are no more rows than n. Rows that equal the n-th are all kept.
 */
async function nthGreatest(
  connection: DuckDBConnection,
  sql: string,
  n: number,
  parameters: readonly number[],
): Promise<number | undefined> {
  const result = await connection.run(sql, [...parameters]);
  const { columns } = columnsOf(await result.fetchAllChunks(), ['DOUBLE']);
  const values = (columns[0] as Float64Array).filter(value => !Number.isNaN(value)).sort();
  return values.length <= n ? undefined : values[values.length - n];
}
