import {
  fact,
  parseDuration,
  shortHash,
  type AnyNewFact,
  type BlobStore,
  type EpochMs,
  type MetadataStore,
  type PredictionLog,
  type ProjectId,
} from '@twinloop/kernel';
import { canRecalibrate, fitRecalibration } from '@twinloop/loop/learning';
import { endpointState, nextVersion } from '@twinloop/loop/delivery';
import { encodeDocument, withCalibration } from '@twinloop/model';
import type { ProjectConfig } from '../../config/project-config.js';
import { sha256 } from '../digest.js';
import type { ModelShelf } from '../serving/model-shelf.js';
import type { ShelvedModel } from '../serving/shelved-model.js';
import type { ProjectState } from '../project-state.js';
import { labelOf } from './labels.js';

export interface RecalibratePorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly state: ProjectState;
  readonly log: PredictionLog;
  readonly blobs: BlobStore;
  readonly metadata: MetadataStore;
  readonly shelf: ModelShelf;
}

interface Request {
  readonly endpoint: string;
  readonly now: EpochMs;
  readonly correlation: string | undefined;
}

/** The champion and the models it was recalibrated from, newest first: one body, several intercepts. */
async function lineage({ shelf, state }: RecalibratePorts, model: string): Promise<readonly ShelvedModel[]> {
  const chain: ShelvedModel[] = [];
  for (let next: string | undefined = model; next !== undefined; next = state.recalibrated.get(next))
    chain.push(await shelf.load(next));
  return chain;
}

/** Late labels of the window with the scores that the model would have given as it was trained. */
async function uncalibrated(
  ports: RecalibratePorts,
  request: Request,
  chain: readonly ShelvedModel[],
): Promise<{ labels: Float64Array; scores: Float64Array }> {
  const { project, config, log } = ports;
  const labels: number[] = [];
  const scores: number[] = [];
  const seen = new Set<string>();
  for (const { record, document } of chain) {
    const rows = await log.scored({
      project,
      endpoint: request.endpoint,
      metric: labelOf(config),
      version: record.model,
      predicted: { from: request.now - parseDuration(config.policy.recalibration.window) },
      arrived: { until: request.now },
    });
    const { intercept, slope } = document!.calibration ?? { intercept: 0, slope: 1 };
    rows.ids.forEach((id, i) => {
      if (seen.has(id)) return;
      seen.add(id);
      const score = rows.score[i]!;
      labels.push(rows.label[i]!);
      scores.push(
        document!.task === 'regression'
          ? (score - intercept) / slope
          : 1 / (1 + Math.exp(-(Math.log(score / (1 - score)) - intercept) / slope)),
      );
    });
  }
  return { labels: Float64Array.from(labels), scores: Float64Array.from(scores) };
}

/**
 * Refits the champion's intercept on the newest labels; the result is a version of its own with the same body. Nothing
 * when the labels do not ask for it. Models from outside have no intercept that could be shifted.
 */
export async function recalibrate(ports: RecalibratePorts, request: Request): Promise<readonly AnyNewFact[]> {
  const { project, config, state, blobs, metadata, shelf } = ports;
  const delivered = endpointState(state.delivery, request.endpoint);
  const { champion, watch } = delivered;
  if (champion === null) return [];
  const rest = {
    at: request.now,
    actor: 'policy:loop',
    ...(request.correlation === undefined ? {} : { correlation: request.correlation }),
  };
  const declined = (reason: string): readonly AnyNewFact[] => [
    fact(
      'RecalibrationDeclined',
      { endpoint: request.endpoint, model: champion.model, reason },
      { ...rest, idempotencyKey: `declined/${request.endpoint}/${request.now}` },
    ),
  ];
  // Its losses are being compared with those of the model before it: another intercept would heal, and hide, what is wrong.
  if (watch !== null) return declined(`its promotion is still being watched beside ${watch.previous}`);
  const chain = await lineage(ports, champion.model);
  const current = chain[0]!;
  if (current.document === undefined || !canRecalibrate(current.document.task))
    return declined('it has no intercept that could be shifted');
  const { labels, scores } = await uncalibrated(ports, request, chain);
  const fitted = fitRecalibration(labels, scores, {
    ...config.policy.recalibration,
    task: current.document.task,
    present: current.document.calibration?.intercept ?? 0,
  });
  if (fitted === undefined)
    return declined(`the last ${labels.length} labels do not ask for another intercept`);
  const bytes = encodeDocument(withCalibration(current.document, { intercept: fitted.shift, slope: 1 }));
  const hash = sha256(bytes);
  const model = `${request.endpoint}@${shortHash(hash)}`;
  if (model === champion.model) return declined('the intercept would stay as it is');
  await blobs.put(project, bytes);
  await metadata.models.put({
    ...current.record,
    model,
    hash,
    blob: hash,
    onnx: null,
    parent: champion.model,
    createdAt: request.now,
  });
  await shelf.load(model);
  const { record } = current;
  return [
    fact(
      'ModelRegistered',
      {
        model,
        hash,
        run: record.run,
        algorithm: record.algorithm,
        label: labelOf(config),
        dataset: record.dataset,
        datasetVersion: record.datasetVersion,
        codeDigest: record.codeDigest,
        metrics: record.metrics,
        parent: champion.model,
      },
      { ...rest, idempotencyKey: `model/${model}/${request.now}` },
    ),
    fact(
      'ModelRecalibrated',
      {
        endpoint: request.endpoint,
        model,
        previous: champion.model,
        version: nextVersion(delivered),
        shift: fitted.shift,
        evidence: fitted.evidence,
      },
      { ...rest, idempotencyKey: `recalibrated/${request.endpoint}/${request.now}` },
    ),
  ];
}
