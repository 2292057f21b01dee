import { fact, TwinloopError, type PredictionLog, type PredictionRecord } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import type { PredictionsReceipt } from '@twinloop/client';
import { servedElsewhere } from '../config/check-project.js';
import type { ProjectConfig } from '../config/project-config.js';
import { ingest, type RowBody } from '../ingest/ingest.js';
import { predictionReader, type FieldNames } from '../ingest/prediction-row.js';
import { takePredictions } from '../ingest/take-predictions.js';
import type { FactStream } from '../runtime/fact-stream.js';
import type { DeliveryController } from '../runtime/delivery/delivery-controller.js';
import type { ProjectState } from '../runtime/project-state.js';
import type { Shared } from './stores.js';

export interface ElsewhereParts {
  readonly config: ProjectConfig;
  readonly shared: Pick<Shared, 'datasets'>;
  readonly log: PredictionLog;
  readonly clock: { now(): number };
  readonly facts: FactStream;
  readonly state: ProjectState;
  readonly delivery: Pick<DeliveryController, 'delivered'>;
}

/** A version is something that people deploy; what changes with every request is no version. */
const MAX_VERSIONS = 200;

/** Predictions that another system made: logged as if they were answered here, each new version a deployment. */
export class Elsewhere {
  readonly #parts: ElsewhereParts;
  /** New versions are said one after the other. */
  #saying: Promise<unknown> = Promise.resolve();

  constructor(parts: ElsewhereParts) {
    this.#parts = parts;
  }

  /** @throws served_here · rows_refused · prediction_conflict · payload_too_large · storage_full */
  async take(body: RowBody, names: FieldNames): Promise<PredictionsReceipt> {
    const { config, shared, log, clock } = this.#parts;
    const { project } = config;
    const endpoint = config.endpoint!.name;
    if (!servedElsewhere(config)) throw new TwinloopError('served_here', { values: { endpoint } });
    const read = predictionReader({
      project,
      endpoint,
      timezone: config.timezone,
      now: clock.now(),
      names,
    });
    const fresh = new Map<string, number>();
    const { accepted, duplicates } = await ingest(
      body,
      shared.datasets,
      row => {
        const received = read(row);
        this.#admit(received.record.version, fresh);
        return received;
      },
      (tally, batch) =>
        takePredictions(
          { project, endpoint, log, taken: records => this.#noteVersions(records) },
          tally,
          batch,
        ),
    );
    return { accepted, duplicates };
  }

  #seen(): ReadonlySet<string> {
    const { state, config } = this.#parts;
    return new Set(endpointState(state.delivery, config.endpoint!.name).history.map(({ model }) => model));
  }

  #admit(version: string, fresh: Map<string, number>): void {
    if (fresh.has(version)) return;
    const seen = this.#seen();
    if (!seen.has(version) && seen.size + fresh.size >= MAX_VERSIONS) {
      throw new TwinloopError('invalid_request', {
        field: 'version',
        values: { reason: `there are ${MAX_VERSIONS} versions already` },
      });
    }
    fresh.set(version, fresh.size);
  }

  /** A version that was not seen before is a deployment, dated by its first prediction. */
  #noteVersions(records: readonly PredictionRecord[]): Promise<void> {
    const first = new Map<string, number>();
    for (const { version, at } of records) first.set(version, Math.min(at, first.get(version) ?? at));
    const said = this.#saying.then(async () => {
      const seen = this.#seen();
      const unseen = [...first].filter(([version]) => !seen.has(version)).sort(([, a], [, b]) => a - b);
      for (const [version, at] of unseen) await this.#deployed(version, at);
    });
    this.#saying = said.catch(() => undefined);
    return said;
  }

  async #deployed(model: string, at: number): Promise<void> {
    const { config, facts, state, delivery, clock } = this.#parts;
    const endpoint = config.endpoint!.name;
    const { history } = endpointState(state.delivery, endpoint);
    const entries = await facts.append([
      fact(
        'ModelDeployed',
        {
          endpoint,
          variant: 'champion',
          model,
          version: history.length + 1,
          reason: `served elsewhere: first prediction of ${model}`,
        },
        { at: Math.min(at, clock.now()), actor: 'monitor:predictions', idempotencyKey: `deploy/${model}` },
      ),
    ]);
    await delivery.delivered(entries);
  }
}
