import {
  classesOf,
  columnOf,
  concatTables,
  TwinloopError,
  type BlobStore,
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
  type Verdict,
} from '@twinloop/kernel';
import { acceptVersion } from '@twinloop/loop/data';
import { trainingDataset } from '../../config/check-project.js';
import type { ProjectConfig } from '../../config/project-config.js';
import type { FactStream } from '../fact-stream.js';
import { acceptPorts } from './accept-ports.js';
import type { FeatureSources } from '../../features/feature-sources.js';
import {
  fillUndeclared,
  loggedSchema,
  lookUpVersion,
  type OfflineFeatures,
} from '../../features/offline-features.js';
import { judgeSkew } from '../../features/skew.js';
import { looksUp } from '../../config/lookups.js';
import type { ClassBook } from '../serving/class-book.js';
import { profileStore } from './profile-store.js';
import { completedFrom, isDerived, LOGGED } from './derived.js';

export interface TrainingDataPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly metadata: MetadataStore;
  readonly datasets: DatasetQuery;
  readonly blobs: BlobStore;
  readonly log: PredictionLog;
  readonly facts: FactStream;
  readonly classes: ClassBook;
  readonly sources: FeatureSources;
  /** Rows that were pushed to a source become a version of it. */
  readonly settle: (run: { readonly actor: string; readonly correlation: string }) => Promise<void>;
}

export interface TrainingData {
  readonly record: DatasetVersionRecord;
  readonly table: Table;
  /** What was looked up for its rows, and where. */
  readonly features?: Pick<OfflineFeatures, 'sources' | 'lookedUp'>;
  /** Whether the past gives what requests were told; absent without lookups or logged requests. */
  readonly skew?: () => Promise<Verdict>;
}

/** The newest accepted version that was brought in from outside. */
async function baseVersion(ports: TrainingDataPorts, dataset: string): Promise<DatasetVersionRecord> {
  const versions = await ports.metadata.datasets.list(ports.project, dataset);
  const base = versions.find(version => version.status === 'accepted' && !isDerived(version.source));
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
  const { project, config, metadata, datasets, log, facts, sources } = ports;
  const name = trainingDataset(config)!;
  const declared = config.datasets[name]!;
  const fixed =
    run.version === undefined ? undefined : await metadata.datasets.get(project, name, run.version);
  const looks = looksUp(config.lookups);
  // A run without lookups that goes on has all that it needs.
  if (fixed !== undefined && !looks)
    return { record: fixed, table: await datasets.load(project, fixed.blob) };
  if (looks && fixed === undefined) await ports.settle(run);
  const base = await baseVersion(ports, name);
  const raw = await datasets.load(project, base.blob);
  const offline = looks ? await lookUpVersion(config, sources, raw) : undefined;
  const { table, schema } = offline ?? { table: raw, schema: base.schema };
  const truth = columnOf(table, declared.label!.column);
  const several = config.train.task === 'multiclass';
  // Numbered in their own order before any other can come.
  if (several && truth !== undefined) await ports.classes.add(classesOf(truth));
  const endpoint = config.endpoint?.name;
  const label = declared.label!.column;
  const logged =
    endpoint === undefined
      ? undefined
      : await log.labelled({
          project,
          endpoint,
          metric: label,
          arrived: { until: run.at },
          schema: [
            ...base.schema.filter(column => config.lookups.inputs.includes(column.name)),
            ...loggedSchema(config.lookups, schema),
          ],
        });
  const looked = offline === undefined ? {} : { features: offline };
  if (logged === undefined || logged.rows === 0) {
    if (offline === undefined) return { record: base, table };
    if (fixed !== undefined)
      return { record: fixed, table: await datasets.load(project, fixed.blob), ...looked };
    return { ...(await accept(completedFrom(offline.sources, undefined), table)), ...looked };
  }
  const classed = several ? withClassNames(logged, ports.classes.names) : logged;
  // A request was told what was known when it came, whatever time it speaks of.
  const filled = looks ? await fillUndeclared(config, sources, classed, '$at') : classed;
  const rows = asDataset(filled, schema, {
    label,
    ...(declared.key === undefined ? {} : { key: declared.key }),
    ...(declared.time === undefined ? {} : { time: declared.time }),
    ...(declared.label!.arrives === undefined ? {} : { arrives: declared.label!.arrives }),
  });
  if (offline === undefined) {
    return accept(`${LOGGED}${endpoint!}`, concatTables([table, rows]));
  }
  const skew = (): Promise<Verdict> => judgeSkew(config, sources, filled, '$at');
  if (fixed !== undefined)
    return { record: fixed, table: await datasets.load(project, fixed.blob), ...looked, skew };
  const all = concatTables([table, rows]);
  return { ...(await accept(completedFrom(offline.sources, endpoint), all)), ...looked, skew };

  async function accept(source: string, whole: Table): Promise<TrainingData> {
    const known =
      offline === undefined ? await profileStore(project, ports.blobs).sketch(base.profile) : undefined;
    const accepted = await acceptVersion(acceptPorts(project, metadata, datasets, ports.blobs), {
      project,
      dataset: name,
      table: whole,
      rules: config.expectations[name] ?? [],
      source,
      // Looked-up columns are expected: they are no news.
      previous: { version: base.version, schema },
      ...(declared.quarantine === undefined ? {} : { quarantine: declared.quarantine }),
      // The first rows are those of the base, which were profiled when they came.
      ...(known === undefined ? {} : { known }),
      ...(declared.time === undefined ? {} : { time: declared.time }),
      at: run.at,
      actor: run.actor,
      correlation: run.correlation,
    });
    await metadata.datasets.put(accepted.record);
    await facts.append(accepted.facts);
    return { record: accepted.record, table: accepted.table };
  }
}
