import type { FeaturesView, FeatureValuesView } from '@twinloop/client';
import {
  concatTables,
  formatCount,
  tableFromRows,
  TwinloopError,
  type Clock,
  type DatasetQuery,
  type Row,
} from '@twinloop/kernel';
import { acceptVersion } from '@twinloop/loop/data';
import { lookupDatasets, type AggregateSpec, type JoinSpec } from '@twinloop/model';
import type { ProjectConfig } from '../config/project-config.js';
import { ingest, type RowBody } from '../ingest/ingest.js';
import { acceptPorts, pastRows } from '../runtime/building/accept-ports.js';
import type { FactStream } from '../runtime/fact-stream.js';
import type { Shared } from '../project/stores.js';
import type { FeatureSources } from './feature-sources.js';
import type { FeaturesService } from './feature-service.js';
import { availableInWords, inWords } from './feature-words.js';
import type { OnlineFeatures } from './online-features.js';
import { sourceRow } from './pushed-rows.js';

export interface FeatureDeskPorts {
  readonly config: ProjectConfig;
  readonly shared: Pick<Shared, 'metadata' | 'datasets' | 'blobs'>;
  readonly clock: Clock;
  readonly facts: FactStream;
  readonly datasets: DatasetQuery;
  readonly sources: FeatureSources;
  readonly online: OnlineFeatures;
}

/** Looked-up features of one project: what they hold, what they would say, and rows of their sources as they come. */
export class FeatureDesk implements FeaturesService {
  readonly #ports: FeatureDeskPorts;

  constructor(ports: FeatureDeskPorts) {
    this.#ports = ports;
  }

  get #specs(): readonly (JoinSpec | AggregateSpec)[] {
    const { joins, aggregates } = this.#ports.config.lookups;
    return [...joins, ...aggregates];
  }

  figures() {
    return this.#ports.online.figures();
  }

  async view(): Promise<FeaturesView> {
    const { config, clock, sources, online } = this.#ports;
    const now = clock.now();
    const figures = online.figures();
    const specs = this.#specs;
    return {
      inputs: config.lookups.inputs,
      features: figures.map(({ newest, ...figure }, i) => {
        const spec = specs[i]!;
        const known = Number.isNaN(newest) ? null : newest;
        const fresh = spec.fresh ?? null;
        return {
          ...figure,
          kind: 'columns' in spec ? 'join' : 'aggregate',
          text: inWords(spec),
          available: availableInWords(spec),
          newest: known,
          age: known === null ? null : now - known,
          fresh,
          isStale: fresh !== null && (known === null || now - known > fresh),
        };
      }),
      sources: await Promise.all(
        lookupDatasets(config.lookups).map(async dataset => ({
          dataset,
          version: (await sources.newest(dataset))?.version ?? null,
          pushed: sources.pushed(dataset)?.count ?? 0,
          own: dataset === sources.own,
        })),
      ),
      rebuildMs: online.rebuildMs,
      now,
    };
  }

  async values(given: Readonly<Record<string, string>>): Promise<FeatureValuesView> {
    const { sources, online, clock } = this.#ports;
    const keys = new Map<string, 'number' | 'string'>();
    for (const { dataset, by } of this.#specs) {
      const schema = (await sources.newest(dataset))?.schema ?? [];
      for (const [ours, theirs] of Object.entries(by))
        keys.set(ours, schema.find(({ name }) => name === theirs)?.type === 'string' ? 'string' : 'number');
    }
    const entity: Record<string, string | number> = {};
    for (const [name, text] of Object.entries(given)) {
      const type = keys.get(name);
      if (type === undefined || (type === 'number' && !Number.isFinite(Number(text))))
        throw new TwinloopError('invalid_request', {
          field: name,
          values: {
            reason: type === undefined ? `"${name}" is no key of a lookup` : `"${text}" is not a number`,
          },
          hint: `Keys: ${[...keys.keys()].join(', ') || 'none; the project looks nothing up'}.`,
        });
      entity[name] = type === 'number' ? Number(text) : text;
    }
    return { entity, at: clock.now(), values: online.current(entity) };
  }

  async push(dataset: string, body: RowBody): Promise<{ readonly accepted: number }> {
    const { config, shared, sources, online } = this.#ports;
    const pushed = sources.pushed(dataset);
    if (pushed === undefined)
      throw new TwinloopError('not_found', {
        field: 'dataset',
        values: { what: `A source ${dataset} of looked-up features` },
        hint:
          dataset === sources.own
            ? 'Its rows are the endpoint’s own requests and outcomes.'
            : 'Sources are the datasets of `features.joins` and `features.aggregates`.',
      });
    const version = await sources.newest(dataset);
    if (version === undefined)
      throw new TwinloopError('not_found', {
        field: 'dataset',
        values: { what: `A version of ${dataset}` },
        hint: 'Its first rows come as a version, which says what its columns are: `twinloop data add`.',
      });
    const { accepted } = await ingest(
      body,
      shared.datasets,
      row => sourceRow(row, version.schema, this.#needed(dataset), config.timezone),
      async (tally, batch) => {
        const rows = batch.map(({ value }) => value);
        await online.alone(async () => {
          online.came(dataset, await pushed.add(rows));
        });
        tally.accepted += rows.length;
      },
    );
    return { accepted };
  }

  /** Without these a row could never count. */
  #needed(dataset: string): readonly string[] {
    return this.#specs
      .filter(spec => spec.dataset === dataset)
      .flatMap(({ by, at, available }) => [
        ...Object.values(by),
        at,
        ...(available.column === undefined ? [] : [available.column]),
      ]);
  }

  /** Makes a version of every source out of its newest one and the rows that came since. Rows that its expectations refuse wait on. */
  async settle({
    actor,
    correlation,
  }: {
    readonly actor: string;
    readonly correlation: string;
  }): Promise<void> {
    const { config, sources, shared, datasets, clock, facts } = this.#ports;
    const { project } = config;
    for (const dataset of lookupDatasets(config.lookups)) {
      const previous = await sources.newest(dataset);
      if (previous === undefined) continue;
      await sources.pushed(dataset)?.settle(async (rows: readonly Row[], note) => {
        const before = await datasets.load(project, previous.blob);
        const { time, quarantine } = config.datasets[dataset]!;
        const ports = acceptPorts(project, shared.metadata, datasets, shared.blobs);
        const known = await ports.sketch(previous.profile);
        const accepted = await acceptVersion(
          {
            ...ports,
            store: async whole => {
              const stored = await ports.store(whole);
              await note(stored.version);
              return stored;
            },
          },
          {
            project,
            dataset,
            table: concatTables([before, tableFromRows(previous.schema, rows)]),
            rules: config.expectations[dataset] ?? [],
            source: `${formatCount(rows.length)} rows that were posted`,
            previous,
            history: await pastRows(shared.metadata, project, dataset),
            ...(quarantine === undefined ? {} : { quarantine }),
            ...(known === undefined ? {} : { known }),
            ...(time === undefined ? {} : { time }),
            at: clock.now(),
            actor,
            correlation,
          },
        );
        await shared.metadata.datasets.put(accepted.record);
        await facts.append(accepted.facts);
        return accepted.record.status === 'accepted';
      });
    }
  }
}
