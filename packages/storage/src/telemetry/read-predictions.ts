import type {
  Interval,
  LabelledQuery,
  PairedRows,
  PredictionCounts,
  PredictionRecord,
  ProjectId,
  Scalar,
  Schema,
  ScoredRows,
  Table,
} from '@twinloop/kernel';
import { selectInputs } from './input-select.js';
import { labelSql } from './label-sql.js';
import type { EndpointTables, Registry } from './registry.js';
import type { TelemetryDatabase } from './telemetry-database.js';

type Doubles = Float64Array<ArrayBuffer>;
type Database = Pick<TelemetryDatabase, 'select'>;

const from = (interval: Partial<Interval> | undefined): number => interval?.from ?? Number.NEGATIVE_INFINITY;
const until = (interval: Partial<Interval> | undefined): number =>
  interval?.until ?? Number.POSITIVE_INFINITY;

const textsOf = (registry: Registry, codes: Float64Array): string[] =>
  Array.from(codes, code => registry.names[code]!);

export async function readInputs(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  query: { readonly schema: Schema; readonly predicted: Partial<Interval> },
): Promise<Table> {
  const inputs = selectInputs(tables, query.schema, 'l');
  const selection = await database.select(
    `select ${['l.id', 'l.time', 'l.score', 'l.version', ...inputs.expressions].join(', ')}
     from ${tables.live} l where l.time >= ? and l.time < ? order by l.time, l.id`,
    [from(query.predicted), until(query.predicted)],
    ['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', ...inputs.types],
  );
  const [ids, times, scores, versions] = selection.columns;
  return {
    rows: selection.rows,
    columns: [
      { name: '$id', type: 'string', values: ids as string[] },
      { name: '$at', type: 'time', values: times as Doubles },
      { name: '$score', type: 'number', values: scores as Doubles },
      { name: '$version', type: 'string', values: textsOf(registry, versions as Doubles) },
      ...inputs.assemble(selection, 4),
    ],
  };
}

/** The ids of the predictions in an interval: labels of others need not be resolved. Numbers are written out, since the text stands in several places. */
function idsWithin(tables: EndpointTables, interval: Partial<Interval> | undefined): string {
  const bounds = [
    ...(interval?.from === undefined || !Number.isFinite(interval.from) ? [] : [`time >= ${interval.from}`]),
    ...(interval?.until === undefined || !Number.isFinite(interval.until)
      ? []
      : [`time < ${interval.until}`]),
  ];
  return bounds.length === 0 ? '' : `select id from ${tables.live} where ${bounds.join(' and ')}`;
}

export async function readScored(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  query: LabelledQuery,
): Promise<ScoredRows> {
  const { live, shadow } = tables;
  const labels = labelSql(
    tables,
    registry.knownCode(query.metric),
    until(query.arrived),
    idsWithin(tables, query.predicted),
  );
  // Of one version its live answer counts before its shadow answer to the same request.
  const version = query.version === undefined ? undefined : registry.knownCode(query.version);
  const scores =
    version === undefined
      ? `select id, score, version from ${live}`
      : `select id, arg_min(score, rank) as score, any_value(version) as version from (
           select id, score, version, 0 as rank from ${live} where version = ?
           union all select id, score, version, 1 as rank from ${shadow} where version = ?
         ) group by id`;
  const { columns } = await database.select(
    `${labels.sql}, scored as (${scores})
     select l.id, l.time, b.known, b.value, s.score, s.version
     from ${live} l join label b on b.id = l.id join scored s on s.id = l.id
     where l.time >= ? and l.time < ? and b.known >= ? and not isnan(s.score) order by b.known, l.id`,
    [
      ...labels.parameters,
      ...(version === undefined ? [] : [version, version]),
      from(query.predicted),
      until(query.predicted),
      from(query.arrived),
    ],
    ['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'],
  );
  const [ids, predictedAt, arrivedAt, label, score, versions] = columns;
  return {
    ids: ids as string[],
    predictedAt: predictedAt as Doubles,
    arrivedAt: arrivedAt as Doubles,
    label: label as Doubles,
    score: score as Doubles,
    version: textsOf(registry, versions as Doubles),
  };
}

export async function readPaired(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  query: LabelledQuery & { readonly a: string; readonly b: string },
): Promise<PairedRows> {
  const labels = labelSql(
    tables,
    registry.knownCode(query.metric),
    until(query.arrived),
    idsWithin(tables, query.predicted),
  );
  // A version's live answer is preferred to its shadow answer to the same request; there is at most one of each.
  const scores = (name: string): string => `${name} as (
    select id, arg_min(score, rank) as score from (
      select id, score, 0 as rank from ${tables.live} where version = ?
      union all select id, score, 1 as rank from ${tables.shadow} where version = ?
    ) group by id)`;
  const a = registry.knownCode(query.a);
  const b = registry.knownCode(query.b);
  const { columns } = await database.select(
    `${labels.sql}, ${scores('a')}, ${scores('b')}
     select l.id, l.time, y.known, y.value, a.score, b.score
     from ${tables.live} l join label y on y.id = l.id join a on a.id = l.id join b on b.id = l.id
     where l.time >= ? and l.time < ? and y.known >= ? and not isnan(a.score) and not isnan(b.score)
     order by y.known, l.id`,
    [...labels.parameters, a, a, b, b, from(query.predicted), until(query.predicted), from(query.arrived)],
    ['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'],
  );
  const [ids, predictedAt, arrivedAt, label, scoresA, scoresB] = columns;
  return {
    ids: ids as string[],
    predictedAt: predictedAt as Doubles,
    arrivedAt: arrivedAt as Doubles,
    label: label as Doubles,
    a: scoresA as Doubles,
    b: scoresB as Doubles,
  };
}

export async function readLabelled(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  query: LabelledQuery & { readonly schema: Schema },
): Promise<Table> {
  const labels = labelSql(tables, registry.knownCode(query.metric), until(query.arrived));
  const inputs = selectInputs(tables, query.schema, 'l');
  const selection = await database.select(
    `${labels.sql} select ${['l.id', 'l.time', 'y.known', 'y.value', ...inputs.expressions].join(', ')}
     from ${tables.live} l join label y on y.id = l.id
     where l.time >= ? and l.time < ? and y.known >= ? order by l.time, l.id`,
    [...labels.parameters, from(query.predicted), until(query.predicted), from(query.arrived)],
    ['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', ...inputs.types],
  );
  const [ids, times, known, label] = selection.columns;
  return {
    rows: selection.rows,
    columns: [
      ...inputs.assemble(selection, 4),
      { name: '$id', type: 'string', values: ids as string[] },
      { name: '$at', type: 'time', values: times as Doubles },
      { name: '$arrived', type: 'time', values: known as Doubles },
      { name: '$label', type: 'number', values: label as Doubles },
    ],
  };
}

export async function readCounts(database: Database, tables: EndpointTables): Promise<PredictionCounts> {
  const { live, shadow, outcome } = tables;
  const { columns } = await database.select(
    `select
       (select count(*) from ${live})::double,
       (select count(*) from ${shadow})::double,
       (select count(*) from ${outcome})::double,
       (select count(*) from ${outcome} o where case when o.id is not null
          then o.id not in (select id from ${live})
          else not exists (select 1 from ${live} l where l.key = o.key and l.time <= o.time and not isnan(o.time)) end)::double`,
    [],
    ['DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'],
  );
  const [live_, shadow_, outcomes, unknownOutcomes] = columns.map(column => column[0] as number);
  return { live: live_!, shadow: shadow_!, outcomes: outcomes!, unknownOutcomes: unknownOutcomes! };
}

export async function readRecent(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  endpoint: { readonly project: ProjectId; readonly endpoint: string },
  limit: number,
): Promise<(PredictionRecord & { readonly label: number | null })[]> {
  const newest = (columns: string): string =>
    `select ${columns} from ${tables.live} order by time desc, id desc limit ${Math.max(0, Math.floor(limit))}`;
  const labels = labelSql(tables, undefined, Number.POSITIVE_INFINITY, newest('id'));
  const selection = await database.select(
    `${labels.sql} select l.id, l.time, l.variant, l.version, l.score, l.key, l.unit_key, l.propensities, l.latency,
       coalesce(y.value, 'nan'::double)${tables.inputs.map(input => `, l.${input.physical}`).join('')}
     from (${newest('*')}) l left join label y on y.id = l.id
     order by l.time desc, l.id desc`,
    labels.parameters,
    [
      ...(['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'VARCHAR', 'VARCHAR', 'VARCHAR'] as const),
      ...(['DOUBLE', 'DOUBLE'] as const),
      ...tables.inputs.map(input => input.type),
    ],
  );
  const at = (column: number, row: number): string | number | null => selection.columns[column]![row]!;
  return Array.from({ length: selection.rows }, (_, row) => {
    const inputs: Record<string, Scalar> = {};
    tables.inputs.forEach(({ name, kind }, i) => {
      const value = at(10 + i, row);
      if (value === null || Number.isNaN(value)) return;
      inputs[name] = kind === 'boolean' ? value !== 0 : value;
    });
    const label = at(9, row) as number;
    return {
      ...endpoint,
      id: at(0, row) as string,
      at: at(1, row) as number,
      variant: registry.names[at(2, row) as number]!,
      version: registry.names[at(3, row) as number]!,
      role: 'live' as const,
      score: at(4, row) as number,
      key: at(5, row) as string | null,
      unitKey: at(6, row) as string | null,
      propensities: JSON.parse(at(7, row) as string) as Readonly<Record<string, number>>,
      latencyMs: at(8, row) as number,
      inputs,
      label: Number.isNaN(label) ? null : label,
    };
  });
}
