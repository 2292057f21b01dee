import type { OutcomeRecord, PredictionLog, PredictionRecord, ProjectId } from '@twinloop/kernel';
import { tableFromRows } from '@twinloop/kernel';
import { join } from 'node:path';
import { openSegmentLog, type SegmentLogOptions } from '../log/segment-log.js';
import { turnBatch } from '../turn-batch.js';
import { feeder } from './feeder.js';
import { insertRecords, needsTables } from './insert-records.js';
import { decodePayload, framePayload, predictionText, type LoggedRecord } from './prediction-frame.js';
import {
  readCounts,
  readFound,
  readInputs,
  readLabelled,
  readPaired,
  readRecent,
  readScored,
} from './read-predictions.js';
import { readCoverage } from './labels/read-coverage.js';
import { readStated } from './labels/read-stated.js';
import { registry as newRegistry, type EndpointTables } from './registry.js';
import { acquireTelemetryDatabase, type DatabaseOptions } from './telemetry-database.js';

export interface PredictionLogOptions
  extends DatabaseOptions,
    Pick<SegmentLogOptions, 'segmentBytes' | 'files'> {
  /** Holds `predictions/` (the log) and `telemetry.duckdb`. */
  readonly directory: string;
  /** `os` (default): an append resolves when the operating system has it, the disk follows within 50 ms. `sync`: when the disk has it. */
  readonly durability?: 'os' | 'sync';
}

interface Submission {
  readonly predictions: readonly string[];
  readonly outcomes: readonly string[];
  readonly records: readonly LoggedRecord[];
}

/** The embedded prediction log: segment files that are written first, DuckDB behind them for reading. @throws data_directory_unwritable */
export async function openPredictionLog(options: PredictionLogOptions): Promise<PredictionLog> {
  const { directory, durability = 'os' } = options;
  const log = await openSegmentLog({ ...options, directory: join(directory, 'predictions') });
  const database = acquireTelemetryDatabase(directory, options);
  const registry = newRegistry();
  const feed = feeder<LoggedRecord>({
    name: 'predictions',
    log,
    database,
    decode: decodePayload,
    prepare: transaction => registry.load(transaction),
    async define(records) {
      if (needsTables(registry, records)) await registry.define(database);
    },
    insert: (transaction, records) => insertRecords(transaction, registry, records),
  });

  const batch = turnBatch<Submission, void>(submissions => {
    const payload = framePayload(
      submissions.flatMap(each => each.predictions),
      submissions.flatMap(each => each.outcomes),
    );
    const next = log.append(payload);
    const results = submissions.map(() => undefined);
    feed.push(
      submissions.flatMap(each => each.records),
      next,
    );
    return durability === 'sync' ? log.sync().then(() => results) : results;
  });

  const tablesOf = async (project: ProjectId, endpoint: string): Promise<EndpointTables | undefined> => {
    await batch.idle();
    await feed.flush();
    return registry.find(project, endpoint);
  };
  const none = new Float64Array(0);

  return {
    async appendPredictions(records: readonly PredictionRecord[]) {
      if (records.length === 0) return;
      await batch.submit({
        predictions: records.map(predictionText),
        outcomes: [],
        records: records.map(record => ({ kind: 'prediction', record })),
      });
    },
    async appendOutcomes(records: readonly OutcomeRecord[]) {
      if (records.length === 0) return;
      await batch.submit({
        predictions: [],
        outcomes: records.map(record => JSON.stringify(record)),
        records: records.map(record => ({ kind: 'outcome', record })),
      });
    },
    async flush() {
      await batch.idle();
      await feed.flush();
    },
    async inputs(query) {
      const tables = await tablesOf(query.project, query.endpoint);
      if (tables !== undefined) return readInputs(database, registry, tables, query);
      return tableFromRows(
        [
          { name: '$id', type: 'string', nullable: false },
          { name: '$at', type: 'time', nullable: false },
          { name: '$score', type: 'number', nullable: true },
          { name: '$version', type: 'string', nullable: false },
          ...query.schema,
        ],
        [],
      );
    },
    async scored(query) {
      const tables = await tablesOf(query.project, query.endpoint);
      if (tables !== undefined) return readScored(database, registry, tables, query);
      return {
        ids: [],
        predictedAt: none,
        arrivedAt: none,
        label: none,
        score: none,
        version: [],
        outcome: none,
      };
    },
    async paired(query) {
      const tables = await tablesOf(query.project, query.endpoint);
      if (tables !== undefined) return readPaired(database, registry, tables, query);
      return { ids: [], predictedAt: none, arrivedAt: none, label: none, a: none, b: none, outcome: none };
    },
    async labelled(query) {
      const tables = await tablesOf(query.project, query.endpoint);
      if (tables !== undefined) return readLabelled(database, registry, tables, query);
      return tableFromRows(
        [
          ...query.schema,
          { name: '$id', type: 'string', nullable: false },
          { name: '$at', type: 'time', nullable: false },
          { name: '$arrived', type: 'time', nullable: false },
          { name: '$label', type: 'number', nullable: false },
        ],
        [],
      );
    },
    async counts(project, endpoint) {
      const tables = await tablesOf(project, endpoint);
      if (tables === undefined) return { live: 0, shadow: 0, outcomes: 0, unknownOutcomes: 0 };
      return readCounts(database, tables);
    },
    async coverage(query) {
      const tables = await tablesOf(query.project, query.endpoint);
      return tables === undefined ? [] : readCoverage(database, registry, tables, query);
    },
    async stated(query) {
      const tables = await tablesOf(query.project, query.endpoint);
      if (tables === undefined) return query.cases.map(() => null);
      return readStated(database, tables, registry.knownCode(query.metric), query.cases);
    },
    async find(project, endpoint, ids) {
      const tables = await tablesOf(project, endpoint);
      if (tables === undefined || ids.length === 0) return [];
      return readFound(database, registry, tables, { project, endpoint }, ids);
    },
    async recent(project, endpoint, limit) {
      const tables = await tablesOf(project, endpoint);
      if (tables === undefined) return [];
      return readRecent(database, registry, tables, { project, endpoint }, limit);
    },
    async drop(project) {
      await batch.idle();
      await feed.flush();
      await registry.drop(database, project);
    },
    async close() {
      await batch.idle();
      await feed.stop();
      await log.close();
      await database.release();
    },
  };
}
