import { dirname, relative, resolve } from 'node:path';
import type { BatchInput, BatchView } from '@twinloop/client';
import {
  actorName,
  fact,
  toTwinloopError,
  TwinloopError,
  type Clock,
  type DatasetQuery,
  type Principal,
  type WorkCounter,
} from '@twinloop/kernel';
import type { BatchConfig } from '@twinloop/loop/data';
import { servedElsewhere } from '../config/check-project.js';
import { formatOf } from '../project/read-source.js';
import type { LoadedProject } from '../config/project-config.js';
import type { Shared } from '../project/stores.js';
import type { DeliveryController } from '../runtime/delivery/delivery-controller.js';
import type { FactStream } from '../runtime/fact-stream.js';
import type { ModelShelf } from '../runtime/serving/model-shelf.js';
import type { Serving } from '../runtime/serving/serving.js';
import { sha256 } from '../runtime/digest.js';
import { nextCron, repeat } from '../runtime/schedule.js';
import { localDay } from '../runtime/zoned-time.js';
import { scoreRows } from './row-scorer.js';
import { fileHash, scoreFile } from './score-file.js';

/** Batches that are remembered for people; the ledger has them all. */
const KEPT = 50;

export interface BatchesParts {
  readonly shared: Pick<Shared, 'ledger' | 'log' | 'datasets' | 'monotonic'>;
  readonly loaded: LoadedProject;
  readonly clock: Clock;
  readonly outstanding: WorkCounter;
  readonly facts: FactStream;
  readonly shelf: ModelShelf;
  readonly serving: Serving;
  readonly delivery: Pick<DeliveryController, 'answered'>;
  /** Reads and writes in the project's directory. */
  readonly datasets: DatasetQuery;
  /** Hears how many rows were logged. */
  readonly logged: (rows: number) => void;
  readonly onError: (error: unknown) => void;
}

interface Order {
  readonly batch: string;
  readonly input: string;
  readonly output: string;
  readonly key: string | undefined;
  readonly unit: string | undefined;
  readonly actor: string;
  /** May name files anywhere on this machine. */
  readonly anywhere: boolean;
}

/** Files that are answered beside live traffic, one after the other, by hand or by the calendar. */
export class Batches {
  readonly #parts: BatchesParts;
  readonly #views = new Map<string, BatchView>();
  readonly #stops: (() => void)[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(parts: BatchesParts) {
    this.#parts = parts;
  }

  /** Starts the calendar. */
  start(): void {
    const { loaded, clock, onError } = this.#parts;
    for (const batch of loaded.config.batch) {
      this.#stops.push(
        repeat(
          clock,
          after => nextCron(after, batch.schedule, loaded.config.timezone),
          () => this.#scheduled(batch),
          onError,
        ),
      );
    }
  }

  /** Ends what runs; a batch that is cut off leaves no output, and may be asked for again. */
  async stop(): Promise<void> {
    this.#closing = true;
    for (const stop of this.#stops.splice(0)) stop();
    await this.#turn;
  }

  /** Newest first. */
  list(): readonly BatchView[] {
    return [...this.#views.values()].reverse();
  }

  /** Starts a batch and returns its name. The same rows for the same models are the same batch. @throws served_elsewhere · endpoint_not_ready · dataset_file_missing · invalid_request */
  async ask(input: BatchInput, principal: Principal): Promise<{ readonly batch: string }> {
    const { serving } = this.#parts;
    this.#check();
    const from = this.#path(input.input);
    const to = this.#path(input.output);
    const anywhere = principal.kind === 'token';
    if (!anywhere) await this.#readable(from);
    const models = serving.snapshot.live.map(({ model }) => model).join(' ');
    const batch = `batch-${sha256(`${serving.endpoint} ${input.key ?? ''} ${models} ${await fileHash(from)}`).slice(0, 12)}`;
    if (this.#views.get(batch)?.state !== 'running')
      this.#run({
        batch,
        input: from,
        output: to,
        key: input.key,
        unit: input.unit,
        actor: actorName(principal),
        anywhere,
      }).catch(() => undefined);
    return { batch };
  }

  /** One time of the calendar; it is done once, whatever restarts in between. */
  async #scheduled({ name, input, output, key, unit }: BatchConfig): Promise<void> {
    const { clock, loaded, shared } = this.#parts;
    const { project, timezone } = loaded.config;
    const at = Math.floor(clock.now() / 60_000) * 60_000;
    const batch = `${name}-${new Date(at).toISOString().slice(0, 16)}Z`;
    const done = await shared.ledger.read({ project, types: ['BatchScored'] });
    if (done.some(entry => entry.type === 'BatchScored' && entry.payload.batch === batch)) return;
    this.#check();
    const dated = (path: string): string => this.#path(path.replaceAll('{date}', localDay(at, timezone)));
    await this.#run({
      batch,
      input: dated(input),
      output: dated(output),
      key,
      unit,
      actor: 'schedule:cron',
      anywhere: false,
    });
  }

  #check(): void {
    const { loaded, serving } = this.#parts;
    const { endpoint } = serving;
    if (servedElsewhere(loaded.config)) throw new TwinloopError('served_elsewhere', { values: { endpoint } });
    if (serving.snapshot.live.length === 0)
      throw new TwinloopError('endpoint_not_ready', { values: { endpoint } });
  }

  #path(path: string): string {
    return resolve(this.#parts.loaded.directory, path);
  }

  /** A caller without the data directory's token learns nothing of files outside the project's directory. */
  async #readable(path: string): Promise<void> {
    await this.#parts.datasets.schema(path, { format: formatOf(path, undefined) });
  }

  /** @throws whatever ends it; the view says so too */
  #run(order: Order): Promise<void> {
    const { clock, outstanding } = this.#parts;
    const { batch, input, output } = order;
    this.#views.delete(batch);
    const view = {
      batch,
      input,
      output,
      state: 'running',
      rows: 0,
      startedAt: clock.now(),
      model: null,
      error: null,
    } as const;
    this.#show(view);
    const done = this.#turn
      .then(() => this.#score(order))
      .catch((thrown: unknown) => {
        const { code, message } = toTwinloopError(thrown);
        this.#show({ ...this.#views.get(batch)!, state: 'failed', error: { code, message } });
        throw thrown;
      });
    this.#turn = done.catch(() => undefined);
    // The clock of a replay waits, as it does for a training.
    return outstanding.track(done);
  }

  #show(view: BatchView): void {
    this.#views.set(view.batch, view);
    for (const batch of this.#views.keys()) {
      if (this.#views.size <= KEPT) break;
      this.#views.delete(batch);
    }
  }

  async #score({ batch, input, output, key, unit, actor, anywhere }: Order): Promise<void> {
    const { shared, loaded, clock, facts, shelf, serving, datasets, delivery, logged } = this.#parts;
    const { config, directory } = loaded;
    const sources = Object.values(config.datasets).map(({ source }) => resolve(directory, source));
    if (output === input || sources.includes(output)) {
      throw new TwinloopError('invalid_request', {
        field: 'output',
        values: { reason: `${output} is read by this project and is not overwritten` },
        hint: 'Name another file.',
      });
    }
    const query = anywhere ? await shared.datasets([directory, dirname(input), dirname(output)]) : datasets;
    const answer = await scoreFile(
      {
        query,
        score: async rows => {
          const scored = await scoreRows(
            {
              project: config.project,
              clock,
              log: shared.log,
              shelf,
              serving,
              monotonic: shared.monotonic,
              answered: records => delivery.answered(records),
            },
            rows,
          );
          logged(rows.length);
          return scored;
        },
        progress: rows => {
          if (this.#closing) throw new TwinloopError('shutting_down');
          this.#show({ ...this.#views.get(batch)!, rows });
        },
      },
      {
        batch,
        input: { path: input, format: formatOf(input, undefined) },
        output: { path: output, format: formatOf(output, undefined) },
        key,
        unit,
        timezone: config.timezone,
        inputs: serving.inputs().inputs,
        task: config.train.task,
      },
    );
    await facts.append([
      fact(
        'BatchScored',
        {
          endpoint: serving.endpoint,
          batch,
          input: named(directory, input),
          output: named(directory, output),
          ...answer,
        },
        { at: clock.now(), actor, idempotencyKey: `batch/${batch}` },
      ),
    ]);
    this.#show({ ...this.#views.get(batch)!, state: 'done', rows: answer.rows, model: answer.model });
  }
}

/** A path as people name it: relative where it lies in the project's directory. */
function named(directory: string, path: string): string {
  const inside = relative(directory, path);
  return inside.startsWith('..') ? path : inside;
}
