import type { BaselineSeries, ReplaySpeed, ReplayStatus } from '@twinloop/client';
import {
  columnOf,
  concatTables,
  fact,
  numbers,
  rowAt,
  strings,
  TwinloopError,
  type DatasetQuery,
  type Interval,
  type Json,
  type ProjectId,
  type Table,
  type VirtualClock,
  type WorkCounter,
} from '@twinloop/kernel';
import { knownAt, lookupDatasets } from '@twinloop/model';
import type { LoadedProject } from '../config/project-config.js';
import { trainingDataset } from '../config/check-project.js';
import { looksUp } from '../config/lookups.js';
import { withLookups } from '../features/offline-features.js';
import { labelOf } from '../runtime/monitoring/labels.js';
import { watchedLoss } from '../config/by-task.js';
import { computeBaselines, liveSeries } from '../replay/baselines.js';
import { httpTarget } from '../replay/http-target.js';
import { encoreOf, ROUNDS } from '../replay/encore.js';
import { Player, type ReplayCursor, type Traffic } from '../replay/player.js';
import { inTimeOrder, Timeline, type JoinedRow, type LabelDelay } from '../replay/timeline.js';
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
  /** Counts anew what is logged: rows that were sent again after a restart are one row. */
  readonly recount: () => Promise<void>;
  /** Where the last replay stood when the last process ended. */
  readonly stored: ReplayCursor | undefined;
  readonly delays: () => readonly LabelDelay[];
  /** Whether somebody needs traffic after a replay's end. */
  readonly wanted: () => boolean;
}

export interface StartReplay {
  readonly dataset: string;
  readonly source?: string;
  readonly from?: string;
  readonly until?: string;
  readonly speed: ReplaySpeed;
  readonly baselines?: boolean;
  /** The caller may name a file anywhere on this machine. */
  readonly anywhere: boolean;
}

const CURSOR = 'replay';
const BASELINES = 'baselines';

/** Where the last replay of a project stands, if it ever had one. */
export async function storedReplay(
  metadata: Shared['metadata'],
  project: ProjectId,
): Promise<ReplayCursor | undefined> {
  return (await metadata.cursors.get(project, CURSOR)) as unknown as ReplayCursor | undefined;
}

/** Replays of one project: at most one plays; where it stands survives a restart. */
export class Replays {
  readonly #ports: ReplayPorts;
  #player: Player | undefined;
  #playing: Promise<void> | undefined;
  #last: ReplayStatus | null = null;
  /** An unfinished replay that is about to be taken up. */
  #unfinished: ReplayCursor | undefined;
  /** Where the last replay stood when it was begun, taken up or ended. */
  #cursor: ReplayCursor | undefined;
  #encore: Promise<void> | undefined;
  #stopped = false;

  constructor(ports: ReplayPorts) {
    this.#ports = ports;
    const { stored } = ports;
    if (stored === undefined) return;
    this.#cursor = stored;
    if (stored.finished) this.#last = statusOf(stored, 'finished');
    else this.#unfinished = stored;
  }

  status(): ReplayStatus | null {
    return this.#player?.status() ?? this.#last;
  }

  get playing(): boolean {
    if (this.#unfinished !== undefined) return true;
    return this.#player !== undefined && this.#player.status().state !== 'finished';
  }

  /** What the client did since the project's first replay; rows that were sent again after a restart count once. */
  traffic(): Traffic {
    const cursor = this.#player?.cursor ?? this.#cursor;
    const before = cursor?.before ?? NO_TRAFFIC;
    return {
      requests: before.requests + (cursor?.sent ?? 0),
      failures: before.failures + (cursor?.failures ?? 0),
      labels: before.labels + (cursor?.delivered ?? 0),
    };
  }

  /**
   * Sees to it that requests come in: goes on with a replay that is paused, and gives an encore of one that has ended.
   * @throws not_found when nothing was ever replayed
   */
  async keepGoing({ resume }: { readonly resume: boolean } = { resume: false }): Promise<void> {
    if (this.playing) {
      if (resume && this.status()?.state === 'paused') this.#player?.control({ state: 'playing' });
      return;
    }
    this.#encore ??= this.#startEncore().finally(() => (this.#encore = undefined));
    await this.#encore;
  }

  async #startEncore(): Promise<void> {
    const last = this.#player?.cursor ?? this.#cursor;
    if (last === undefined) throw new TwinloopError('not_found', { values: { what: 'A replay' } });
    const from = this.#ports.clock.now();
    const first = last.encore === undefined ? 2 : last.encore.first + ROUNDS;
    const asked: ReplayCursor = {
      ...last,
      ...STARTED,
      before: this.traffic(),
      encore: { first, from },
      speed: 1,
      now: from,
    };
    const { table, ids } = await this.#played(asked, true);
    const interval = spanOf(table, this.#ports.loaded.config.datasets[last.dataset]!.time!, from);
    await this.#begin(table, ids, { ...asked, interval, total: table.rows });
  }

  linger(): void {
    this.#player?.linger();
  }

  async start(input: StartReplay, actor: string): Promise<ReplayStatus> {
    const { loaded, clock, outstanding } = this.#ports;
    // A run that is just being delivered has its say first, however slow the machine.
    await outstanding.idle();
    if (this.playing) throw new TwinloopError('replay_running');
    const { config } = loaded;
    const dataset = config.datasets[input.dataset];
    if (dataset === undefined)
      throw new TwinloopError('not_found', {
        field: 'dataset',
        values: { what: `Dataset ${input.dataset}` },
      });
    // The dataset's own file goes on where its first version ended; another file is played whole.
    const from = input.from ?? (input.source === undefined ? dataset.until : undefined);
    const bounds = {
      ...(from === undefined ? {} : { from }),
      ...(input.until === undefined ? {} : { until: input.until }),
    };
    const asked = { dataset: input.dataset, source: input.source ?? null, bounds };
    const { table, ids } = await this.#played(asked, input.anywhere);
    const interval = spanOf(table, dataset.time!, clock.now());
    const cursor: ReplayCursor = {
      ...asked,
      ...STARTED,
      interval,
      actor,
      total: table.rows,
      now: clock.now(),
      baselines: input.baselines ?? false,
      speed: input.speed,
      before: this.traffic(),
    };
    await this.#begin(table, ids, cursor);
    return this.status()!;
  }

  /** Says that it started, once however often it is taken up, and plays. */
  async #begin(table: Table, ids: readonly string[], cursor: ReplayCursor): Promise<void> {
    const { dataset, interval, actor, encore } = cursor;
    const { shared, loaded } = this.#ports;
    await shared.metadata.cursors.put(loaded.config.project, CURSOR, cursor as unknown as Json);
    this.#cursor = cursor;
    await this.#ports.facts.append([
      fact(
        'ReplayStarted',
        { dataset, ...interval, requests: table.rows, ...(encore === undefined ? {} : { encore: true }) },
        { at: this.#ports.clock.now(), actor, idempotencyKey: keyOf(cursor, 'started') },
      ),
    ]);
    this.#play(table, ids, cursor, await this.#joined(cursor));
  }

  /** Takes up a replay that the last process left unfinished. */
  async resume(): Promise<void> {
    const cursor = this.#unfinished;
    if (cursor === undefined) return;
    const { shared, loaded } = this.#ports;
    try {
      const { table, ids } = await this.#played(cursor, true);
      await this.#begin(table, ids, cursor);
    } catch (error) {
      // Its file may be gone. The project serves all the same, and another replay may be started.
      this.#last = statusOf(cursor, 'paused');
      shared.logger.error('the replay cannot be taken up', { project: loaded.config.project, error });
    } finally {
      this.#unfinished = undefined;
    }
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
    this.#stopped = true;
    await this.#encore?.catch(() => undefined);
    this.#player?.stop();
    await this.#playing;
  }

  /** The rows that a replay plays, with their ids: the same after a restart. */
  async #played(
    { dataset: name, source, bounds, encore }: Pick<ReplayCursor, 'dataset' | 'source' | 'bounds' | 'encore'>,
    anywhere: boolean,
  ): Promise<{ table: Table; ids: readonly string[] }> {
    const dataset = this.#ports.loaded.config.datasets[name]!;
    const table = inTimeOrder(await this.#read(name, source, bounds, anywhere), dataset.time!);
    const ids =
      dataset.key === undefined
        ? Array.from({ length: table.rows }, (_, i) => `${name}-${i}`)
        : keysOf(table, dataset.key);
    return encore === undefined ? { table, ids } : encoreOf({ table, ids, time: dataset.time! }, encore);
  }

  #read(
    name: string,
    source: string | null,
    bounds: ReplayCursor['bounds'],
    anywhere: boolean,
  ): Promise<Table> {
    const { loaded, shared, datasets } = this.#ports;
    const { config, directory } = loaded;
    const dataset = config.datasets[name]!;
    const ports = {
      project: config.project,
      directory,
      timezone: config.timezone,
      datasets,
      ...(anywhere ? { anywhere: shared.datasets } : {}),
      blobs: shared.blobs,
      fetch: shared.fetch,
      query: shared.query,
    };
    return readSource(ports, dataset, source ?? dataset.source, bounds);
  }

  /** What joined sources still have after their first version: it becomes known while the replay goes on. */
  async #joined(cursor: ReplayCursor): Promise<readonly JoinedRow[]> {
    const { config } = this.#ports.loaded;
    // An encore plays requests again; its sources have ended.
    if (cursor.encore !== undefined) return [];
    const found: JoinedRow[] = [];
    for (const name of lookupDatasets(config.lookups)) {
      const dataset = config.datasets[name]!;
      if (name === cursor.dataset || dataset.until === undefined) continue;
      const table = await this.#read(name, null, { from: dataset.until }, false);
      const specs = [...config.lookups.joins, ...config.lookups.aggregates].filter(
        one => one.dataset === name,
      );
      for (let i = 0; i < table.rows; i++) {
        const row = rowAt(table, i);
        const known = Math.min(...specs.map(({ available, at }) => knownAt(available, row, Number(row[at]))));
        if (known < cursor.interval.until) found.push({ dataset: name, known, row });
      }
    }
    return found.sort((a, b) => a.known - b.known);
  }

  #play(table: Table, ids: readonly string[], cursor: ReplayCursor, joined: readonly JoinedRow[]): void {
    const { loaded, shared, clock, outstanding, facts, builds } = this.#ports;
    const { config } = loaded;
    const dataset = config.datasets[cursor.dataset]!;
    const timeline = new Timeline({
      table,
      ids,
      inputs: config.lookups.inputs,
      time: dataset.time!,
      label: dataset.label!.column,
      arrives: dataset.label!.arrives,
      joined,
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
        delays: this.#ports.delays,
        enough: () => !this.#ports.wanted(),
        save: saved => shared.metadata.cursors.put(config.project, CURSOR, saved as unknown as Json),
        finished: async done => {
          await baselines;
          if (done.baselines) await this.#addLiveSeries();
          await this.#ports.recount();
          await facts.append([
            fact(
              'ReplayFinished',
              { requests: done.sent, outcomes: done.delivered },
              { at: clock.now(), actor: 'replay', idempotencyKey: keyOf(done, 'finished') },
            ),
          ]);
        },
      },
      timeline,
      cursor,
    );
    this.#player = player;
    this.#playing = player
      .play()
      // Who needs traffic gets it without having to ask again.
      .then(() => (this.#stopped || !this.#ports.wanted() ? undefined : this.keepGoing()))
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
      liveSeries(watchedLoss(config), rows, config.timezone),
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
      const sources: Record<string, Table> = {};
      for (const one of lookupDatasets(config.lookups))
        if (one !== name) sources[one] = await this.#read(one, null, {}, false);
      const past = concatTables([await datasets.load(config.project, first.blob), table]);
      const whole = looksUp(config.lookups) ? withLookups(config, past, sources) : past;
      const series = await computeBaselines(
        {
          project: config.project,
          task: config.train.task,
          loss: watchedLoss(config),
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

const NO_TRAFFIC: Traffic = { requests: 0, failures: 0, labels: 0 };

/** A cursor before its first request. */
const STARTED = {
  sent: 0,
  delivered: 0,
  failures: 0,
  due: false,
  finished: false,
  baselines: false,
  paused: false,
} as const;

/** Virtual time never goes back, so an interval of a dataset is played once. */
function keyOf({ dataset, interval }: ReplayCursor, event: string): string {
  return `replay/${dataset}/${interval.from}-${interval.until}/${event}`;
}

function statusOf(cursor: ReplayCursor, state: ReplayStatus['state']): ReplayStatus {
  const { dataset, interval, sent, delivered, failures, now, speed, total } = cursor;
  return {
    dataset,
    state,
    from: interval.from,
    until: interval.until,
    now,
    speed,
    slowAtDecisions: false,
    sent,
    total,
    failures,
    outcomes: delivered,
    waitingFor: null,
    encore: cursor.encore !== undefined,
  };
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
