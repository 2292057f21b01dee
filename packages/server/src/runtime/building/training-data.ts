import {
  classesOf,
  columnOf,
  concatTables,
  TwinloopError,
  type Column,
  type ContentHash,
  type DatasetQuery,
  type DatasetVersionRecord,
  type EpochMs,
  type MetadataStore,
  type PredictionLog,
  type ProjectId,
  type Schema,
  type Table,
} from '@twinloop/kernel';
import { acceptVersion } from '@twinloop/loop/data';
import { trainingDataset } from '../../config/check-project.js';
import type { ProjectConfig } from '../../config/project-config.js';
import type { FactStream } from '../fact-stream.js';
import { acceptPorts, LOGGED } from './accept-ports.js';
import type { ClassBook } from '../serving/class-book.js';

export interface TrainingDataPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly metadata: MetadataStore;
  readonly datasets: DatasetQuery;
  readonly log: PredictionLog;
  readonly facts: FactStream;
  readonly classes: ClassBook;
}

export interface TrainingData {
  readonly record: DatasetVersionRecord;
  readonly table: Table;
}

/** The newest accepted version that was brought in from outside. */
async function baseVersion(ports: TrainingDataPorts, dataset: string): Promise<DatasetVersionRecord> {
  const versions = await ports.metadata.datasets.list(ports.project, dataset);
  const base = versions.find(version => version.status === 'accepted' && !version.source.startsWith(LOGGED));
  if (base === undefined)
    throw new TwinloopError('not_found', {
      values: { what: `An accepted version of ${dataset}` },
      hint: 'Add one with `twinloop data add`.',
    });
  return base;
}

/** The logged labels by name instead of number. */
function withClassNames(logged: Table, names: readonly string[]): Table {
  const columns = logged.columns.map((column): Column => {
    if (column.name !== '$label' || column.type === 'string') return column;
    return { name: '$label', type: 'string', values: Array.from(column.values, i => names[i] ?? null) };
  });
  return { rows: logged.rows, columns };
}

/** Logged rows under the dataset's own column names; what a request does not carry is missing. */
function asDataset(
  logged: Table,
  schema: Schema,
  names: { key?: string; time?: string; label: string; arrives?: string },
): Table {
  const source = (column: string): string => {
    // What the request carried is what the model saw, the time of the case included.
    if (logged.columns.some(({ name }) => name === column)) return column;
    if (column === names.label) return '$label';
    if (column === names.key) return '$id';
    if (column === names.time) return '$at';
    return column === names.arrives ? '$arrived' : column;
  };
  const columns = schema.map(({ name, type }): Column => {
    const found = logged.columns.find(column => column.name === source(name));
    if (type === 'string') {
      return {
        name,
        type,
        values: found?.type === 'string' ? found.values : new Array<null>(logged.rows).fill(null),
      };
    }
    if (found?.type === 'string' && name === names.label) {
      // Classes that are numbers or truth values in the dataset.
      const number = (value: string | null): number =>
        value === null ? Number.NaN : type === 'boolean' ? Number(value === 'true') : Number(value);
      return { name, type, values: Float64Array.from(found.values, number) };
    }
    return {
      name,
      type,
      values:
        found !== undefined && found.type !== 'string'
          ? found.values
          : new Float64Array(logged.rows).fill(Number.NaN),
    };
  });
  return { rows: logged.rows, columns };
}

/**
 * What a training may learn from at this moment: the version brought in from outside, and every logged request whose
 * label has arrived. Registered as a version of its own; the file is not read again. A run that is taken up again
 * learns from the version that it began with.
 */
export async function trainingData(
  ports: TrainingDataPorts,
  run: { actor: string; correlation: string; at: EpochMs; version?: ContentHash },
): Promise<TrainingData> {
  const { project, config, metadata, datasets, log, facts } = ports;
  const name = trainingDataset(config)!;
  const declared = config.datasets[name]!;
  const fixed =
    run.version === undefined ? undefined : await metadata.datasets.get(project, name, run.version);
  if (fixed !== undefined) return { record: fixed, table: await datasets.load(project, fixed.blob) };
  const base = await baseVersion(ports, name);
  const table = await datasets.load(project, base.blob);
  const truth = columnOf(table, declared.label!.column);
  const several = config.train.task === 'multiclass';
  // Numbered in their own order before any other can come.
  if (several && truth !== undefined) await ports.classes.add(classesOf(truth));
  const endpoint = config.endpoint?.name;
  if (endpoint === undefined) return { record: base, table };
  const label = declared.label!.column;
  const inputs = base.schema.filter(column => config.features.inputs.includes(column.name));
  const logged = await log.labelled({
    project,
    endpoint,
    metric: label,
    arrived: { until: run.at },
    schema: inputs,
  });
  if (logged.rows === 0) return { record: base, table };
  const named = several ? withClassNames(logged, ports.classes.names) : logged;
  const rows = asDataset(named, base.schema, {
    label,
    ...(declared.key === undefined ? {} : { key: declared.key }),
    ...(declared.time === undefined ? {} : { time: declared.time }),
    ...(declared.label!.arrives === undefined ? {} : { arrives: declared.label!.arrives }),
  });
  const all = concatTables([table, rows]);
  const accepted = await acceptVersion(acceptPorts(project, metadata, datasets), {
    project,
    dataset: name,
    table: all,
    rules: config.expectations[name] ?? [],
    source: `${LOGGED}${endpoint}`,
    previous: base,
    ...(declared.quarantine === undefined ? {} : { quarantine: declared.quarantine }),
    ...(declared.time === undefined ? {} : { time: declared.time }),
    at: run.at,
    actor: run.actor,
    correlation: run.correlation,
  });
  await metadata.datasets.put(accepted.record);
  await facts.append(accepted.facts);
  return { record: accepted.record, table: accepted.table };
}
