import {
  type AnyNewFact,
  type CandidateReport,
  type ContentHash,
  type EpochMs,
  fact,
  type FactPayloads,
  type FactType,
  type Json,
  type RunRecord,
  type Verdict,
} from '@twinloop/kernel';
import { isOutage } from './outage.js';
import type { BuildPorts } from './ports.js';
import type { BuildRequest } from './request.js';

/** A log longer than this loses its oldest lines: what a failing command printed last is what explains it. */
const LOG_LIMIT = 512 * 1024;

/** What a step leaves behind for the next one that has the same key. */
export interface StepResult<T> {
  readonly summary: string;
  readonly result: T;
}

export interface Remembered {
  /** The run that did it: a resumed run finds its own work here and reports it as done, not as cached. */
  readonly run: string;
  readonly summary: string;
  readonly result: Json;
}

export interface FinishedStep<T> extends StepResult<T> {
  readonly key: ContentHash;
  readonly status: 'done' | 'cached';
}

/** The books of one run: its record, its facts, its log. */
export interface RunBook {
  /** Says `RunStarted` and makes the run visible. */
  begin(candidates: readonly string[]): Promise<void>;
  log(line: string): void;
  /** Appends a fact of this run; `suffix` makes it idempotent within the run. */
  say<T extends FactType>(type: T, payload: FactPayloads[T], suffix: string): Promise<void>;
  /** Runs a step unless one with its key has been run before; a step that throws is recorded as failed. */
  step<T extends Json>(
    name: string,
    key: ContentHash,
    work: () => Promise<StepResult<T>>,
  ): Promise<FinishedStep<T>>;
  candidates(reports: readonly CandidateReport[]): void;
  verdicts(verdicts: readonly Verdict[]): void;
  finish(
    status: 'passed' | 'failed' | 'refused',
    reason: string,
    end: { readonly trained: number; readonly model?: string },
  ): Promise<RunRecord>;
}

class BoundedLog {
  #lines: string[] = [];
  #size = 0;
  #dropped = 0;

  add(line: string): void {
    const kept = line.length > LOG_LIMIT / 8 ? `${line.slice(0, LOG_LIMIT / 8)}…` : line;
    this.#lines.push(kept);
    this.#size += kept.length + 1;
    if (this.#size <= LOG_LIMIT) return;
    // Half at a time, so that a chatty command does not pay for a shift at every line.
    let drop = 0;
    while (this.#size > LOG_LIMIT / 2) this.#size -= this.#lines[drop++]!.length + 1;
    this.#lines = this.#lines.slice(drop);
    this.#dropped += drop;
  }

  text(): string {
    const head = this.#dropped === 0 ? [] : [`… ${this.#dropped} earlier lines dropped`];
    return [...head, ...this.#lines].join('\n');
  }
}

/** Opens the books of a run; nothing is written before the first `say` or `step`. */
export function openBook(ports: BuildPorts, request: BuildRequest): RunBook {
  const log = new BoundedLog();
  let record: RunRecord = {
    project: request.project,
    run: request.run,
    trigger: request.trigger,
    reason: request.reason,
    status: 'running',
    startedAt: ports.now(),
    finishedAt: null,
    datasetVersion: request.version.version,
    model: null,
    steps: [],
    candidates: [],
    verdicts: [],
    log: '',
  };
  const save = (change: Partial<RunRecord>): Promise<void> => {
    record = { ...record, ...change, log: log.text() };
    return ports.saveRun(record);
  };
  const write = (line: string): void => {
    log.add(line);
    ports.log(line);
  };
  const say = <T extends FactType>(type: T, payload: FactPayloads[T], suffix: string): Promise<void> => {
    const entry: AnyNewFact = fact(type, payload, {
      at: ports.now(),
      actor: request.actor,
      ...(request.causation === undefined ? {} : { causation: request.causation }),
      ...(request.correlation === undefined ? {} : { correlation: request.correlation }),
      idempotencyKey: `run/${request.run}/${suffix}`,
    });
    return ports.record([entry]);
  };
  const close = async (
    step: string,
    key: ContentHash,
    status: 'done' | 'cached' | 'failed',
    summary: string,
    startedAt: EpochMs,
  ): Promise<void> => {
    write(`${step}: ${status === 'cached' ? 'cached, ' : status === 'failed' ? 'failed, ' : ''}${summary}`);
    await say('StepFinished', { run: request.run, step, key, status, summary }, step);
    await save({
      steps: [...record.steps, { step, key, status, summary, startedAt, finishedAt: ports.now() }],
    });
  };

  return {
    async begin(candidates) {
      const { run, trigger, reason, endpoint } = request;
      const started = { run, trigger, reason, candidates, ...(endpoint === undefined ? {} : { endpoint }) };
      await say('RunStarted', started, 'started');
      await save({});
    },
    log: write,
    say,
    candidates(reports) {
      record = { ...record, candidates: reports };
    },
    verdicts(verdicts) {
      record = { ...record, verdicts };
    },
    async step<T extends Json>(name: string, key: ContentHash, work: () => Promise<StepResult<T>>) {
      const startedAt = ports.now();
      const known = (await ports.steps.get(key)) as unknown as Remembered | undefined;
      if (known !== undefined) {
        const status = known.run === request.run ? 'done' : 'cached';
        await close(name, key, status, known.summary, startedAt);
        return { key, status, summary: known.summary, result: known.result as T };
      }
      try {
        const { summary, result } = await work();
        const remembered: Remembered = { run: request.run, summary, result };
        await ports.steps.put(key, remembered as unknown as Json);
        await close(name, key, 'done', summary, startedAt);
        return { key, status: 'done', summary, result };
      } catch (error) {
        if (isOutage(error)) throw error;
        await close(name, key, 'failed', error instanceof Error ? error.message : String(error), startedAt);
        throw error;
      }
    },
    async finish(status, reason, { trained, model }) {
      write(`${status}: ${reason}`);
      await say(
        'RunFinished',
        { run: request.run, status, reason, trained, ...(model === undefined ? {} : { model }) },
        'finished',
      );
      await save({ status, finishedAt: ports.now(), model: model ?? null });
      return record;
    },
  };
}
