import {
  type AnyNewFact,
  type Canonicalizable,
  canonicalJson,
  type ContentHash,
  type DatasetVersionRecord,
  type EpochMs,
  type ExpectationFinding,
  fact,
  type Json,
  type ProjectId,
  type Table,
  TwinloopError,
} from '@twinloop/kernel';
import { type ExpectationPorts, type ExpectationsResult, checkExpectations } from './check-expectations.js';
import type { Expectation } from './config.js';
import { profileTable } from './profile.js';
import { compareSchemas, type SchemaChange, schemaOf } from './schema.js';

export interface AcceptPorts extends ExpectationPorts {
  /** Hashes a table's content and keeps it (`DatasetQuery.store`). */
  readonly store: (table: Table) => Promise<{ readonly version: ContentHash; readonly blob: ContentHash }>;
  /** SHA-256 of a text. */
  readonly digest: (text: string) => ContentHash;
}

export interface AcceptRequest {
  readonly project: ProjectId;
  readonly dataset: string;
  readonly table: Table;
  readonly rules: readonly Expectation[];
  /** Where the rows came from, as people name it: a path, a URL, `predictions of late`. */
  readonly source: string;
  /** The version that this one continues; its columns are expected again, with their types. */
  readonly previous?: Pick<DatasetVersionRecord, 'version' | 'schema'>;
  /** The column that dates a row, for the version's span. */
  readonly time?: string;
  /** Domain time of the check. */
  readonly at: EpochMs;
  readonly actor: string;
  readonly causation?: string;
  readonly correlation?: string;
}

export interface AcceptedVersion {
  readonly record: DatasetVersionRecord;
  readonly result: ExpectationsResult;
  /** DatasetVersionRegistered and ExpectationsChecked, to be appended after the record is kept. */
  readonly facts: readonly AnyNewFact[];
}

function schemaFinding(change: SchemaChange, rows: number): ExpectationFinding {
  const { column, kind, before, after } = change;
  const message =
    kind === 'vanished'
      ? `${column}: the column has vanished (it was ${before})`
      : kind === 'appeared'
        ? `${column}: a new column (${after})`
        : `${column}: was ${before} and is now ${after}`;
  const severity = kind === 'appeared' ? 'warning' : 'error';
  return { rule: 'schema', column, count: rows, rows, severity, message };
}

function spanOf(table: Table, time: string | undefined): { from?: EpochMs; until?: EpochMs } {
  const column = table.columns.find(candidate => candidate.name === time);
  if (column === undefined || column.type === 'string') return {};
  let from = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  for (const value of column.values) {
    if (value < from) from = value;
    if (value > until) until = value;
  }
  return from <= until ? { from, until } : {};
}

/**
 * Makes a dataset version of a table: stored by content, profiled, and checked. A refused version keeps its record,
 * so that people can look at what was refused; training on it is refused by `building`.
 * The same table under the same rules gives the same facts, whose idempotency keys make a second append harmless.
 * @throws dataset_empty · whatever the store throws
 */
export async function acceptVersion(ports: AcceptPorts, request: AcceptRequest): Promise<AcceptedVersion> {
  const { project, dataset, table, rules, source, previous, at, actor } = request;
  if (table.rows === 0) throw new TwinloopError('dataset_empty', { values: { file: source } });
  const { version, blob } = await ports.store(table);
  const schema = schemaOf(table);
  const changes = previous === undefined ? [] : compareSchemas(previous.schema, schema);
  const checked = await checkExpectations(table, rules, ports);
  const findings = [...changes.map(change => schemaFinding(change, table.rows)), ...checked.findings];
  const status = findings.some(finding => finding.severity === 'error') ? 'refused' : 'accepted';
  const result = { ...checked, status, findings } as const;
  // A re-reading of the same content has itself as its previous version; that is no lineage.
  const parent = previous === undefined || previous.version === version ? null : previous.version;

  const rest = {
    at,
    actor,
    ...(request.causation === undefined ? {} : { causation: request.causation }),
    ...(request.correlation === undefined ? {} : { correlation: request.correlation }),
  };
  const key = `dataset/${dataset}/${version}`;
  const judged = ports.digest(canonicalJson({ rules, findings, parent } as unknown as Canonicalizable));
  return {
    record: {
      project,
      dataset,
      version,
      rows: table.rows,
      schema,
      profile: profileTable(table) as unknown as Json,
      blob,
      source,
      parent,
      createdAt: at,
      status,
      findings: findings as unknown as Json,
    },
    result,
    facts: [
      fact(
        'DatasetVersionRegistered',
        {
          dataset,
          version,
          rows: table.rows,
          columns: table.columns.length,
          source,
          ...spanOf(table, request.time),
          ...(parent === null ? {} : { parent }),
        },
        { ...rest, idempotencyKey: `${key}/registered` },
      ),
      fact(
        'ExpectationsChecked',
        { dataset, version, status, checked: rules.length, findings },
        { ...rest, idempotencyKey: `${key}/checked/${judged}` },
      ),
    ],
  };
}
