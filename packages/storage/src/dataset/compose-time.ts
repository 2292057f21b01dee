import { TwinloopError, type ComposedTime, type Reading } from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { basename } from 'node:path';
import { timeIn } from './conversion.js';
import { unreadable, type SourceFile } from './read-errors.js';
import { sqlName } from './sandbox.js';
import type { Source } from './source.js';

/** `7`, `07`, `7.0`, `7:30`, `07:30:15` as an interval after midnight; NULL for anything else, 24 included. */
function sinceMidnight(text: string): string {
  const hours = `try_cast(split_part(${text}, ':', 1) as double)`;
  const minutes = `coalesce(try_cast(nullif(split_part(${text}, ':', 2), '') as double), 0)`;
  const seconds = `coalesce(try_cast(nullif(split_part(${text}, ':', 3), '') as double), 0)`;
  return `case when ${hours} >= 0 and ${hours} < 24 then to_seconds(${hours} * 3600 + ${minutes} * 60 + ${seconds}) end`;
}

/**
 * Adds a column that is the time at which a date's hour begins, in the session's zone. A time that daylight saving
 * skips is the moment as long after the gap; of a doubled hour the zone library's choice is taken for every row alike.
 * @throws dataset_column_missing · dataset_unreadable naming the first row without such a time
 */
export async function composeTime(
  connection: DuckDBConnection,
  source: Source,
  file: SourceFile,
  compose: ComposedTime,
  reading: Reading,
): Promise<Source> {
  const found = source.columns.map(({ name }) => name);
  for (const column of [compose.date, compose.hour])
    if (!found.includes(column))
      throw new TwinloopError('dataset_column_missing', {
        field: column,
        values: { column, dataset: basename(file.path), found: found.join(', ') },
      });
  if (found.some(name => name.toLowerCase() === compose.as.toLowerCase()))
    throw unreadable(file, `it has a column ${compose.as} already`, { field: compose.as });
  const text = (name: string): string => `cast(${sqlName(name)} as varchar)`;
  const day = timeIn(text(compose.date), reading.times?.[compose.date] ?? ['iso'], false);
  const made = `(date_trunc('day', ${day}) + ${sinceMidnight(text(compose.hour))})`;
  const { relation } = source;
  const broken = await connection.runAndReadAll(
    `select row, date, hour from (
       select row_number() over () as row, ${text(compose.date)} as date, ${text(compose.hour)} as hour, ${made} as made
       from ${relation}) where made is null order by row limit 1`,
  );
  const [first] = broken.getRows();
  if (first !== undefined) {
    const [row, date, hour] = first;
    throw unreadable(
      file,
      `row ${row}: date ${JSON.stringify(date)} and hour ${JSON.stringify(hour)} make no time`,
      { field: compose.date, line: Number(row) + 1 },
    );
  }
  return {
    relation: `(select *, cast(${made} as timestamptz) as ${sqlName(compose.as)} from ${relation})`,
    columns: [...source.columns, { name: compose.as, physical: 'time' }],
  };
}
