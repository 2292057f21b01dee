import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  TwinloopError,
  type JobState,
  type Trainer,
  type TrainingJob,
  type TrainingResult,
} from '@twinloop/kernel';
import { runCommand } from './run-command.js';

export interface CommandTrainerOptions {
  /** Program and arguments, from the project's own configuration. */
  readonly run: readonly string[];
  readonly directory: string;
  readonly timeoutMs: number;
  /** Writes a table as Parquet; the path is the command's to read. */
  readonly writeTable: (job: TrainingJob) => Promise<string>;
}

type Ended = Exclude<JobState, { status: 'running' }>;

const CURLY = '{'.charCodeAt(0);

async function metricsOf(path: string): Promise<Readonly<Record<string, number>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
  );
}

/**
 * Trains by any program: it reads the Parquet file named in TWINLOOP_TRAIN and the job in TWINLOOP_JOB (JSON), writes
 * its model (ONNX, or a model document) to TWINLOOP_MODEL and, if it likes, a flat JSON object of numbers to
 * TWINLOOP_METRICS. A job does not outlive the process that started it; the run starts it again under the same id.
 */
export function commandTrainer(options: CommandTrainerOptions): Trainer {
  const jobs = new Map<string, { ended: Promise<Ended>; stop: AbortController }>();

  const train = async (
    job: TrainingJob,
    log: (line: string) => void,
    signal: AbortSignal,
  ): Promise<TrainingResult> => {
    const scratch = await mkdtemp(join(tmpdir(), 'twinloop-train-'));
    try {
      const model = join(scratch, 'model');
      const metrics = join(scratch, 'metrics.json');
      const before = process.resourceUsage();
      await runCommand(
        {
          command: options.run,
          directory: options.directory,
          environment: {
            TWINLOOP_TRAIN: await options.writeTable(job),
            TWINLOOP_MODEL: model,
            TWINLOOP_METRICS: metrics,
            TWINLOOP_JOB: JSON.stringify({
              id: job.id,
              task: job.task,
              label: job.label,
              features: job.features,
              parameters: job.parameters,
              seed: job.seed,
            }),
          },
          timeoutMs: options.timeoutMs,
          signal,
        },
        log,
      );
      const bytes = await readFile(model).catch((error: unknown) => {
        throw new TwinloopError('training_failed', {
          values: { run: job.id, reason: 'the command wrote no model to TWINLOOP_MODEL' },
          cause: error,
        });
      });
      const after = process.resourceUsage();
      return {
        format: bytes[0] === CURLY ? 'twinloop-model' : 'onnx',
        bytes: new Uint8Array(bytes),
        metrics: await metricsOf(metrics),
        importance: {},
        cpuSeconds:
          (after.userCPUTime - before.userCPUTime + after.systemCPUTime - before.systemCPUTime) / 1e6,
      };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };

  return {
    name: 'command',
    async start(job, log) {
      if (jobs.has(job.id)) return;
      const stop = new AbortController();
      const ended = train(job, log, stop.signal).then(
        (result): Ended => ({ status: 'done', result }),
        (error: unknown): Ended => ({
          status: 'failed',
          reason: error instanceof Error ? error.message : String(error),
        }),
      );
      jobs.set(job.id, { ended, stop });
    },
    async wait(id) {
      const job = jobs.get(id);
      if (job === undefined) throw new TwinloopError('not_found', { values: { what: `Training job ${id}` } });
      return job.ended;
    },
    async stop(id) {
      jobs.get(id)?.stop.abort();
    },
    async collect(id) {
      const job = jobs.get(id);
      job?.stop.abort();
      await job?.ended;
      jobs.delete(id);
    },
  };
}
