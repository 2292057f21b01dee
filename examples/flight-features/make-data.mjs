// Makes flights.parquet and weather.parquet out of ../flight-delays/flights.parquet: the flights of January to April
// 2013 as an airline knows them when it asks, and the weather as a source of its own.
// `node examples/flight-features/make-data.mjs`; ../flight-delays/LICENCE-DATA.md says where the data comes from.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const here = dirname(fileURLToPath(import.meta.url));
const quoted = path => `'${path.replaceAll("'", "''")}'`;
const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
await db.run(
  `CREATE VIEW source AS SELECT * FROM ${quoted(join(here, '../flight-delays/flights.parquet'))}
   WHERE scheduled < TIMESTAMPTZ '2013-05-01 00:00:00-04'`,
);
const form = '(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 12)';
await db.run(
  `COPY (SELECT id, scheduled, origin, dest, carrier, sched_dep_time, sched_arr_time, hour, distance, dow, late, landed
         FROM source ORDER BY id) TO ${quoted(join(here, 'flights.parquet'))} ${form}`,
);
// One report an hour and airport, as the flights of that hour carry it.
await db.run(
  `COPY (SELECT origin AS station, date_trunc('hour', scheduled) AS observed,
           any_value(temp) AS temp, any_value(dewp) AS dewp, any_value(humid) AS humid,
           any_value(wind_speed) AS wind_speed, any_value(precip) AS precip, any_value(pressure) AS pressure,
           any_value(visib) AS visib
         FROM source GROUP BY ALL ORDER BY observed, station)
   TO ${quoted(join(here, 'weather.parquet'))} ${form}`,
);
for (const name of ['flights', 'weather']) {
  const rows = await db.runAndReadAll(
    `SELECT count(*)::INTEGER AS rows FROM ${quoted(join(here, `${name}.parquet`))}`,
  );
  console.log(name, rows.getRowObjects()[0]);
}
