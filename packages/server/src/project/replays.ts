import type { BaselineSeries, ReplaySpeed, ReplayStatus } from '@twinloop/client';
import {
  columnOf,
  concatTables,
  fact,
  numbers,
  strings,
  TwinloopError,
  type DatasetQuery,
  type Interval,
  type Json,
  type Table,
  type VirtualClock,
  type WorkCounter,
} from '@twinloop/kernel';
import type { LoadedProject } from '../config/project-config.js';
import { trainingDataset } from '../config/check-project.js';
import { labelOf } from '../runtime/monitoring/watch.js';
import { computeBaselines, liveSeries } from '../replay/baselines.js';
import { httpTarget } from '../replay/http-target.js';
import { Player, type ReplayCursor } from '../replay/player.js';
import { inTimeOrder, Timeline } from '../replay/timeline.js';
import type { Builds } from '../runtime/building/builds.js';
import type { FactStream } from '../runtime/fact-stream.js';
import { readSource } from './read-source.js';
import type { Shared } from './stores.js';

export interface ReplayPorts {
  readonly loaded: LoadedProject;
  readonly shared: Shared;
  readonly clock: VirtualClock;
  readonly outstanding: WorkCounter;
  readonly facts: FactStream;
  readonly builds: Builds;
  readonly datasets: DatasetQuery;
}

export interface StartReplay {
  readonly dataset: string;
  readonly source?: string;
  readonly from?: string;
  readonly until?: string;
  readonly speed: ReplaySpeed;
  readonly baselines?: boolean;
}

const CURSOR = 'replay';
const BASELINES = 'baselines';

/** Replays of one project: at most one plays; where it stands survives a restart. */
export class Replays {
  readonly #ports: ReplayPorts;
  #player: Player | undefined;
  #playing: Promise<void> | undefined;
  #last: ReplayStatus | null = null;

  constructor(ports: ReplayPorts) {
    this.#ports = ports;
  }

  status(): ReplayStatus | null {
    return this.#player?.status() ?? this.#last;
  }

  get playing(): boolean {
    return this.#player !== undefined && this.#player.status().state !== 'finished';
  }

  linger(): void {
    this.#player?.linger();
  }

  async start(input: StartReplay, actor: string): Promise<ReplayStatus> {
    if (this.playing) throw new TwinloopError('replay_running');
    const { loaded, shared, clock, facts } = this.#ports;
    const { config } = loaded;
    const dataset = config.datasets[input.dataset];
    if (dataset === undefined)
      throw new TwinloopError('not_found', {
        field: 'dataset',
        values: { what: `Dataset ${input.dataset}` },
      });
    const bounds = {
      ...(input.from === undefined && dataset.until === undefined
        ? {}
        : { from: input.from ?? dataset.until! }),
      ...(input.until === undefined ? {} : { until: input.until }),
    };
    const table = await this.#rows(
      input.dataset,
      input.source ?? null,
      input.source === undefined ? bounds : input,
    );
    const interval = spanOf(table, dataset.time!, clock.now());
    const cursor: ReplayCursor = {
      dataset: input.dataset,
      source: input.source ?? null,
      interval,
      sent: 0,
      delivered: 0,
      failures: 0,
      now: clock.now(),
      finished: false,
      baselines: input.baselines ?? false,
    };
    await shared.metadata.cursors.put(config.project, CURSOR, cursor as unknown as Json);
    await facts.append([
      fact(
        'ReplayStarted',
        { dataset: input.dataset, ...interval, requests: table.rows },
        { at: clock.now(), actor },
      ),
    ]);
    this.#play(table, cursor, input.speed);
    return this.status()!;
  }

  /** Takes up a replay that the last process left unfinished, or remembers how the last one ended. */
  async resume(): Promise<void> {
    const { shared, loaded } = this.#ports;
    const cursor = (await shared.metadata.cursors.get(loaded.config.project, CURSOR)) as unknown as
      | ReplayCursor
      | undefined;
    if (cursor === undefined) return;
    if (cursor.finished) {
      const { dataset, interval, sent, delivered, failures, now } = cursor;
      this.#last = {
        dataset,
        state: 'finished',
        from: interval.from,
        until: interval.until,
        now,
        speed: 1,
        slowAtDecisions: false,
        sent,
        total: sent,
        failures,
        outcomes: delivered,
        waitingFor: null,
      };
      return;
    }
    const table = await this.#rows(cursor.dataset, cursor.source, {
      from: new Date(cursor.interval.from).toISOString(),
    });
    this.#play(table, cursor, 1);
  }

  control(input: {
    state?: 'playing' | 'paused';
    speed?: ReplaySpeed;
    slowAtDecisions?: boolean;
  }): ReplayStatus {
    if (this.#player === undefined) {
      if (this.#last !== null) return this.#last;
      throw new TwinloopError('not_found', {
        values: { what: 'A replay' },
        hint: 'Start one with `twinloop replay DATASET`.',
      });
    }
    this.#player.control(input);
    return this.#player.status();
  }

  async baselines(): Promise<readonly BaselineSeries[]> {
    const { shared, loaded } = this.#ports;
    return ((await shared.metadata.cursors.get(loaded.config.project, BASELINES)) ??
      []) as unknown as readonly BaselineSeries[];
  }

  async stop(): Promise<void> {
    this.#player?.stop();
    await this.#playing;
  }

  async #rows(
    name: string,
    source: string | null,
    bounds: { from?: string; until?: string },
  ): Promise<Table> {
    const { loaded, shared, datasets } = this.#ports;
    const { config, directory } = loaded;
    const dataset = config.datasets[name]!;
    const ports = {
      project: config.project,
      directory,
      timezone: config.timezone,
      datasets,
      blobs: shared.blobs,
      fetch: shared.fetch,
    };
    return inTimeOrder(await readSource(ports, dataset, source ?? dataset.source, bounds), dataset.time!);
  }

  #play(table: Table, cursor: ReplayCursor, speed: ReplaySpeed): void {
    const { loaded, shared, clock, outstanding, facts, builds } = this.#ports;
    const { config } = loaded;
    const dataset = config.datasets[cursor.dataset]!;
    const ids =
      dataset.key === undefined
        ? Array.from({ length: table.rows }, (_, i) => `${cursor.dataset}-${i}`)
        : keysOf(table, dataset.key);
    const timeline = new Timeline({
      table,
      ids,
      inputs: config.features.inputs,
      time: dataset.time!,
      label: dataset.label!.column,
      arrives: dataset.label!.arrives,
    });
    const { baseUrl, token } = shared.self();
    const target = httpTarget({
      baseUrl,
      project: config.project,
      endpoint: config.endpoint!.name,
      headers: { 'x-twinloop-token': token },
    });
    const baselines = cursor.baselines ? this.#computeBaselines(table, cursor) : Promise.resolve();
    const player = new Player(
      {
        clock,
        outstanding,
        target,
        wallNow: shared.wallNow,
        sleep: shared.sleep,
        waitingFor: () => builds.waitingFor,
        save: saved => shared.metadata.cursors.put(config.project, CURSOR, saved as unknown as Json),
        finished: async done => {
          await baselines;
          if (done.baselines) await this.#addLiveSeries();
          await facts.append([
            fact(
              'ReplayFinished',
              { requests: done.sent, outcomes: done.delivered },
              { at: clock.now(), actor: 'replay' },
            ),
          ]);
        },
      },
      timeline,
      cursor,
      speed,
    );
    this.#player = player;
    this.#playing = player
      .play()
      .catch((error: unknown) => shared.logger.error('replay failed', { project: config.project, error }));
  }

  async #addLiveSeries(): Promise<void> {
    const { shared, loaded } = this.#ports;
    const { config } = loaded;
    const rows = await shared.log.scored({
      project: config.project,
      endpoint: config.endpoint!.name,
      metric: labelOf(config),
    });
    const series = [
      liveSeries(rows, config.timezone),
      ...(await this.baselines()).filter(one => one.name !== 'loop'),
    ];
    await shared.metadata.cursors.put(config.project, BASELINES, series as unknown as Json);
  }

  async #computeBaselines(table: Table, cursor: ReplayCursor): Promise<void> {
    const { loaded, shared, datasets } = this.#ports;
    const { config } = loaded;
    const name = trainingDataset(config)!;
    const dataset = config.datasets[name]!;
    try {
      const versions = await shared.metadata.datasets.list(config.project, name);
      const first = versions.filter(version => version.status === 'accepted').at(-1);
      if (first === undefined) return;
      const whole = concatTables([await datasets.load(config.project, first.blob), table]);
      const series = await computeBaselines(
        {
          table: whole,
          time: dataset.time!,
          label: dataset.label!.column,
          arrives: dataset.label!.arrives,
          features: config.features,
          parameters: config.train.parameters,
          seed: config.train.seed,
          from: cursor.interval.from,
          timezone: config.timezone,
        },
        shared.sideTrainers,
      );
      await shared.metadata.cursors.put(config.project, BASELINES, series as unknown as Json);
    } catch (error) {
      shared.logger.error('baselines failed', { project: config.project, error });
    }
  }
}

function keysOf(table: Table, key: string): readonly string[] {
  const column = columnOf(table, key);
  if (column?.type === 'string') return strings(table, key).map((value, i) => value ?? `row-${i}`);
  return Array.from(numbers(table, key), (value, i) => (Number.isNaN(value) ? `row-${i}` : String(value)));
}

/** From the first row (never before the clock) to just after the last. */
function spanOf(table: Table, time: string, now: number): Interval {
  const at = numbers(table, time);
  return { from: Math.max(now, at[0] ?? now), until: (at.at(-1) ?? now) + 1 };
}
