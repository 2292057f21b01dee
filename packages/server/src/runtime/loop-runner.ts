import {
  fact,
  parseDuration,
  type BlobStore,
  type Clock,
  type Entry,
  type Ledger,
  type MetadataStore,
  type ModelRecord,
  type PredictionLog,
  type ProjectId,
} from '@twinloop/kernel';
import type { BuildOutcome } from '@twinloop/loop/building';
import { endpointState, rejectByOperator, startRollout } from '@twinloop/loop/delivery';
import { decideAnswers, endpointLearning, requestRetraining } from '@twinloop/loop/learning';
import { servedElsewhere, trains } from '../config/check-project.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { Builds } from './building/builds.js';
import type { DeliveryController } from './delivery/delivery-controller.js';
import type { FactStream } from './fact-stream.js';
import type { ModelShelf } from './serving/model-shelf.js';
import type { ProjectState } from './project-state.js';
import { recalibrate } from './monitoring/recalibrate.js';
import { nextCron, nextLook, repeat } from './schedule.js';
import type { Serving } from './serving/serving.js';
import type { StreamsWatch } from './monitoring/streams-watch.js';
import type { Watch } from './monitoring/watch.js';

export interface LoopPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly facts: FactStream;
  readonly state: ProjectState;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly log: PredictionLog;
  readonly shelf: ModelShelf;
  readonly serving: Serving;
  readonly watch: Watch;
  readonly streams: StreamsWatch;
  readonly builds: Builds;
  readonly delivery: DeliveryController;
  readonly onError: (error: unknown) => void;
}

const LOOP = 'policy:loop';

/**
 * Closes the ring between the rooms: looks at the monitors, lets the policy decide, carries decisions out. It decides
 * nothing itself; every step is a fact, and what a crash cut off is taken up again from the facts.
 */
export class LoopRunner {
  readonly #ports: LoopPorts;
  readonly #stops: (() => void)[] = [];

  constructor(ports: LoopPorts) {
    this.#ports = ports;
  }

  get #endpoint(): string {
    return this.#ports.serving.endpoint;
  }

  /**
   * Takes up what the last process left open, in the order in which it would have come, then looks at the monitors by
   * the clock. `due`: the timers of this very moment may not have ended; doing again what was done writes nothing new.
   */
  async start(due: boolean): Promise<void> {
    const { clock, config, state, onError } = this.#ports;
    await this.#ports.delivery.refresh();
    const { champion } = endpointState(state.delivery, this.#endpoint);
    if (champion !== null) await this.#ports.watch.recall(await this.#ports.shelf.load(champion.model));
    for (const [model, at] of state.pendingCards) await this.#ports.delivery.writeCard(model, at);
    const { openRun, pendingAnswers, pendingModel } = state;
    if (openRun !== undefined) {
      const { run, trigger, reason, candidates } = openRun.payload;
      await this.#ports.builds.start({
        run,
        trigger,
        reason,
        actor: openRun.actor,
        resumed: { startedAt: openRun.at, champion: state.openRunChampion },
        ...(openRun.correlation === null ? {} : { correlation: openRun.correlation }),
        ...(state.onlyOf(candidates) === undefined ? {} : { only: state.onlyOf(candidates)! }),
      });
    } else if (pendingModel !== undefined) {
      const record = await this.#ports.metadata.models.get(this.#ports.project, pendingModel.model);
      if (record !== undefined) await this.deliver(record, pendingModel);
    }
    for (const decided of pendingAnswers) await this.#answer(decided);
    const from = due ? clock.now() - 1 : clock.now();
    const every = parseDuration(config.monitors.every);
    const { streams } = config.monitors;
    // Before the monitors of the same moment, so that the policy hears what the streams just said.
    if (streams.watched)
      this.#stops.push(
        repeat(
          clock,
          after => nextLook(after, parseDuration(streams.every), config.timezone),
          () => this.#streams(),
          onError,
          from,
        ),
      );
    this.#stops.push(
      repeat(
        clock,
        after => nextLook(after, every, config.timezone),
        () => this.look(),
        onError,
        from,
      ),
    );
    const { schedule } = config.policy;
    if (schedule !== undefined) {
      this.#stops.push(
        repeat(
          clock,
          after => nextCron(after, schedule, config.timezone),
          () => this.request('schedule', `scheduled: ${schedule}`, 'schedule:cron'),
          onError,
          from,
        ),
      );
    }
  }

  stop(): void {
    this.#ports.delivery.stop();
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** One look: the open rollout, the monitors, then what the policy makes of both. */
  async look(): Promise<void> {
    const { clock, config, facts, state, shelf, watch } = this.#ports;
    await this.#ports.delivery.refresh();
    await this.#ports.delivery.look();
    const champion = endpointState(state.delivery, this.#endpoint).champion;
    if (champion === null) return;
    const now = clock.now();
    // After a restart in the middle of a look, what it has written stands: the champion may be another one by now.
    if (state.lookedAt < now)
      await facts.append(
        await watch.look(
          await shelf.load(champion.model),
          champion.since,
          endpointLearning(state.learning, this.#endpoint),
        ),
      );
    if (state.decidedAt < now)
      await facts.append(
        decideAnswers(state.learning, config.policy, {
          endpoint: this.#endpoint,
          now,
          monitors: config.monitors,
        }),
      );
    for (const entry of state.pendingAnswers) await this.#answer(entry);
    await this.#newData();
  }

  async #streams(): Promise<void> {
    const { state, shelf, streams } = this.#ports;
    const { champion } = endpointState(state.delivery, this.#endpoint);
    if (champion === null) return;
    await streams.step(champion, () => shelf.load(champion.model), {
      learning: endpointLearning(state.learning, this.#endpoint),
      lookedAt: state.lookedAt,
    });
  }

  /** Asks the policy for a retraining that no alarm asks for. */
  async request(trigger: 'manual' | 'schedule' | 'new-data', reason: string, actor: string): Promise<void> {
    const { clock, config, facts, state } = this.#ports;
    await facts.append(
      requestRetraining(state.learning, config.policy, {
        endpoint: this.#endpoint,
        trigger,
        reason,
        now: clock.now(),
        actor,
      }),
    );
    for (const entry of state.pendingAnswers) await this.#answer(entry);
  }

  /** A run passed: its model goes into service if nothing is, else into shadow beside the champion. */
  async deliver(
    record: ModelRecord,
    run: { readonly run: string; readonly correlation?: string | null },
  ): Promise<void> {
    const { clock, config, facts, state, shelf } = this.#ports;
    const now = clock.now();
    await shelf.load(record.model);
    const { champion, rollout } = endpointState(state.delivery, this.#endpoint);
    const correlation = run.correlation ?? run.run;
    const rest = { at: now, actor: LOOP, correlation };
    // What is trained here is registered, and put in place by whoever serves the endpoint.
    if (servedElsewhere(config)) return;
    if (champion === null) {
      await this.#ports.delivery.delivered(
        await facts.append([
          fact(
            'ModelDeployed',
            {
              endpoint: this.#endpoint,
              variant: 'champion',
              model: record.model,
              version: 1,
              reason: 'the first model that passed every gate',
            },
            { ...rest, idempotencyKey: `deploy/${record.model}` },
          ),
        ]),
      );
      return;
    }
    if (champion.model === record.model) return;
    if (rollout !== null)
      await facts.append(
        rejectByOperator(state.delivery, { endpoint: this.#endpoint, now, actor: LOOP }, 'superseded'),
      );
    await this.#ports.delivery.delivered(
      await facts.append(
        startRollout(state.delivery, {
          endpoint: this.#endpoint,
          rollout: `rollout-${state.rollouts + 1}`,
          challenger: record.model,
          config: config.endpoint!.rollout,
          now,
          actor: LOOP,
          correlation,
        }),
      ),
    );
  }

  /** Called by `Builds` for a run that passed. */
  async passed(outcome: BuildOutcome, correlation: string | undefined): Promise<void> {
    if (outcome.model !== undefined)
      await this.deliver(outcome.model, { run: outcome.record.run, correlation: correlation ?? null });
  }

  async #answer(decided: Extract<Entry, { type: 'AnswerDecided' }>): Promise<void> {
    const { builds, config, state } = this.#ports;
    const { answer, trigger, reason, alarm } = decided.payload;
    switch (answer) {
      case 'hold':
        return;
      case 'retrain':
        // Without a trainer of its own the decision itself is the hook: a channel of the notifier delivers it.
        if (!trains(config)) return;
        return builds.start({
          run: `run-${state.runs + 1}`,
          trigger,
          reason,
          actor: LOOP,
          ...(alarm === undefined ? {} : { correlation: alarm }),
        });
      case 'recalibrate': {
        const { facts, clock } = this.#ports;
        const news = await recalibrate(this.#ports, {
          endpoint: this.#endpoint,
          now: clock.now(),
          correlation: alarm,
        });
        await this.#ports.delivery.delivered(await facts.append(news));
        return;
      }
    }
  }

  async #newData(): Promise<void> {
    const { config, log, metadata, project } = this.#ports;
    const wanted = config.policy.newData;
    if (wanted === undefined) return;
    const { outcomes } = await log.counts(project, this.#endpoint);
    const cursor = (await metadata.cursors.get(project, 'new-data')) as { outcomes: number } | undefined;
    if (outcomes - (cursor?.outcomes ?? 0) < wanted) return;
    await this.request('new-data', `${outcomes - (cursor?.outcomes ?? 0)} new labels`, LOOP);
    await metadata.cursors.put(project, 'new-data', { outcomes });
  }
}
