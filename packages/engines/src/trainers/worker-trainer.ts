import { Worker } from 'node:worker_threads';
import { type JobState, type Trainer, type TrainingJob, TwinloopError } from '@twinloop/kernel';
import { parseFeatureSpec } from '@twinloop/model';
import { parseParameters } from './parameters.js';
import { packJob, type WorkerJob, type WorkerReply } from './worker-protocol.js';
import { workerUrl } from './worker-url.js';

type Ended = Exclude<JobState, { status: 'running' }>;

interface Entry {
  /** Null once the job is with a thread. */
  packed: WorkerJob | null;
  thread: Worker | null;
  readonly log: (line: string) => void;
  readonly ended: Promise<Ended>;
  readonly end: (state: Ended) => void;
}

export interface WorkerTrainerOptions {
  /** Jobs trained at the same time, each on its own thread. Default 1; others wait in order. */
  readonly size?: number;
}

class WorkerTrainer implements Trainer {
  readonly name = 'builtin';
  readonly #size: number;
  readonly #jobs = new Map<string, Entry>();
  readonly #queue: string[] = [];
  readonly #idle: Worker[] = [];
  #threads = 0;

  constructor(size: number) {
    this.#size = size;
  }

  async start(job: TrainingJob, log: (line: string) => void): Promise<void> {
    if (this.#jobs.has(job.id)) return;
    const parameters = parseParameters(job.parameters);
    const spec = parseFeatureSpec(job.features);
    // Packed at once: the caller may go on changing what it holds.
    const packed = packJob(job, spec, parameters);
    let end!: (state: Ended) => void;
    const ended = new Promise<Ended>(resolve => (end = resolve));
    this.#jobs.set(job.id, { packed, thread: null, log, ended, end });
    this.#queue.push(job.id);
    this.#dispatch();
  }

  wait(id: string): Promise<Ended> {
    const entry = this.#jobs.get(id);
    if (entry !== undefined) return entry.ended;
    return Promise.reject(new TwinloopError('not_found', { values: { what: `Training job ${id}` } }));
  }

  async stop(id: string): Promise<void> {
    const entry = this.#jobs.get(id);
    if (entry === undefined) return;
    const waiting = this.#queue.indexOf(id);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    entry.packed = null;
    entry.end({ status: 'failed', reason: 'stopped' });
    // Its exit gives the place free.
    await entry.thread?.terminate();
  }

  async collect(id: string): Promise<void> {
    await this.stop(id);
    this.#jobs.delete(id);
  }

  async close(): Promise<void> {
    for (const id of [...this.#jobs.keys()]) await this.stop(id);
    await Promise.all(this.#idle.splice(0).map(thread => thread.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const thread = this.#idle.pop() ?? (this.#threads < this.#size ? this.#spawn() : undefined);
      if (thread === undefined) return;
      const entry = this.#jobs.get(this.#queue.shift()!)!;
      const packed = entry.packed!;
      entry.thread = thread;
      entry.packed = null;
      thread.ref();
      const codes = packed.table.columns.flatMap(column =>
        column.type === 'string' ? [column.codes.buffer as ArrayBuffer] : [],
      );
      thread.postMessage(packed, codes);
    }
  }

  #spawn(): Worker {
    // The parent's flags (loaders, conditions, inspectors) are not the thread's business.
    const thread = new Worker(workerUrl(import.meta.url, './worker.js'), { execArgv: [] });
    this.#threads++;
    let reason = 'the training thread ended';
    thread.on('message', (reply: WorkerReply) => this.#hear(thread, reply));
    thread.on('error', error => (reason = `the training thread failed: ${error.message}`));
    thread.on('exit', () => {
      this.#threads--;
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      for (const entry of this.#jobs.values()) {
        if (entry.thread !== thread) continue;
        entry.thread = null;
        entry.end({ status: 'failed', reason });
      }
      this.#dispatch();
    });
    return thread;
  }

  #hear(thread: Worker, reply: WorkerReply): void {
    const entry = this.#jobs.get(reply.id);
    if (reply.kind === 'log') {
      entry?.log(reply.line);
      return;
    }
    if (entry !== undefined) {
      entry.thread = null;
      entry.end(
        reply.kind === 'done'
          ? { status: 'done', result: reply.result }
          : { status: 'failed', reason: reply.reason },
      );
    }
    // An idle thread does not keep the process alive.
    thread.unref();
    this.#idle.push(thread);
    this.#dispatch();
  }
}

/**
 * The built-in trainers behind the kernel's port, on worker threads that are kept between jobs. `parameters` of a job is
 * `{algorithm: 'linear' | 'gbt', …}`; `start` throws invalid_request for a bad one, before anything is queued.
 */
export function workerTrainer(options: WorkerTrainerOptions = {}): Trainer & { close(): Promise<void> } {
  return new WorkerTrainer(options.size ?? 1);
}
