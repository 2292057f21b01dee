import type { OutcomeRecord, PredictionRecord, ProjectId } from '@twinloop/kernel';
import type { ColumnData, PhysicalType } from './columns.js';
import { idHash } from './id-hash.js';
import type { LoggedRecord } from './prediction-frame.js';
import {
  answerColumn,
  OUTCOME_COLUMNS,
  OUTPUT,
  PREDICTION_COLUMNS,
  SCORES,
  type InputKind,
  type Registry,
} from './registry.js';
import type { Transaction } from './telemetry-database.js';

const KINDS: readonly InputKind[] = ['number', 'boolean', 'string', 'scores', 'output'];
const noNames = (): Record<InputKind, Set<string>> => ({
  number: new Set(),
  boolean: new Set(),
  string: new Set(),
  scores: new Set(),
  output: new Set(),
});

interface EndpointBatch {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly live: PredictionRecord[];
  readonly shadow: PredictionRecord[];
  readonly outcomes: OutcomeRecord[];
}

/** Drafts the tables and input columns that the records need and do not have; true when there are any. */
export function needsTables(registry: Registry, records: readonly LoggedRecord[]): boolean {
  const needs = new Map<string, { record: LoggedRecord['record']; names: Record<InputKind, Set<string>> }>();
  for (const { kind, record } of records) {
    const key = `${record.project}/${record.endpoint}`;
    let need = needs.get(key);
    if (need === undefined) {
      need = { record, names: noNames() };
      needs.set(key, need);
    }
    if (kind === 'outcome') continue;
    if (record.scores != null) need.names.scores.add(SCORES);
    if (record.role !== 'live') continue;
    if (record.output != null) need.names.output.add(OUTPUT);
    for (const name in record.inputs) {
      const value = record.inputs[name];
      if (value != null) need.names[typeof value as InputKind].add(name);
    }
  }
  let drafted = false;
  for (const { record, names } of needs.values()) {
    const inputs = KINDS.flatMap(kind => [...names[kind]].map(name => [name, kind] as const));
    const tables = registry.prepare(record.project, record.endpoint, inputs);
    drafted ||= tables !== registry.find(record.project, record.endpoint);
  }
  return drafted;
}

/** Writes a batch of the log into the endpoints' tables; records that are there already are passed over. */
export async function insertRecords(
  transaction: Transaction,
  registry: Registry,
  records: readonly LoggedRecord[],
): Promise<void> {
  for (const batch of byEndpoint(records)) {
    const tables = registry.find(batch.project, batch.endpoint)!;
    const base = PREDICTION_COLUMNS.map(([, type]) => type);
    const live = [
      ...predictionColumns(batch.live, registry),
      ...tables.inputs.map(({ name, kind }) => inputColumn(batch.live, name, kind)),
    ];
    const scored = answerColumn(tables, 'scores') !== undefined;
    const shadow = [
      ...predictionColumns(batch.shadow, registry),
      ...(scored ? [batch.shadow.map(scoresText)] : []),
    ];
    const outcomes = outcomeColumns(batch.outcomes, registry);
    await registry.writeNames(transaction);
    await insertNew(
      transaction,
      tables.live,
      [...base, ...tables.inputs.map(({ type }) => type)],
      live,
      's.id = t.id',
    );
    await insertNew(
      transaction,
      tables.shadow,
      scored ? [...base, 'VARCHAR'] : base,
      shadow,
      's.id = t.id and s.version = t.version',
    );
    await insertNew(
      transaction,
      tables.outcome,
      OUTCOME_COLUMNS.map(([, type]) => type),
      outcomes,
      's.id is not distinct from t.id and s.key is not distinct from t.key and s.time = t.time and s.metric = t.metric and s.revision = t.revision and s.value = t.value',
    );
  }
}

/** The batch by endpoint, without what it holds twice: the first of equal records stays. */
function byEndpoint(records: readonly LoggedRecord[]): Iterable<EndpointBatch> {
  const batches = new Map<string, EndpointBatch & { readonly seen: Set<string> }>();
  for (const { kind, record } of records) {
    const { project, endpoint } = record;
    const key = `${project}/${endpoint}`;
    let batch = batches.get(key);
    if (batch === undefined) {
      batch = { project, endpoint, live: [], shadow: [], outcomes: [], seen: new Set() };
      batches.set(key, batch);
    }
    const identity = kind === 'prediction' ? predictionIdentity(record) : outcomeIdentity(record);
    if (batch.seen.has(identity)) continue;
    batch.seen.add(identity);
    if (kind === 'outcome') batch.outcomes.push(record);
    else if (record.role === 'live') batch.live.push(record);
    else batch.shadow.push(record);
  }
  return batches.values();
}

/** What the hash of a live prediction is taken of. */
export function liveIdentity(id: string): string {
  return `live\n${id}`;
}

function predictionIdentity(record: PredictionRecord): string {
  return record.role === 'live' ? liveIdentity(record.id) : `shadow\n${record.id}\n${record.version}`;
}

function outcomeIdentity(record: OutcomeRecord): string {
  const { predictionId, key, time, metric, revision, value } = record;
  return predictionId === null
    ? `key\n${metric}\n${revision}\n${value}\n${time}\n${key}`
    : `id\n${metric}\n${revision}\n${value}\n${predictionId}`;
}

/** Above that a list of hashes in the text of a query costs more than a temporary table. */
const LISTED = 2048;

/**
 * Adds the rows that the table lacks. The hash column finds candidates, `same` decides. Nearly always there are none, and
 * then the rows are appended as they are; otherwise they go through a temporary table.
 */
async function insertNew(
  transaction: Transaction,
  table: string,
  types: readonly PhysicalType[],
  columns: readonly ColumnData[],
  same: string,
): Promise<void> {
  const hashes = columns[0]!;
  if (hashes.length === 0) return;
  if (hashes.length <= LISTED) {
    const known = await transaction.select(
      `select hash from ${table} where hash in (${hashes.join(', ')}) limit 1`,
      [],
      ['DOUBLE'],
    );
    if (known.rows === 0) return transaction.append(table, types, columns);
  }
  const stage = `stage_${table}`;
  await transaction.run(`create or replace temp table ${stage} as from ${table} limit 0`);
  await transaction.append(stage, types, columns);
  await transaction.run(
    `insert into ${table} from ${stage} s where not exists (select 1 from ${table} t where t.hash = s.hash and ${same})`,
  );
  await transaction.run(`drop table ${stage}`);
}

/** Probabilities in the shortest decimals that read back as the same doubles: SQL takes the one of a class out of the list. */
function scoresText({ scores }: PredictionRecord): string | null {
  return scores == null ? null : scores.join(',');
}

function inputColumn(records: readonly PredictionRecord[], name: string, kind: InputKind): ColumnData {
  if (kind === 'scores') return records.map(scoresText);
  if (kind === 'output') return records.map(({ output }) => output ?? null);
  if (kind === 'string') {
    return records.map(({ inputs }) => {
      const value = inputs?.[name];
      return typeof value === 'string' ? value : null;
    });
  }
  const values = new Float64Array(records.length);
  for (let i = 0; i < records.length; i++) {
    const value = records[i]!.inputs?.[name];
    values[i] = typeof value === kind ? Number(value) : Number.NaN;
  }
  return values;
}

function predictionColumns(records: readonly PredictionRecord[], registry: Registry): ColumnData[] {
  return [
    Float64Array.from(records, record => idHash(predictionIdentity(record))),
    records.map(record => record.id),
    Float64Array.from(records, record => record.at),
    Float64Array.from(records, record => registry.codeOf(record.variant)),
    Float64Array.from(records, record => registry.codeOf(record.version)),
    Float64Array.from(records, record => record.score),
    records.map(record => record.key),
    records.map(record => record.unitKey),
    records.map(record => JSON.stringify(record.propensities)),
    Float64Array.from(records, record => record.latencyMs),
  ];
}

function outcomeColumns(records: readonly OutcomeRecord[], registry: Registry): ColumnData[] {
  return [
    Float64Array.from(records, record => idHash(outcomeIdentity(record))),
    records.map(record => record.predictionId),
    // A prediction id alone says which case is meant; key and time are then only remarks.
    records.map(record => (record.predictionId === null ? record.key : null)),
    Float64Array.from(records, record =>
      record.predictionId === null ? (record.time ?? Number.NaN) : Number.NaN,
    ),
    Float64Array.from(records, record => registry.codeOf(record.metric)),
    Float64Array.from(records, record => record.value),
    Float64Array.from(records, record => record.at),
    Float64Array.from(records, record => registry.codeOf(record.source)),
    Float64Array.from(records, record => record.revision),
  ];
}
