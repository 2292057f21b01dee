import {
  fact,
  parseDuration,
  type BlobStore,
  type Clock,
  type Entry,
  type EpochMs,
  type GuardrailReading,
  type Ledger,
  type OutcomeRecord,
  type PredictionRecord,
} from '@twinloop/kernel';
import { endpointState, observeRollout, routingSnapshot } from '@twinloop/loop/delivery';
import { modelCard } from '@twinloop/loop/governance';
import type { FactStream } from '../fact-stream.js';
import type { ProjectState } from '../project-state.js';
import type { Serving } from '../serving/serving.js';
import { PromotionGuard } from './promotion-guard.js';
import { readRollout, type RolloutPorts } from './read-rollout.js';

export interface DeliveryPorts extends RolloutPorts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly facts: FactStream;
  readonly state: ProjectState;
  readonly blobs: BlobStore;
  readonly serving: Serving;
  readonly onError: (error: unknown) => void;
}

const LOOP = 'policy:loop';
const HOUR = 36e5;

/**
 * Moves traffic as the facts say: makes the routing snapshot, looks at the open rollout and at the promotion under
 * watch, and writes the card of what came into service. It decides nothing itself.
 */
export class DeliveryController {
  readonly #ports: DeliveryPorts;
  readonly #guard: PromotionGuard;
  #stepEnds: () => void = () => undefined;
  #stage = '';
  /** Looks of one endpoint follow each other. */
  #looking: Promise<unknown> = Promise.resolve();
  #canaryHour = Number.NEGATIVE_INFINITY;

  constructor(ports: DeliveryPorts) {
    this.#ports = ports;
    this.#guard = new PromotionGuard(ports, ports.serving.arms);
  }

  get #endpoint() {
    return endpointState(this.#ports.state.delivery, this.#ports.serving.endpoint);
  }

  /** Makes the routing snapshot anew from the facts, and watches what they say is to be watched. */
  async refresh(): Promise<void> {
    const { clock, state, serving } = this.#ports;
    await serving.use(routingSnapshot(state.delivery, serving.endpoint, clock.now()));
    this.#enterStage();
    await this.#guard.follow(this.#endpoint.watch, clock.now());
  }

  stop(): void {
    this.#stepEnds();
  }

  /** After facts that moved traffic: the new snapshot, and the card of a model that came into service. */
  async delivered(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.refresh();
    for (const entry of entries) {
      if (
        entry.type === 'ModelDeployed' ||
        entry.type === 'ModelPromoted' ||
        entry.type === 'ModelRecalibrated'
      )
        await this.writeCard(entry.payload.model, entry.at);
    }
  }

  /** One look at the open rollout and at the promotion under watch. */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#observe();
      await this.#watch();
    });
  }

  /** An answer was logged. Nothing waits here unless the answers have jumped. */
  answered(records: readonly PredictionRecord[]): void | Promise<void> {
    const held = this.#guard.predicted(records, this.#ports.clock.now());
    if (held.length === 0) return;
    return this.#inTurn(async () => this.delivered(await this.#ports.facts.append(held)));
  }

  /** Labels came: a promotion under watch is looked at each time, a canary once an hour; a shadow waits for its daily look. */
  async reported(records: readonly OutcomeRecord[]): Promise<void> {
    const { clock } = this.#ports;
    const { watch, rollout } = this.#endpoint;
    this.#guard.labelled(records, clock.now());
    if (watch !== null) await this.#inTurn(() => this.#watch());
    const hour = Math.floor(clock.now() / HOUR);
    if (rollout === null || rollout.stage.kind === 'shadow' || hour === this.#canaryHour) return;
    this.#canaryHour = hour;
    await this.#inTurn(() => this.#observe());
  }

  /** What the guardrails of the promotion under watch read now. */
  guardrails(): readonly GuardrailReading[] {
    return this.#guard.guardrails();
  }

  async writeCard(model: string, at: EpochMs): Promise<void> {
    const { blobs, facts, ledger, project } = this.#ports;
    const card = modelCard(await ledger.read({ project }), model);
    if (card === undefined) return;
    const blob = await blobs.put(project, new TextEncoder().encode(card));
    await facts.append([
      fact('CardWritten', { model, blob }, { at, actor: LOOP, idempotencyKey: `card/${model}/${blob}` }),
    ]);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#looking.then(work);
    this.#looking = turn.catch(() => undefined);
    return turn;
  }

  async #observe(): Promise<void> {
    const { clock, config, facts, serving } = this.#ports;
    const { rollout } = this.#endpoint;
    if (rollout === null) return;
    const now = clock.now();
    const reading = await readRollout(this.#ports, rollout, serving.arms, now);
    await this.delivered(await facts.append(observeRollout(config.endpoint!.rollout, rollout, reading, now)));
  }

  async #watch(): Promise<void> {
    const { clock, facts } = this.#ports;
    await this.delivered(await facts.append(await this.#guard.look(clock.now())));
  }

  /** A stage counts its own requests, and a step that time ends is looked at when its time is over. */
  #enterStage(): void {
    const { clock, config, serving, onError } = this.#ports;
    const { rollout, watch } = this.#endpoint;
    const stage = JSON.stringify([rollout?.rollout, rollout?.stage, watch?.rollout]);
    if (stage === this.#stage) return;
    this.#stage = stage;
    serving.arms.reset();
    this.#stepEnds();
    this.#stepEnds = () => undefined;
    if (rollout?.stage.kind !== 'canary') return;
    const step = config.endpoint!.rollout.steps[rollout.stage.step];
    if (step === undefined) return;
    const due = Math.max(clock.now(), rollout.stage.since + parseDuration(step.for));
    this.#stepEnds = clock.at(due, () => this.look().catch(onError));
  }
}
