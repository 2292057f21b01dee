import {
  type AnyNewFact,
  type ContentHash,
  hashSeed,
  type Json,
  type ModelRecord,
  numbers,
  type ProjectId,
  type RunRecord,
  type Table,
  type Trainer,
  type TrainingJob,
  TwinloopError,
  type Verdict,
} from '@twinloop/kernel';
import type { TrainConfig } from './config.js';
import type { BuildPorts, OpenModel } from './ports.js';
import type { BuildRequest } from './request.js';

const DAY = 86_400_000;
export const START = Date.UTC(2013, 0, 1);

/** 64 hex digits of a non-cryptographic hash: enough to tell contents apart in a test. */
export const digest = (text: string): ContentHash =>
  Array.from({ length: 8 }, (_, i) => hashSeed(`${i}${text}`).toString(16).padStart(8, '0')).join(
    '',
  ) as ContentHash;

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/**
 * A small working trainer: it learns the rate of the label for each value of `x`, or, as `flat`, the rate of all rows.
 * Its model is a table of rates in JSON. Counts its fits; a job whose parameters say `fail` fails.
 */
export class RateTrainer implements Trainer {
  readonly name: string;
  readonly jobs: TrainingJob[] = [];
  readonly #open = new Map<string, TrainingJob>();

  constructor(name: 'rates' | 'flat') {
    this.name = name;
  }

  async start(job: TrainingJob, log: (line: string) => void): Promise<void> {
    if (this.#open.has(job.id)) return;
    log(`${this.name} learns`);
    this.jobs.push(job);
    this.#open.set(job.id, job);
  }

  async wait(id: string) {
    const job = this.#open.get(id);
    if (job === undefined) throw new TwinloopError('not_found', { values: { what: id } });
    if ((job.parameters as { fail?: boolean }).fail === true) {
      return { status: 'failed' as const, reason: 'it was told to' };
    }
    const labels = numbers(job.table, job.label);
    const x = numbers(job.table, 'x');
    const rates: Record<string, number> = {};
    for (const value of [0, 1]) {
      const own = labels.filter((_, row) => this.name === 'flat' || x[row] === value);
      rates[value] = (own.reduce((a, b) => a + b, 0) + 1) / (own.length + 2);
    }
    return {
      status: 'done' as const,
      result: {
        format: 'twinloop-model' as const,
        bytes: bytesOf({ rates, rows: job.table.rows, algorithm: this.name }),
        metrics: { rows: job.table.rows },
        importance: { x: 1 },
        cpuSeconds: 0.5,
      },
    };
  }

  async stop(): Promise<void> {}
  async collect(id: string): Promise<void> {
    this.#open.delete(id);
  }
}

export function openRates(bytes: Uint8Array): OpenModel {
  const { rates } = JSON.parse(new TextDecoder().decode(bytes)) as { rates: Record<string, number> };
  return {
    predict: async table => numbers(table, 'x').map(value => rates[value]!),
    signature: { inputs: [{ name: 'x', type: 'number' }] },
  };
}

/** 100 days, ten rows a day: `late` follows `x` nine times in ten, and the other way round in the first 40 days. */
export function drifting(): Table {
  const rows = 1000;
  const x = Float64Array.from({ length: rows }, (_, row) => (row * 7) % 2);
  const late = x.map((value, row) => {
    const follows = row % 10 !== 3;
    const flipped = row < 400;
    return follows === flipped ? 1 - value : value;
  });
  return {
    rows,
    columns: [
      {
        name: 'at',
        type: 'time',
        values: Float64Array.from({ length: rows }, (_, row) => START + row * (DAY / 10)),
      },
      { name: 'x', type: 'number', values: x },
      { name: 'late', type: 'boolean', values: late },
    ],
  };
}

const TRAIN: TrainConfig = {
  task: 'binary',
  candidates: { algorithms: ['flat', 'rates'], windows: ['30d', 'all'] },
  parameters: {},
  holdout: 0.2,
  takes: '20m',
  seed: 1,
};

export function request(change: Partial<BuildRequest> = {}, train: Partial<TrainConfig> = {}): BuildRequest {
  return {
    project: 'demo' as ProjectId,
    run: 'r1',
    trigger: 'manual',
    reason: 'first training',
    actor: 'local:me',
    endpoint: 'late',
    version: { dataset: 'flights', version: digest('data'), status: 'accepted', findings: [] },
    table: drifting(),
    time: 'at',
    label: 'late',
    features: { inputs: ['x'] },
    train: { ...TRAIN, ...train },
    gates: [],
    codeDigest: digest('code'),
    environment: { node: '20' },
    ...change,
  };
}

/** A world in memory that keeps what a run leaves behind. */
export class World {
  readonly facts: AnyNewFact[] = [];
  readonly runs = new Map<string, RunRecord>();
  readonly models = new Map<string, ModelRecord>();
  readonly blobs = new Map<string, Uint8Array>();
  readonly steps = new Map<string, Json>();
  readonly rates = new RateTrainer('rates');
  readonly flat = new RateTrainer('flat');
  judged = 0;
  time = START;

  get fits(): number {
    return this.rates.jobs.length + this.flat.jobs.length;
  }

  ports(change: Partial<BuildPorts> = {}): BuildPorts {
    return {
      now: () => this.time,
      digest,
      trainers: new Map([this.rates, this.flat].map(trainer => [trainer.name, { version: '1', trainer }])),
      open: async (_format, bytes) => openRates(bytes),
      exportOnnx: async fitted => fitted.bytes.slice(0, 4),
      judge: async () => {
        this.judged++;
        return [];
      },
      log: () => {},
      blobs: {
        put: async bytes => {
          const hash = digest(new TextDecoder().decode(bytes));
          this.blobs.set(hash, bytes);
          return hash;
        },
        get: async hash => this.blobs.get(hash)!,
      },
      steps: {
        get: async key => this.steps.get(key),
        put: async (key, result) => {
          this.steps.set(key, JSON.parse(JSON.stringify(result)) as Json);
        },
      },
      models: {
        get: async model => this.models.get(model),
        put: async record => {
          this.models.set(record.model, record);
        },
      },
      saveRun: async record => {
        this.runs.set(record.run, record);
      },
      // As the ledger does: a fact whose key is known is not written again.
      record: async facts => {
        const known = new Set(this.facts.map(({ idempotencyKey }) => idempotencyKey));
        this.facts.push(...facts.filter(({ idempotencyKey }) => !known.has(idempotencyKey)));
      },
      ...change,
    };
  }

  /** `RunStarted`, `StepFinished refit done`, … */
  told(run = 'r1'): readonly string[] {
    return this.facts
      .filter(({ payload }) => (payload as { run?: string }).run === run)
      .map(entry =>
        entry.type === 'StepFinished' ? `${entry.payload.step} ${entry.payload.status}` : entry.type,
      );
  }
}

export const verdict = (status: Verdict['status'], gate = 'metric auc'): Verdict => ({
  gate,
  status,
  reason: `it is ${status}`,
  evidence: [],
});
