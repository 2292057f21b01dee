import type { EdgeTestInput, EdgeTestView } from '@twinloop/client';
import {
  actorName,
  fact,
  TwinloopError,
  type Json,
  type PredictionRecord,
  type Principal,
} from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import type { ServiceParts } from '../project/service-parts.js';
import { labelOf } from '../runtime/monitoring/labels.js';
import { edgeTest, type EdgeCase, usualTolerance } from './edge-test.js';

/** Prediction tests that people made of requests: what the `predictions` gates ask beside their files. */
export class EdgeTests {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  get #project() {
    return this.#parts.loaded.config.project;
  }

  #known(endpoint: string): void {
    if (endpoint === '' || endpoint !== this.#parts.serving.endpoint)
      throw new TwinloopError('model_not_found', { values: { model: endpoint } });
  }

  /** Oldest first. @throws model_not_found */
  list(endpoint: string): readonly EdgeTestView[] {
    this.#known(endpoint);
    return this.#parts.state.tests[endpoint] ?? [];
  }

  /** A test of a name that is there already takes its place. @throws model_not_found · not_found · invalid_request */
  async add(endpoint: string, id: string, input: EdgeTestInput, principal: Principal): Promise<EdgeTestView> {
    this.#known(endpoint);
    const { shared, clock, facts } = this.#parts;
    const [prediction] = await shared.log.find(this.#project, endpoint, [id]);
    if (prediction === undefined)
      throw new TwinloopError('not_found', { values: { what: `Prediction ${id}` } });
    const test = edgeTest(await this.#edgeCase(prediction), input);
    const { name } = test;
    await facts.append([
      fact(
        'PredictionTestAdded',
        { endpoint, name, prediction: id, test: test as unknown as Json },
        { at: clock.now(), actor: actorName(principal) },
      ),
    ]);
    return this.list(endpoint).find(one => one.name === name)!;
  }

  /** @throws model_not_found · not_found */
  async remove(endpoint: string, name: string, principal: Principal): Promise<void> {
    if (!this.list(endpoint).some(one => one.name === name))
      throw new TwinloopError('not_found', { values: { what: `Prediction test ${name}` } });
    const { clock, facts } = this.#parts;
    await facts.append([
      fact('PredictionTestRemoved', { endpoint, name }, { at: clock.now(), actor: actorName(principal) }),
    ]);
  }

  async #edgeCase(prediction: PredictionRecord): Promise<EdgeCase> {
    const { shared, loaded, classes } = this.#parts;
    const { task } = loaded.config.train;
    const scored = await shared.log.scored({
      project: this.#project,
      endpoint: prediction.endpoint,
      metric: labelOf(loaded.config),
      predicted: { from: prediction.at, until: prediction.at + 1 },
    });
    const row = scored.ids.indexOf(prediction.id);
    const value = row < 0 ? Number.NaN : (scored.outcome ?? scored.label)[row]!;
    const label = Number.isNaN(value) ? null : task === 'multiclass' ? (classes.names[value] ?? null) : value;
    return { prediction, label, task, tolerance: await this.#tolerance(prediction) };
  }

  async #tolerance({ score }: PredictionRecord): Promise<EdgeCase['tolerance']> {
    const { shared, state, serving } = this.#parts;
    const champion = endpointState(state.delivery, serving.endpoint).champion?.model;
    const record =
      champion === undefined ? undefined : await shared.metadata.models.get(this.#project, champion);
    return usualTolerance(record?.metrics ?? {}, score);
  }
}
