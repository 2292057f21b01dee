import {
  actorName,
  TwinloopError,
  type Clock,
  type DatasetQuery,
  type DatasetVersionRecord,
  type Principal,
  type ProjectId,
  type Table,
} from '@twinloop/kernel';
import { acceptVersion, compareSchemas, type DatasetConfig } from '@twinloop/loop/data';
import type { LoadedProject } from '../config/project-config.js';
import { acceptPorts, pastRows } from '../runtime/building/accept-ports.js';
import { isDerived } from '../runtime/building/derived.js';
import type { FactStream } from '../runtime/fact-stream.js';
import { datasetDetail, datasetView } from '../views/data-views.js';
import { readSource } from './read-source.js';
import type { Shared } from './stores.js';

export interface DatasetsParts {
  readonly shared: Shared;
  readonly loaded: LoadedProject;
  readonly clock: Clock;
  readonly facts: FactStream;
  readonly datasets: DatasetQuery;
  readonly reloadJoined: () => Promise<void>;
}

/** The dataset versions of one project: brought in from files and URLs, checked, kept by content. */
export class Datasets {
  readonly #parts: DatasetsParts;

  constructor(parts: DatasetsParts) {
    this.#parts = parts;
  }

  get #project(): ProjectId {
    return this.#parts.loaded.config.project;
  }

  async list() {
    const versions = await this.#parts.shared.metadata.datasets.list(this.#project);
    return versions.map(record => datasetView(record, this.#checked(record)));
  }

  async get(name: string, version: string) {
    const record = await this.record(name, version);
    return datasetDetail(record, this.#checked(record));
  }

  /** @throws not_found */
  async record(name: string, version: string): Promise<DatasetVersionRecord> {
    const versions = await this.#parts.shared.metadata.datasets.list(this.#project, name);
    const record = versions.find(
      one => one.version === version || (version.length >= 8 && one.version.startsWith(version)),
    );
    if (record === undefined)
      throw new TwinloopError('not_found', { values: { what: `Version ${version} of ${name}` } });
    return record;
  }

  #checked(record: DatasetVersionRecord): number {
    return this.#parts.loaded.config.expectations[record.dataset]?.length ?? 0;
  }

  /** @throws data_refused with every finding; the refused version is kept to be looked at */
  async add(name: string, source: string, principal: Principal) {
    const { record, error } = await this.#register(
      name,
      source,
      {},
      actorName(principal),
      principal.kind !== 'local',
    );
    if (error !== undefined) throw error;
    return datasetView(record, this.#checked(record));
  }

  /** The first version of every declared dataset that has none yet, from its declared source. */
  async registerDeclared(actor: string): Promise<void> {
    for (const [name, dataset] of Object.entries(this.#parts.loaded.config.datasets)) {
      const known = await this.#parts.shared.metadata.datasets.list(this.#project, name);
      if (known.some(version => version.status === 'accepted')) continue;
      const { from, until } = dataset;
      const { error } = await this.#register(
        name,
        dataset.source,
        { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) },
        actor,
      );
      if (error !== undefined) throw error;
    }
  }

  async #register(
    name: string,
    source: string,
    bounds: { from?: string; until?: string },
    actor: string,
    anywhere = false,
  ): Promise<{ record: DatasetVersionRecord; error?: TwinloopError }> {
    const dataset = this.#parts.loaded.config.datasets[name];
    if (dataset === undefined)
      throw new TwinloopError('not_found', {
        field: 'dataset',
        values: { what: `Dataset ${name}` },
        hint: `Declared: ${Object.keys(this.#parts.loaded.config.datasets).join(', ')}.`,
      });
    const table = await this.read(dataset, source, bounds, anywhere);
    return this.offer(name, table, source, actor);
  }

  /** The rows of a source, read as the dataset declares. */
  read(
    dataset: DatasetConfig,
    source: string,
    bounds: { from?: string; until?: string },
    anywhere: boolean,
  ): Promise<Table> {
    const { shared, loaded, datasets } = this.#parts;
    return readSource(
      {
        project: this.#project,
        directory: loaded.directory,
        timezone: loaded.config.timezone,
        datasets,
        ...(anywhere ? { anywhere: shared.datasets } : {}),
        blobs: shared.blobs,
        fetch: shared.fetch,
        query: shared.query,
      },
      dataset,
      source,
      bounds,
    );
  }

  /** The newest accepted version brought in from outside. */
  async newest(name: string): Promise<DatasetVersionRecord | undefined> {
    return (await this.#parts.shared.metadata.datasets.list(this.#project, name)).find(
      version => version.status === 'accepted' && !isDerived(version.source),
    );
  }

  /** Checks a table and registers it as a version, whose source is said to be `source`; the error says why it was refused. */
  async offer(
    name: string,
    table: Table,
    source: string,
    actor: string,
  ): Promise<{ record: DatasetVersionRecord; error?: TwinloopError }> {
    const { shared, datasets, clock, facts, reloadJoined, loaded } = this.#parts;
    const dataset = loaded.config.datasets[name]!;
    const previous = await this.newest(name);
    const accepted = await acceptVersion(
      acceptPorts(this.#project, shared.metadata, datasets, shared.blobs),
      {
        project: this.#project,
        dataset: name,
        table,
        rules: this.#parts.loaded.config.expectations[name] ?? [],
        source,
        at: clock.now(),
        history: await pastRows(shared.metadata, this.#project, name),
        ...(dataset.quarantine === undefined ? {} : { quarantine: dataset.quarantine }),
        actor,
        ...(previous === undefined ? {} : { previous }),
        ...(dataset.time === undefined ? {} : { time: dataset.time }),
      },
    );
    await shared.metadata.datasets.put(accepted.record);
    await facts.append(accepted.facts);
    if (accepted.record.status === 'accepted') {
      await reloadJoined();
      return { record: accepted.record };
    }
    const broken = accepted.findings.filter(finding => finding.severity === 'error');
    const [change] = compareSchemas(previous?.schema ?? [], accepted.record.schema).filter(
      ({ kind }) => kind !== 'appeared',
    );
    if (change !== undefined && broken.every(finding => finding.rule === 'schema'))
      return {
        record: accepted.record,
        error: new TwinloopError('dataset_schema_changed', {
          field: change.column,
          values: { column: change.column, before: change.before!, after: change.after ?? 'gone' },
          details: broken.map(({ column, message }) => ({
            message,
            ...(column === undefined ? {} : { field: column }),
          })),
        }),
      };
    return {
      record: accepted.record,
      error: new TwinloopError('data_refused', {
        values: { dataset: name, version: accepted.record.version.slice(0, 12), count: broken.length },
        ...(broken[0]?.column === undefined ? {} : { field: broken[0].column }),
        details: broken.map(({ rule, column, message, count }) => ({
          message: `${rule}: ${message} (${count} rows)`,
          ...(column === undefined ? {} : { field: column }),
        })),
      }),
    };
  }
}
