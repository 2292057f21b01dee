import type { TestInput, TestReportView } from '@twinloop/client';
import {
  TwinloopError,
  type ModelRecord,
  type Table,
  type Verdict,
  type VerdictStatus,
} from '@twinloop/kernel';
import { reopenCandidate, type JudgedCandidate } from '@twinloop/loop/building';
import { testsOf, toJUnit, toSarif, type GatesConfig } from '@twinloop/loop/testing';
import { servedElsewhere } from '../config/check-project.js';
import type { ServiceParts } from '../project/service-parts.js';
import { championOf } from '../runtime/building/champion.js';
import { inputTypes, judgeCandidate } from '../runtime/building/judge-candidate.js';
import { modelOpener } from '../runtime/building/open-model.js';
import { parseTests } from '../runtime/building/prediction-tests.js';
import { gatePlaces } from './gate-places.js';

/** Asks a registered model again what its run was asked, by the gates and tests of today, without a training. */
export class TestDesk {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /**
   * The gates as declared, on the rows that the model's run held out, against the champion of today; or, with `tests`, the
   * tests of that text alone.
   * @throws not_found · served_elsewhere · project_invalid · dataset_unreadable
   */
  async test(model: string, input: TestInput): Promise<TestReportView> {
    const { loaded, objects, shared, state } = this.#parts;
    const { config } = loaded;
    if (servedElsewhere(config))
      throw new TwinloopError('served_elsewhere', { values: { endpoint: this.#parts.serving.endpoint } });
    objects.demandThere('model', model);
    const record = await shared.metadata.models.get(config.project, state.trained(model));
    if (record === undefined) throw new TwinloopError('not_found', { values: { what: `Model ${model}` } });
    const verdicts = await this.#judge(record, model, input);
    const gates = input.tests === undefined ? config.gates : [];
    const places =
      input.tests === undefined
        ? gatePlaces(loaded.text, gates, verdicts)
        : verdicts.map(() => ({ file: input.file ?? 'prediction-tests.yaml', line: 1 }));
    return {
      model,
      run: record.run,
      status: overall(verdicts),
      verdicts,
      junit: toJUnit(model, verdicts),
      sarif: toSarif(model, verdicts, places),
    };
  }

  async #judge(record: ModelRecord, model: string, input: TestInput): Promise<readonly Verdict[]> {
    const { loaded, shared, state, serving, datasets } = this.#parts;
    const { config, directory } = loaded;
    const candidate = await this.#reopen(record);
    const { inputs } = config.features;
    const file = input.file ?? 'prediction-tests.yaml';
    const tests =
      input.tests === undefined
        ? undefined
        : {
            [file]: await parseTests(input.tests, file, {
              directory,
              datasets,
              types: inputTypes(inputs, candidate.rows),
            }),
          };
    const gates: GatesConfig = tests === undefined ? config.gates : [{ gate: 'predictions', file }];
    const dataset = config.datasets[record.dataset]!;
    const champion = await championOf({
      project: config.project,
      endpoint: serving.endpoint,
      state,
      shelf: this.#parts.shelf,
      metadata: shared.metadata,
    });
    return judgeCandidate({
      config,
      directory,
      datasets,
      // The model in service is not compared with itself.
      champion: champion?.model === model ? undefined : champion,
      adopted: tests === undefined ? testsOf(state.tests, serving.endpoint) : [],
      monotonic: shared.monotonic,
      label: dataset.label!.column,
      times: dataset.time,
      arrives: dataset.label!.arrives,
      gates,
      ...(tests === undefined ? {} : { tests }),
    })(candidate);
  }

  /** As its run judged it. */
  async #reopen(record: ModelRecord): Promise<JudgedCandidate> {
    const { loaded, shared, datasets } = this.#parts;
    const { config } = loaded;
    const { project } = config;
    const run = await shared.metadata.runs.get(project, record.run);
    const version = await shared.metadata.datasets.get(project, record.dataset, record.datasetVersion);
    const dataset = config.datasets[record.dataset];
    if (run === undefined || version === undefined || dataset?.label === undefined)
      throw new TwinloopError('not_found', {
        values: { what: `What ${record.model} learned from` },
        hint: 'Its run or its data was deleted, or it came from elsewhere.',
      });
    const table: Table = await datasets.load(project, version.blob);
    return reopenCandidate(
      {
        blobs: {
          put: bytes => shared.blobs.put(project, bytes),
          get: hash => shared.blobs.get(project, hash),
        },
        steps: {
          get: key => shared.metadata.steps.get(project, key),
          put: (key, result) => shared.metadata.steps.put(project, key, result),
        },
        open: modelOpener(config.features.inputs),
      },
      {
        table,
        label: dataset.label.column,
        train: config.train,
        ...(dataset.time === undefined ? {} : { time: dataset.time }),
      },
      run,
      record.model,
    );
  }
}

/** What the whole came to: inconclusive is no pass. */
function overall(verdicts: readonly Verdict[]): VerdictStatus {
  const statuses = verdicts.map(({ status }) => status);
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('inconclusive') ? 'inconclusive' : 'pass';
}
