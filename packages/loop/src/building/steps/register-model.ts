import {
  type ContentHash,
  formatCount,
  type Json,
  type ModelRecord,
  shortHash,
  TwinloopError,
} from '@twinloop/kernel';
import type { Candidate } from '../candidate.js';
import type { BuildPorts, FittedModel } from '../ports.js';
import type { BuildRequest } from '../request.js';
import type { RunBook } from '../run-record.js';
import { stepKey } from '../step-key.js';

/** The immutable name people type. */
export function modelName(request: Pick<BuildRequest, 'endpoint' | 'project'>, hash: ContentHash): string {
  return `${request.endpoint ?? request.project}@${shortHash(hash)}`;
}

/**
 * Keeps the model's record and its ONNX form, and says so. A model that is known keeps its first record: the same
 * content from a second run is the same model.
 */
export async function registerModel(
  ports: BuildPorts,
  request: BuildRequest,
  candidate: Candidate & { readonly metrics: Readonly<Record<string, number>> },
  fitted: FittedModel,
  book: RunBook,
): Promise<ModelRecord> {
  const model = modelName(request, fitted.hash);
  const key = stepKey(ports.digest, 'register', { model, hash: fitted.hash });
  const step = await book.step('register', key, async () => {
    const bytes = fitted.format === 'onnx' ? fitted.bytes : await ports.exportOnnx(fitted);
    const onnx = bytes === null ? null : await ports.blobs.put(bytes);
    const { train } = request;
    const record: ModelRecord = {
      project: request.project,
      model,
      hash: fitted.hash,
      blob: fitted.hash,
      onnx,
      algorithm: candidate.algorithm,
      run: request.run,
      dataset: request.version.dataset,
      datasetVersion: request.version.version,
      codeDigest: request.codeDigest,
      parameters: {
        algorithm: train.parameters[candidate.algorithm] ?? {},
        window: candidate.window,
        holdout: train.holdout,
        seed: train.seed,
        task: train.task,
        features: request.features as unknown as Json,
      },
      environment: request.environment,
      signature: fitted.model.signature,
      metrics: candidate.metrics,
      parent: request.parent ?? null,
      createdAt: ports.now(),
    };
    if ((await ports.models.get(model)) === undefined) await ports.models.put(record);
    const exported = onnx === null ? 'no ONNX form' : `ONNX ${formatCount(bytes?.length ?? 0)} bytes`;
    return { summary: `${model}, ${formatCount(fitted.bytes.length)} bytes, ${exported}`, result: { model } };
  });
  const record = await ports.models.get(model);
  if (record === undefined) {
    throw new TwinloopError('storage_corrupt', { values: { reason: `the record of ${model} is gone` } });
  }
  if (step.status === 'done') await announce(record, request, book);
  return record;
}

function announce(record: ModelRecord, request: BuildRequest, book: RunBook): Promise<void> {
  const { model, hash, run, algorithm, dataset, datasetVersion, codeDigest, metrics, parent } = record;
  return book.say(
    'ModelRegistered',
    {
      model,
      hash,
      run,
      algorithm,
      label: request.label,
      dataset,
      datasetVersion,
      codeDigest,
      metrics,
      ...(parent === null ? {} : { parent }),
      ...(request.sources === undefined ? {} : { sources: request.sources }),
    },
    'registered',
  );
}
