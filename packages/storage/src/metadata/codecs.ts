import type {
  DatasetVersionRecord,
  DeliveryRecord,
  Json,
  KeyRecord,
  ModelRecord,
  ProjectRecord,
  RunRecord,
  Schema,
} from '@twinloop/kernel';
import type { Tables } from './tables.js';

/** Between a record and its row. Rows carry hashes as plain text, hence the casts on the way back. */
interface Codec<Record, Table extends keyof Tables> {
  toRow(record: Record): Tables[Table];
  fromRow(row: Tables[Table]): Record;
}

export const projectCodec: Codec<ProjectRecord, 'project'> = {
  toRow: record => ({
    project: record.project,
    config: record.config,
    config_hash: record.configHash,
    directory: record.directory,
    applied_at: record.appliedAt,
  }),
  fromRow: row =>
    ({
      project: row.project,
      config: row.config,
      configHash: row.config_hash,
      directory: row.directory,
      appliedAt: row.applied_at,
    }) as ProjectRecord,
};

export const keyCodec: Codec<KeyRecord, 'api_key'> = {
  toRow: record => ({
    id: record.id,
    name: record.name,
    role: record.role,
    project: record.project,
    secret_hash: record.secretHash,
    created_at: record.createdAt,
    revoked_at: record.revokedAt,
  }),
  fromRow: row =>
    ({
      id: row.id,
      name: row.name,
      role: row.role,
      project: row.project,
      secretHash: row.secret_hash,
      createdAt: row.created_at,
      revokedAt: row.revoked_at,
    }) as KeyRecord,
};

export const datasetCodec: Codec<DatasetVersionRecord, 'dataset_version'> = {
  toRow: record => ({
    project: record.project,
    dataset: record.dataset,
    version: record.version,
    row_count: record.rows,
    schema_json: JSON.stringify(record.schema),
    profile_json: JSON.stringify(record.profile),
    blob: record.blob,
    source: record.source,
    parent: record.parent,
    created_at: record.createdAt,
    status: record.status,
    findings_json: JSON.stringify(record.findings),
    checks_json: JSON.stringify(record.checks),
    quarantine_json: JSON.stringify(record.quarantine),
  }),
  fromRow: row =>
    ({
      project: row.project,
      dataset: row.dataset,
      version: row.version,
      rows: row.row_count,
      schema: JSON.parse(row.schema_json) as Schema,
      profile: JSON.parse(row.profile_json) as Json,
      blob: row.blob,
      source: row.source,
      parent: row.parent,
      createdAt: row.created_at,
      status: row.status,
      findings: JSON.parse(row.findings_json) as Json,
      checks: JSON.parse(row.checks_json) as Json,
      quarantine: JSON.parse(row.quarantine_json) as Json,
    }) as DatasetVersionRecord,
};

export const runCodec: Codec<RunRecord, 'run'> = {
  toRow: record => ({
    project: record.project,
    run: record.run,
    started_at: record.startedAt,
    record_json: JSON.stringify(record),
  }),
  fromRow: row => JSON.parse(row.record_json) as RunRecord,
};

export const modelCodec: Codec<ModelRecord, 'model'> = {
  toRow: record => ({
    project: record.project,
    model: record.model,
    created_at: record.createdAt,
    record_json: JSON.stringify(record),
  }),
  fromRow: row => JSON.parse(row.record_json) as ModelRecord,
};

export const deliveryCodec: Codec<DeliveryRecord, 'delivery'> = {
  toRow: record => ({
    project: record.project,
    channel: record.channel,
    seq: record.seq,
    state: record.state,
    next_at: record.nextAt,
    record_json: JSON.stringify(record),
  }),
  fromRow: row => JSON.parse(row.record_json) as DeliveryRecord,
};
