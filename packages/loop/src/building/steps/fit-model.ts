import {
  type CandidateReport,
  type Canonicalizable,
  type ContentHash,
  formatCount,
  type Json,
  type Table,
  type TrainingResult,
  TwinloopError,
} from '@twinloop/kernel';
import { measure, metricsInWords } from '../evaluate.js';
import type { BuildPorts, FittedModel, VersionedTrainer } from '../ports.js';
import type { BuildRequest } from '../request.js';
import type { FinishedStep, RunBook } from '../run-record.js';
import { stepKey } from '../step-key.js';

/** What to fit, and on which rows to measure it. */
export interface FitOrder {
  readonly step: string;
  readonly algorithm: string;
  readonly learn: Table;
  /** Absent for the fit that goes into service: it has seen every row. */
  readonly measure?: Table;
  /** Which rows of the version `learn` and `measure` are. */
  readonly rows: Canonicalizable;
}

/** A fit as the step cache keeps it. */
export interface Fit {
  readonly format: TrainingResult['format'];
  readonly blob: ContentHash;
  /** The trainer's own figures. */
  readonly reported: Readonly<Record<string, number>>;
  /** Figures on the measured rows. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly importance: Readonly<Record<string, number>>;
  readonly seconds: CandidateReport['seconds'];
}

function trainerOf(ports: BuildPorts, algorithm: string): VersionedTrainer {
  const found = ports.trainers.get(algorithm);
  if (found !== undefined) return found;
  throw new TwinloopError('invalid_request', {
    field: 'train.candidates.algorithms',
    values: { reason: `no trainer is called "${algorithm}"` },
    hint: `Trainers here: ${[...ports.trainers.keys()].join(', ')}.`,
  });
}

/** JSON holds no NaN: figures that are not defined are left out, and are not found later. */
function defined(metrics: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}

async function train(
  ports: BuildPorts,
  request: BuildRequest,
  order: FitOrder,
  book: RunBook,
): Promise<TrainingResult> {
  const { trainer } = trainerOf(ports, order.algorithm);
  // Trainers serve every project, and a second job of one name joins the first.
  const id = `${request.project}/${request.run}/${order.step}`;
  await trainer.start(
    {
      id,
      task: request.train.task,
      parameters: request.train.parameters[order.algorithm] ?? {},
      seed: request.train.seed,
      table: order.learn,
      label: request.label,
      features: request.features as unknown as Json,
    },
    book.log,
  );
  const ended = await trainer.wait(id);
  await trainer.collect(id);
  if (ended.status === 'done') return ended.result;
  throw new TwinloopError('training_failed', {
    field: order.algorithm,
    values: { run: request.run, reason: ended.reason },
  });
}

/**
 * Fits an algorithm, or finds what it came to when everything that it depends on is the same.
 * @throws invalid_request for an unknown algorithm · training_failed · model_invalid
 */
export function fitModel(
  ports: BuildPorts,
  request: BuildRequest,
  order: FitOrder,
  book: RunBook,
): Promise<FinishedStep<Json>> {
  const { task, seed, parameters } = request.train;
  const key = stepKey(ports.digest, 'fit', {
    dataset: request.version.version,
    sources: request.sources ?? {},
    rows: order.rows,
    label: request.label,
    task,
    features: request.features as unknown as Canonicalizable,
    code: request.codeDigest,
    trainer: { name: order.algorithm, version: trainerOf(ports, order.algorithm).version },
    parameters: parameters[order.algorithm] ?? {},
    seed,
  });
  return book.step(order.step, key, async () => {
    const result = await train(ports, request, order, book);
    const blob = await ports.blobs.put(result.bytes);
    const learned = `learned from ${formatCount(order.learn.rows)} rows`;
    let metrics: Readonly<Record<string, number>> = {};
    let summary = learned;
    if (order.measure !== undefined) {
      const model = await ports.open(result.format, result.bytes);
      ({ metrics } = await measure(model, order.measure, request.label, task));
      summary = `${metricsInWords(task, metrics)}, ${learned}`;
    }
    const fit: Fit = {
      format: result.format,
      blob,
      reported: defined(result.metrics),
      metrics: defined(metrics),
      importance: result.importance,
      seconds: result.cpuSeconds,
    };
    return { summary, result: fit as unknown as Json };
  });
}

/** Brings a fit back to life from its blob. */
export async function openFit(ports: Pick<BuildPorts, 'blobs' | 'open'>, fit: Fit): Promise<FittedModel> {
  const bytes = await ports.blobs.get(fit.blob);
  return { format: fit.format, bytes, hash: fit.blob, model: await ports.open(fit.format, bytes) };
}
