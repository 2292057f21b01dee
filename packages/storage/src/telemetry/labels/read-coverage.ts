import type { CoverageQuery, CoverageRow } from '@twinloop/kernel';
import { labelSql } from './label-sql.js';
import type { EndpointTables, Registry } from '../registry.js';
import type { TelemetryDatabase } from '../telemetry-database.js';

/** How many live predictions have a label, by stretch of time, variant and version: one aggregate, no row leaves DuckDB. */
export async function readCoverage(
  database: Pick<TelemetryDatabase, 'select'>,
  registry: Registry,
  tables: EndpointTables,
  query: CoverageQuery,
): Promise<readonly CoverageRow[]> {
  const { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query.predicted;
  const origin = Number.isFinite(from) ? from : 0;
  const labels = labelSql(
    tables,
    registry.knownCode(query.metric),
    query.known ?? Number.POSITIVE_INFINITY,
    'select id from asked',
  );
  const { rows, columns } = await database.select(
    `with asked as materialized (select id, time, variant, version from ${tables.live} where time >= ? and time < ?),
       ${labels.sql},
       spoken as (select id, count(distinct value) as said from stated group by id)
     select floor((a.time - ?) / ?) * ? + ?, a.variant, a.version, count(*)::double, count(s.id)::double,
       (count(*) filter (s.said > 1))::double
     from asked a left join spoken s on s.id = a.id group by 1, 2, 3`,
    [from, until, ...labels.parameters, origin, query.every, query.every, origin],
    ['DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'],
  );
  const at = (column: number, row: number): number => columns[column]![row] as number;
  return Array.from({ length: rows }, (_, row) => ({
    from: at(0, row),
    variant: registry.names[at(1, row)]!,
    version: registry.names[at(2, row)]!,
    predictions: at(3, row),
    labelled: at(4, row),
    corrected: at(5, row),
  })).sort(byTimeAndArm);
}

/** The order that the port promises. */
export function byTimeAndArm(a: CoverageRow, b: CoverageRow): number {
  if (a.from !== b.from) return a.from - b.from;
  if (a.variant !== b.variant) return a.variant < b.variant ? -1 : 1;
  return a.version < b.version ? -1 : a.version > b.version ? 1 : 0;
}
