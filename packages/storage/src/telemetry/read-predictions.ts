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
import { UNKNOWN_CLASS } from '@twinloop/kernel';
import { idHash } from './id-hash.js';
import { selectInputs } from './input-select.js';
import { labelSql } from './labels/label-sql.js';
import { liveIdentity } from './insert-records.js';
import { answerColumn, type EndpointTables, type Registry } from './registry.js';
import type { Selection, TelemetryDatabase } from './telemetry-database.js';

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
  query: { readonly schema: Schema; readonly predicted: Partial<Interval>; readonly newest?: number },
): Promise<Table> {
  const inputs = selectInputs(tables, query.schema, 'l');
  const newest =
    query.newest === undefined
      ? ''
      : ` order by time desc, id desc limit ${Math.max(0, Math.floor(query.newest))}`;
  const selection = await database.select(
    `select ${['l.id', 'l.time', 'l.score', 'l.version', ...inputs.expressions].join(', ')}
     from (select * from ${tables.live} where time >= ? and time < ?${newest}) l order by l.time, l.id`,
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

/** `asked as (…)`: the live predictions of an interval. Everything else is joined to these few, never to the whole table. */
function asked(tables: EndpointTables, interval: Partial<Interval> | undefined): string {
  const scores = answerColumn(tables, 'scores');
  const bounds = [
    ...(interval?.from === undefined || !Number.isFinite(interval.from) ? [] : [`time >= ${interval.from}`]),
    ...(interval?.until === undefined || !Number.isFinite(interval.until)
      ? []
      : [`time < ${interval.until}`]),
  ];
  const where = bounds.length === 0 ? '' : ` where ${bounds.join(' and ')}`;
  return `asked as materialized (select id, time, score, version${scores === undefined ? '' : `, ${scores} as scores`} from ${tables.live}${where})`;
}

/** `name as (id, score)`, with `scores` where there are several classes: what a version answered to the asked requests, live before in shadow; a failed answer is none. */
function scoresOf(tables: EndpointTables, name: string, version: number): string {
  const several = answerColumn(tables, 'scores') !== undefined;
  const scores = several ? ', scores' : '';
  const first = several ? ', arg_min_null(scores, rank) as scores' : '';
  return `${name} as (
    select id, arg_min(score, rank) as score${first} from (
      select id, score${scores}, 0 as rank from asked where version = ${version}
      union all select id, score${scores}, 1 as rank from ${tables.shadow} where version = ${version} and id in (select id from asked)
    ) group by id having not isnan(arg_min(score, rank)))`;
}

/** What an answer `row` gave to the outcome `value`: its score, or of several classes the probability of the class that came (one that the model does not know is a 0, or not in its list). */
function scoreOf(tables: EndpointTables, row: string, value: string): string {
  if (answerColumn(tables, 'scores') === undefined) return `${row}.score`;
  const place = `case when ${value} >= 0 and ${value} = floor(${value}) then try_cast(${value} as integer) + 1 end`;
  return `case when ${row}.scores is null or isnan(${value}) then ${row}.score
    else coalesce(nullif(try_cast(split_part(${row}.scores, ',', ${place}) as double), 0), ${UNKNOWN_CLASS}) end`;
}

/** The label of an answer `row`: the outcome, or of several classes 1, since the class that came did come. */
function labelOf(tables: EndpointTables, row: string, value: string): string {
  if (answerColumn(tables, 'scores') === undefined) return value;
  return `case when ${row}.scores is null or isnan(${value}) then ${value} else 1::double end`;
}

export async function readScored(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  query: LabelledQuery,
): Promise<ScoredRows> {
  const labels = labelSql(
    tables,
    registry.knownCode(query.metric),
    until(query.arrived),
    'select id from asked',
  );
  const version = query.version === undefined ? undefined : registry.knownCode(query.version);
  const several = answerColumn(tables, 'scores') !== undefined;
  const scored =
    version === undefined
      ? `scored as (select id, score, version${several ? ', scores' : ''} from asked where not isnan(score))`
      : `${scoresOf(tables, 'answered', version)}, scored as (select id, score, ${version}::double as version${several ? ', scores' : ''} from answered)`;
  const { columns } = await database.select(
    `with ${asked(tables, query.predicted)}, ${labels.sql}, ${scored}
     select l.id, l.time, b.known, ${labelOf(tables, 's', 'b.value')}, ${scoreOf(tables, 's', 'b.value')}, s.version${several ? ', b.value' : ''}
     from asked l join label b on b.id = l.id join scored s on s.id = l.id
     where b.known >= ? order by b.known, l.id`,
    [...labels.parameters, from(query.arrived)],
    ['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', ...(several ? (['DOUBLE'] as const) : [])],
  );
  const [ids, predictedAt, arrivedAt, label, score, versions, outcome = label] = columns;
  return {
    ids: ids as string[],
    predictedAt: predictedAt as Doubles,
    arrivedAt: arrivedAt as Doubles,
    label: label as Doubles,
    score: score as Doubles,
    version: textsOf(registry, versions as Doubles),
    outcome: outcome as Doubles,
  };
}

export async function readPaired(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  query: LabelledQuery & { readonly a: string; readonly b: string; readonly unlabelled?: boolean },
): Promise<PairedRows> {
  const labels = labelSql(
    tables,
    registry.knownCode(query.metric),
    until(query.arrived),
    'select id from asked',
  );
  const several = answerColumn(tables, 'scores') !== undefined;
  const value = `coalesce(y.value, 'nan'::double)`;
  const { columns } = await database.select(
    `with ${asked(tables, query.predicted)}, ${labels.sql},
       ${scoresOf(tables, 'a', registry.knownCode(query.a))}, ${scoresOf(tables, 'b', registry.knownCode(query.b))}
     select l.id, l.time, coalesce(y.known, 'nan'::double), ${labelOf(tables, 'a', value)},
       ${scoreOf(tables, 'a', value)}, ${scoreOf(tables, 'b', value)}${several ? `, ${value}` : ''}
     from asked l ${query.unlabelled === true ? 'left ' : ''}join label y on y.id = l.id join a on a.id = l.id join b on b.id = l.id
     where coalesce(y.known, 'inf'::double) >= ? order by ${query.unlabelled === true ? 'l.time' : 'y.known'}, l.id`,
    [...labels.parameters, from(query.arrived)],
    ['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', ...(several ? (['DOUBLE'] as const) : [])],
  );
  const [ids, predictedAt, arrivedAt, label, scoresA, scoresB, outcome = label] = columns;
  return {
    ids: ids as string[],
    predictedAt: predictedAt as Doubles,
    arrivedAt: arrivedAt as Doubles,
    label: label as Doubles,
    a: scoresA as Doubles,
    b: scoresB as Doubles,
    outcome: outcome as Doubles,
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
    `with ${labels.sql} select ${['l.id', 'l.time', 'y.known', 'y.value', ...inputs.expressions].join(', ')}
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

interface Place {
  readonly project: ProjectId;
  readonly endpoint: string;
}

/** What a prediction is read back from, in the order of {@link recordsOf}. */
function recordColumns(tables: EndpointTables): string {
  const base = 'id time variant version score key unit_key propensities latency'.split(' ');
  return [...base, ...tables.inputs.map(input => input.physical)].map(column => `l.${column}`).join(', ');
}

const RECORD_TYPES = [
  ...(['VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'VARCHAR', 'VARCHAR', 'VARCHAR'] as const),
  'DOUBLE' as const,
];

function recordsOf(
  registry: Registry,
  tables: EndpointTables,
  place: Place,
  selection: Selection,
): PredictionRecord[] {
  const at = (column: number, row: number): string | number | null => selection.columns[column]![row]!;
  return Array.from({ length: selection.rows }, (_, row) => {
    const inputs: Record<string, Scalar> = {};
    const answer: { scores?: readonly number[]; output?: string } = {};
    tables.inputs.forEach(({ name, kind }, i) => {
      const value = at(9 + i, row);
      if (value === null || Number.isNaN(value)) return;
      if (kind === 'scores') answer.scores = (value as string).split(',').map(Number);
      else if (kind === 'output') answer.output = value as string;
      else inputs[name] = kind === 'boolean' ? value !== 0 : value;
    });
    return {
      ...place,
      id: at(0, row) as string,
      at: at(1, row) as number,
      variant: registry.names[at(2, row) as number]!,
      version: registry.names[at(3, row) as number]!,
      role: 'live' as const,
      score: at(4, row) as number,
      ...answer,
      key: at(5, row) as string | null,
      unitKey: at(6, row) as string | null,
      propensities: JSON.parse(at(7, row) as string) as Readonly<Record<string, number>>,
      latencyMs: at(8, row) as number,
      inputs,
    };
  });
}

export async function readRecent(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  place: Place,
  limit: number,
): Promise<(PredictionRecord & { readonly label: number | null })[]> {
  const newest = (columns: string): string =>
    `select ${columns} from ${tables.live} order by time desc, id desc limit ${Math.max(0, Math.floor(limit))}`;
  const labels = labelSql(tables, undefined, Number.POSITIVE_INFINITY, newest('id'));
  const types = [...RECORD_TYPES, ...tables.inputs.map(input => input.type), 'DOUBLE' as const];
  const selection = await database.select(
    `with ${labels.sql} select ${recordColumns(tables)}, coalesce(y.value, 'nan'::double)
     from (${newest('*')}) l left join label y on y.id = l.id
     order by l.time desc, l.id desc`,
    labels.parameters,
    types,
  );
  const label = selection.columns.at(-1) as Doubles;
  return recordsOf(registry, tables, place, selection).map((record, row) => ({
    ...record,
    label: Number.isNaN(label[row]) ? null : label[row]!,
  }));
}

export async function readFound(
  database: Database,
  registry: Registry,
  tables: EndpointTables,
  place: Place,
  ids: readonly string[],
): Promise<PredictionRecord[]> {
  const wanted = new Set(ids);
  const hashes = [...wanted].map(id => idHash(liveIdentity(id)));
  const selection = await database.select(
    `select ${recordColumns(tables)} from ${tables.live} l where l.hash in (${hashes.join(', ')})`,
    [],
    [...RECORD_TYPES, ...tables.inputs.map(input => input.type)],
  );
  return recordsOf(registry, tables, place, selection).filter(({ id }) => wanted.has(id));
}
