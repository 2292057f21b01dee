import {
  TwinloopError,
  type Clock,
  type OutcomeRecord,
  type PredictionLog,
  type PredictionRecord,
  type ProjectId,
  type Rng,
} from '@twinloop/kernel';
import { route, type RoutingSnapshot } from '@twinloop/loop/delivery';
import type { OutcomeInput } from '@twinloop/client';
import type { InferRequest, InferResult, ModelInput } from '../../app.js';
import { LatencyWindow } from './latency-window.js';
import type { ModelShelf } from './model-shelf.js';
import { parseTime } from '../zoned-time.js';

export interface ServingPorts {
  readonly project: ProjectId;
  readonly clock: Clock;
  readonly log: PredictionLog;
  readonly shelf: ModelShelf;
  readonly rng: Rng;
  readonly timezone: string;
  readonly logging: 'required' | 'best-effort';
  /** Monotonic wall time in milliseconds. */
  readonly monotonic: () => number;
  readonly newId: () => string;
}

/** Answers requests of one endpoint: a pure choice over an immutable snapshot, a model on the shelf, one log write before the reply. */
export class Serving {
  readonly endpoint: string;
  readonly latency = new LatencyWindow();
  errors = 0;
  requests = 0;
  /** Answers that could not be logged (`best-effort` only). */
  unlogged = 0;
  readonly #ports: ServingPorts;
  #snapshot: RoutingSnapshot;

  constructor(endpoint: string, ports: ServingPorts) {
    this.endpoint = endpoint;
    this.#ports = ports;
    this.#snapshot = { endpoint, live: [], shadows: [], validUntil: null };
  }

  get snapshot(): RoutingSnapshot {
    return this.#snapshot;
  }

  /** Brings the models that a snapshot names, then switches to it in one step; requests under way keep the old one. */
  async use(snapshot: RoutingSnapshot): Promise<void> {
    for (const arm of [...snapshot.live, ...snapshot.shadows]) await this.#ports.shelf.load(arm.model);
    this.#snapshot = snapshot;
  }

  /** @throws endpoint_not_ready */
  inputs(): { inputs: readonly ModelInput[]; version: number; versions: readonly number[] } {
    const arm = this.#snapshot.live[0];
    const shelved = arm === undefined ? undefined : this.#ports.shelf.loaded(arm.model);
    if (arm === undefined || shelved === undefined)
      throw new TwinloopError('endpoint_not_ready', { values: { endpoint: this.endpoint } });
    return {
      inputs: shelved.inputs,
      version: arm.version,
      versions: [arm.version],
    };
  }

  /** @throws endpoint_not_ready · input_missing · input_type · storage_full */
  async infer(request: InferRequest): Promise<InferResult> {
    const { clock, shelf, rng, log, project, logging, monotonic, newId } = this.#ports;
    const started = monotonic();
    const snapshot = this.#snapshot;
    if (snapshot.live.length === 0)
      throw new TwinloopError('endpoint_not_ready', { values: { endpoint: this.endpoint } });
    this.requests++;
    const at = clock.now();
    // One request is one unit: all its rows go to one arm.
    const chosen = route(snapshot, request.unitKey, rng.next());
    const model = shelf.loaded(chosen.model)!;
    const count = request.rows.length;
    const ids = request.ids ?? Array.from({ length: count }, newId);
    const answer = model.score(request.rows);
    const scores = answer instanceof Float64Array ? answer : await answer;
    const shadows: { variant: string; model: string; scores: Float64Array }[] = [];
    for (const { variant, model: shadow } of chosen.shadows)
      shadows.push({ variant, model: shadow, scores: await this.#shadowScores(shadow, request.rows) });
    const latencyMs = monotonic() - started;
    const records: PredictionRecord[] = [];
    for (let i = 0; i < count; i++) {
      const common = {
        project,
        id: ids[i]!,
        endpoint: this.endpoint,
        at,
        key: request.key,
        unitKey: request.unitKey,
        propensities: chosen.propensities,
        latencyMs: latencyMs / count,
      };
      records.push({
        ...common,
        variant: chosen.variant,
        version: chosen.model,
        role: 'live',
        score: scores[i]!,
        inputs: request.rows[i]!,
      });
      for (const shadow of shadows) {
        records.push({
          ...common,
          variant: shadow.variant,
          version: shadow.model,
          role: 'shadow',
          score: shadow.scores[i]!,
          inputs: null,
        });
      }
    }
    try {
      await log.appendPredictions(records);
    } catch (error) {
      this.errors++;
      if (logging === 'required') throw error;
      this.unlogged += records.length;
    }
    this.latency.add(monotonic() - started);
    return { model: chosen.model, version: chosen.version, ids, scores };
  }

  /** A challenger's failure is its own: the client never sees it, the comparison sees missing scores. */
  async #shadowScores(model: string, rows: InferRequest['rows']): Promise<Float64Array> {
    try {
      return await this.#ports.shelf.loaded(model)!.score(rows);
    } catch (error) {
      if (error instanceof TwinloopError) return new Float64Array(rows.length).fill(Number.NaN);
      throw error;
    }
  }

  /** @throws outcome_invalid · storage_full */
  async recordOutcomes(outcomes: readonly OutcomeInput[], metric: string, source: string): Promise<number> {
    const records = outcomes.map(
      (outcome, index): OutcomeRecord => this.#outcome(outcome, index, metric, source),
    );
    await this.#ports.log.appendOutcomes(records);
    return records.length;
  }

  #outcome(input: OutcomeInput, index: number, metric: string, source: string): OutcomeRecord {
    const invalid = (field: string, reason: string): TwinloopError =>
      new TwinloopError('outcome_invalid', { field: `[${index}].${field}`, values: { reason } });
    const { project, clock, timezone } = this.#ports;
    const value = typeof input.value === 'boolean' ? Number(input.value) : input.value;
    if (!Number.isFinite(value)) throw invalid('value', 'value must be a finite number');
    if (input.id === undefined && input.key === undefined) throw invalid('id', 'neither id nor key is given');
    if (input.id === undefined && input.time === undefined) throw invalid('time', 'key needs a time');
    const time = (field: 'time' | 'at'): number | null => {
      const given = input[field];
      if (typeof given !== 'string') return given ?? null;
      try {
        return parseTime(given, timezone);
      } catch {
        throw invalid(field, `"${given}" is not an ISO date or time`);
      }
    };
    return {
      project,
      endpoint: this.endpoint,
      predictionId: input.id ?? null,
      key: input.key ?? null,
      time: time('time'),
      metric: input.metric ?? metric,
      value,
      at: time('at') ?? clock.now(),
      source: input.source ?? source,
      revision: input.revision ?? 0,
    };
  }
}
