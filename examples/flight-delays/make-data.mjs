// Makes flights.parquet from the joined flights-and-weather CSV.
// `node examples/flight-delays/make-data.mjs SOURCE.csv [flights.parquet]`   (or FLIGHTS_CSV=SOURCE.csv)
// LICENCE-DATA.md says where the data comes from. The same CSV gives the same rows, in the same order.
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const source = process.argv[2] ?? process.env.FLIGHTS_CSV;
const target = process.argv[3] ?? join(dirname(fileURLToPath(import.meta.url)), 'flights.parquet');
if (source === undefined || !existsSync(source)) {
  console.error(
    source === undefined ? 'usage: make-data.mjs SOURCE.csv [TARGET]' : `${source} does not exist`,
  );
  process.exit(1);
}

const newYork = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** What a clock in New York shows at `utc`, read as if it were UTC. */
function wallAt(utc) {
  const part = Object.fromEntries(newYork.formatToParts(utc).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/** UTC of a New York wall time "YYYY-MM-DD HH:MM:SS". @throws when no clock showed it, or it was shown twice. */
function utcOf(text) {
  const wall = Date.parse(`${text.replace(' ', 'T')}Z`);
  const hits = [4, 5].map(hours => wall + hours * 3_600_000).filter(utc => wallAt(utc) === wall);
  if (hits.length !== 1) throw new Error(`${text} is not one moment in New York`);
  return hits[0];
}

const quoted = path => `'${path.replaceAll("'", "''")}'`;
const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
await db.run(
  `CREATE TABLE source AS SELECT row_number() OVER () AS position, *
   FROM read_csv(${quoted(source)}, header = true, all_varchar = true, nullstr = '')`,
);
await db.run('CREATE TABLE moment (wall VARCHAR PRIMARY KEY, utc TIMESTAMP)');
const walls = await (await db.runAndReadAll('SELECT DISTINCT scheduled FROM source ORDER BY 1')).getRows();
for (let i = 0; i < walls.length; i += 1000) {
  const values = walls
    .slice(i, i + 1000)
    .map(([wall]) => `(${quoted(wall)}, make_timestamp(${utcOf(wall)}::BIGINT * 1000))`);
  await db.run(`INSERT INTO moment VALUES ${values.join(',')}`);
}

// Late or not becomes known when the flight has landed: half an hour on the ground, eight miles a minute in the air,
// and the arrival delay. The delay itself and the flight number stay out: either would give the label away.
await db.run(
  `COPY (
     SELECT
       format('F{:05d}', position) AS id,
       -- Times with a zone: a reader in any place takes them for what they are.
       to_timestamp(epoch(utc)) AS scheduled,
       origin, dest, carrier,
       sched_dep_time::INTEGER AS sched_dep_time,
       sched_arr_time::INTEGER AS sched_arr_time,
       (sched_dep_time::INTEGER // 100)::INTEGER AS hour,
       distance::INTEGER AS distance,
       dow::INTEGER AS dow,
       temp::DOUBLE AS temp, dewp::DOUBLE AS dewp, humid::DOUBLE AS humid, wind_speed::DOUBLE AS wind_speed,
       precip::DOUBLE AS precip, pressure::DOUBLE AS pressure, visib::DOUBLE AS visib,
       late::INTEGER AS late,
       to_timestamp(epoch(utc) + round(1800 + distance::DOUBLE * 7.5 + greatest(arr_delay::DOUBLE, 0) * 60)) AS landed
     FROM source JOIN moment ON wall = source.scheduled
     ORDER BY position
   ) TO ${quoted(target)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 12, ROW_GROUP_SIZE 61440)`,
);

const check = await (
  await db.runAndReadAll(
    `SELECT count(*)::INTEGER AS rows,
       count(*) FILTER (epoch(scheduled) < 1362114000)::INTEGER AS first_version,
       sum(late)::INTEGER AS late,
       count(*) FILTER (temp IS NULL)::INTEGER AS temp_missing,
       count(*) FILTER (pressure IS NULL)::INTEGER AS pressure_missing,
       min(epoch(scheduled)) AS first, max(epoch(scheduled)) AS last
     FROM ${quoted(target)}`,
  )
).getRowObjects();
console.log({ ...check[0], bytes: statSync(target).size });
