import { fact, type ModelRecord } from '@twinloop/kernel';
import { answering, endpointState, rejectByOperator, startRollout } from '@twinloop/loop/delivery';
import type { DatasetProfile } from '@twinloop/loop/data';
import { columnsOf, parseExpression } from '@twinloop/model';
import type { ProjectConfig } from '../config/project-config.js';
import type { ModelInput } from '../app.js';
import type { Fault, Misreading } from './chaos-state.js';
import type { ChaosTransform } from '@twinloop/client';
import type { ChaosPorts } from './fault-kind.js';
import { byCost, type ReadableColumn } from './flip-cost.js';

/** Who writes down what a fault does. */
export const CHAOS = 'chaos';

/**
 * Numeric inputs by what the model makes of them, most important first. What a derived feature is worth counts for every
 * input that its expression reads.
 */
export function byImportance(
  inputs: readonly ModelInput[],
  importance: Readonly<Record<string, number>>,
  derive: ProjectConfig['features']['derive'],
): readonly string[] {
  const worth = new Map(inputs.filter(({ type }) => type === 'number').map(({ name }) => [name, 0]));
  for (const [feature, share] of Object.entries(importance)) {
    const text = derive?.[feature];
    const sources = text === undefined ? [feature] : columnsOf(parseExpression(text));
    for (const source of sources) {
      const known = worth.get(source);
      if (known !== undefined) worth.set(source, known + share);
    }
  }
  return [...worth].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/** Who answers now: what a broken build is made from. */
export function inCharge({ state, endpoint }: ChaosPorts) {
  return answering(endpointState(state.delivery, endpoint));
}

/** The columns that can be misread: numeric inputs with a mean in the training profile; the one that costs most first. */
export async function readableColumns(
  ports: ChaosPorts,
  transform: ChaosTransform = 'sign',
): Promise<readonly ReadableColumn[]> {
  const { shelf, metadata, loaded } = ports;
  const champion = inCharge(ports);
  if (champion === null) return [];
  const model = await shelf.load(champion.model);
  const { record, inputs, importance } = model;
  const version = await metadata.datasets.get(record.project, record.dataset, record.datasetVersion);
  const profile = version?.profile as unknown as DatasetProfile | undefined;
  const means = new Map(
    profile?.columns.map(column => [column.name, column.type === 'string' ? null : column.mean]),
  );
  const readable = byImportance(inputs, importance, loaded.config.features.derive).flatMap(column => {
    const mean = means.get(column);
    return mean == null ? [] : [{ column, mean }];
  });
  return byCost(ports, model, readable, transform);
}

/** The champion's own build once more under a name of its own: the same bytes, read through a broken wire. */
export async function registerCopy(ports: ChaosPorts, fault: Fault): Promise<ModelRecord> {
  const { metadata, loaded, facts, shelf } = ports;
  const { project, datasets } = loaded.config;
  const model = String(fault.detail['model']);
  const base = await shelf.load(String(fault.detail['base']));
  const record: ModelRecord = {
    ...base.record,
    model,
    parent: base.record.model,
    createdAt: fault.startedAt,
  };
  if ((await metadata.models.get(project, model)) === undefined) await metadata.models.put(record);
  const { hash, run, algorithm, dataset, datasetVersion, codeDigest, metrics } = record;
  await facts.append([
    fact(
      'ModelRegistered',
      {
        model,
        hash,
        run,
        algorithm,
        label: datasets[dataset]?.label?.column ?? '',
        dataset,
        datasetVersion,
        codeDigest,
        metrics,
        parent: base.record.model,
      },
      {
        at: fault.startedAt,
        actor: CHAOS,
        correlation: fault.chaos,
        idempotencyKey: `chaos/${fault.chaos}/registered`,
      },
    ),
  ]);
  await shelf.load(model);
  return record;
}

/** Puts the copy beside the champion; a challenger that is being tried makes room, as for any newer one. */
export async function tryCopy(ports: ChaosPorts, fault: Fault, model: string): Promise<void> {
  const { facts, delivery, state, endpoint, clock, loaded } = ports;
  const { rollout } = endpointState(state.delivery, endpoint);
  if (rollout?.challenger === model) return;
  const now = clock.now();
  if (rollout !== null)
    await facts.append(rejectByOperator(state.delivery, { endpoint, now, actor: CHAOS }, 'superseded'));
  await delivery.delivered(
    await facts.append(
      startRollout(state.delivery, {
        endpoint,
        rollout: `rollout-${state.rollouts + 1}`,
        challenger: model,
        // Compared in the shadow whatever the project does with its own challengers: no client shall get a wrong answer.
        config: { ...loaded.config.endpoint!.rollout, strategy: 'shadow' },
        now,
        actor: CHAOS,
        correlation: fault.chaos,
      }),
    ),
  );
}

/** What the fold reads back, and what the copy is made of. */
export function copyDetail(
  ports: ChaosPorts,
  chaos: string,
  columns: readonly Misreading[],
): Record<string, string | number> {
  const { model, version } = inCharge(ports)!;
  const detail: Record<string, string | number> = { model: `${model}-${chaos}`, base: model, version };
  columns.forEach(({ column, transform, mean }, i) => {
    detail[`column${i + 1}`] = column;
    detail[`transform${i + 1}`] = transform;
    detail[`mean${i + 1}`] = mean;
  });
  return detail;
}

/** The reasons that hold for every fault that ships a build. */
export function noBuild(ports: ChaosPorts): string | null {
  return inCharge(ports) === null ? 'no model is in service yet' : null;
}
