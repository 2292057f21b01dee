// Makes arrivals.parquet: the flights of ../flight-delays with the minutes late as label.
// `node examples/arrival-delay/make-data.mjs SOURCE.csv [arrivals.parquet]`   (or FLIGHTS_CSV=SOURCE.csv)
// SOURCE.csv is what ../flight-delays/flights.parquet was made from; its row F00001 is the first one of it, and so on.
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const here = dirname(fileURLToPath(import.meta.url));
const source = process.argv[2] ?? process.env.FLIGHTS_CSV;
const target = process.argv[3] ?? join(here, 'arrivals.parquet');
if (source === undefined || !existsSync(source)) {
  console.error(
    source === undefined ? 'usage: make-data.mjs SOURCE.csv [TARGET]' : `${source} does not exist`,
  );
  process.exit(1);
}

const quoted = path => `'${path.replaceAll("'", "''")}'`;
const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
await db.run(
  `CREATE TABLE delay AS SELECT format('F{:05d}', row_number() OVER ()) AS id, arr_delay::DOUBLE AS arr_delay
   FROM read_csv(${quoted(source)}, header = true, all_varchar = true, nullstr = '')`,
);
// Two hours late and more count as two hours: README.md says why.
await db.run(
  `COPY (
     SELECT flights.* EXCLUDE (late, landed), least(arr_delay, 120)::INTEGER AS minutes, landed
     FROM read_parquet(${quoted(join(here, '../flight-delays/flights.parquet'))}) AS flights JOIN delay USING (id)
     ORDER BY id
   ) TO ${quoted(target)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 12, ROW_GROUP_SIZE 61440)`,
);
const check = await (
  await db.runAndReadAll(
    `SELECT count(*)::INTEGER AS rows, avg(minutes) AS mean, stddev_pop(minutes) AS deviation,
       min(minutes) AS earliest, count(*) FILTER (minutes = 120)::INTEGER AS two_hours_or_more,
       count(*) FILTER (late <> (arr_delay > 15)::INTEGER)::INTEGER AS disagree
     FROM read_parquet(${quoted(target)}) JOIN delay USING (id)
     JOIN (SELECT id, late FROM read_parquet(${quoted(join(here, '../flight-delays/flights.parquet'))})) USING (id)`,
  )
).getRowObjects();
console.log({ ...check[0], bytes: statSync(target).size });
