import { TwinloopError, type ContentHash, type MetadataStore } from '@twinloop/kernel';
import { referenceDataset } from '../../config/check-project.js';
import type { ProjectConfig } from '../../config/project-config.js';
import type { ShelvedModel } from './shelved-model.js';

/** Nothing of it is kept here. */
const NONE = '' as ContentHash;
export const ELSEWHERE = 'served elsewhere';

/** What stands on the shelf for a version that another system serves: its name and its inputs, but no model to ask. */
export async function elsewhereModel(
  config: ProjectConfig,
  metadata: MetadataStore,
  model: string,
): Promise<ShelvedModel> {
  const dataset = referenceDataset(config)!;
  const versions = await metadata.datasets.list(config.project, dataset);
  const reference = versions.find(version => version.status === 'accepted');
  const text = new Set(
    reference?.schema.filter(column => column.type === 'string').map(column => column.name),
  );
  const refuse = (): never => {
    throw new TwinloopError('served_elsewhere', { values: { endpoint: config.endpoint!.name } });
  };
  return {
    record: {
      project: config.project,
      model,
      hash: NONE,
      blob: NONE,
      onnx: null,
      run: ELSEWHERE,
      algorithm: ELSEWHERE,
      dataset,
      datasetVersion: reference?.version ?? NONE,
      codeDigest: NONE,
      parameters: {},
      environment: {},
      signature: {},
      metrics: {},
      parent: null,
      createdAt: reference?.createdAt ?? 0,
    },
    document: undefined,
    importance: {},
    classes: [],
    numbers: [],
    inputs: config.features.inputs.map(name => ({ name, type: text.has(name) ? 'string' : 'number' })),
    score: refuse,
    scoreTable: refuse,
  };
}
