import type { EndpointTables } from '../registry.js';

export interface LabelSql {
  /** Common table expressions that end with `label(id, value, known)`: one row for each prediction that has a label. */
  readonly sql: string;
  readonly parameters: readonly number[];
}

/**
 * The labels that were known before `knownBefore`, of one metric (by code) or of any. An outcome speaks of the
 * prediction it names, or of the latest one with its key at or before its time (of several at one moment, the one
 * with the greatest id). The highest revision counts; within it a repeated value is a duplicate, whose first arrival
 * stands, and of different values the one that arrived last. `among` is a query of the only ids that matter.
 */
export function labelSql(
  tables: EndpointTables,
  metric: number | undefined,
  knownBefore: number,
  among = '',
): LabelSql {
  const { live, outcome } = tables;
  const only = (word: 'and' | 'where', id: string): string =>
    among === '' ? '' : `${word} ${id} in (${among})`;
  const filter = metric === undefined ? 'known < ?' : 'known < ? and metric = ?';
  const parameters = metric === undefined ? [knownBefore] : [knownBefore, metric];
  const sql = `said as (
      select id, revision, value, known from ${outcome} where ${filter} and id is not null ${only('and', 'id')}
      union all
      select p.id, o.revision, o.value, o.known
      from (select * from ${outcome} where ${filter} and id is null and key is not null and not isnan(time)) o
      asof join (
        select key, time, max(id) as id from ${live}
        where key in (select key from ${outcome} where id is null)
        group by key, time
      ) p on o.key = p.key and o.time >= p.time ${only('where', 'p.id')}
    ), stated as (
      select id, revision, value, min(known) as known from said group by id, revision, value
    ), label as (
      select id, value, known from stated
      qualify row_number() over (partition by id order by revision desc, known desc, value desc) = 1
    )`;
  return { sql, parameters: [...parameters, ...parameters] };
}
