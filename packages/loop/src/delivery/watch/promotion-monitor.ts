import { type AnyNewFact, type EpochMs, fact, type GuardrailReading, parseDuration } from '@twinloop/kernel';
import type { RolloutConfig } from '../config.js';
import { readGuardrails } from '../guardrails/read-guardrails.js';
import { addGuardBlock, NO_GAP } from '../guardrails/calibration.js';
import type { ArmService, WatchReading } from '../reading.js';
import { rollbackKey } from '../rollback-by-operator.js';
import { inLossUnits } from '../losses.js';
import type { PromotionWatch } from '../state.js';
import { describeHarm, harmful, type HarmEvidence, harmOf, type HarmTest, harmTest } from './harm-test.js';
import { addGap, describeJump, type JumpBaseline, jumpBaseline, NO_JUMP } from './jump-test.js';
import { type SettledBlock, SettledBlocks } from './settled-blocks.js';

const ACTOR = 'policy:loop';
const DAY = 86_400_000;
/** Share of the wealth that is staked from the promotion on; the rest waits for a jump of the answers. */
const FIRST = 0.6;
/** Settled blocks after a hold that must not speak against the model before it answers again. */
const RELEASE_BLOCKS = 24;

/**
 * Watches one promotion: is the promoted model worse than the one before it, on the requests that both answered? Owned
 * by its caller and fed request by request and label by label, each in order of time; after a restart it is fed again
 * from the log and says the same ({@link watchPromotion}). Decisions are facts; the watch itself is the fold's.
 */
export class PromotionMonitor {
  readonly #config: RolloutConfig;
  readonly #metric: string;
  readonly #since: EpochMs;
  readonly #tolerance: number;
  readonly #baseline: JumpBaseline | null;
  readonly #blocks: SettledBlocks;
  readonly #test: HarmTest;
  readonly #block: number;
  #harm: HarmEvidence;
  /** Blocks that were predicted after a hold. */
  #afterHold: { n: number; blocks: number; harm: number } = { n: 0, blocks: 0, harm: 0 };
  #heldAt: EpochMs | null = null;
  #gap = NO_GAP;
  #jump = NO_JUMP;
  #jumpedAt: EpochMs | null = null;

  constructor(
    config: RolloutConfig,
    watch: Pick<PromotionWatch, 'since' | 'metric' | 'previousLoss' | 'held'>,
    baseline: WatchReading['baseline'],
  ) {
    this.#config = config;
    this.#metric = watch.metric;
    this.#since = watch.since;
    this.#tolerance = inLossUnits(watch.metric, config.tolerance, watch.previousLoss ?? 0);
    this.#heldAt = watch.held?.since ?? null;
    this.#baseline = jumpBaseline(baseline.a, baseline.b);
    this.#block = parseDuration(config.rollback.block);
    this.#test = harmTest(config.rollback.margin, FIRST);
    this.#harm = this.#test.start();
    this.#blocks = new SettledBlocks({
      since: watch.since,
      block: this.#block,
      settle: parseDuration(config.rollback.settle),
      harm: harmOf(watch.metric),
    });
  }

  /** One request with the scores of the previous model and the promoted one, whoever was heard. */
  predicted(id: string, at: EpochMs, previous: number, promoted: number): void {
    this.#blocks.predicted(id, at, previous, promoted);
    if (this.#baseline === null || this.#jump.jumped) return;
    this.#jump = addGap(this.#jump, this.#baseline, previous, promoted);
    if (this.#jump.jumped) this.#jumpedAt = at;
  }

  labelled(id: string, label: number, arrivedAt: EpochMs): void {
    this.#blocks.labelled(id, label, arrivedAt, this.#settled);
  }

  /** Cheap enough for every request: the hold, when the answers have jumped and nothing is held or was cleared before. */
  hold(watch: PromotionWatch, now: EpochMs): readonly AnyNewFact[] {
    if (!this.#config.rollback.hold || this.#baseline === null || !this.#jump.jumped) return [];
    if (now >= watch.until || watch.held !== null || watch.releasedAt !== null) return [];
    this.#heldAt = now;
    return [
      fact(
        'TrafficHeld',
        {
          endpoint: watch.endpoint,
          rollout: watch.rollout,
          model: watch.model,
          answering: watch.previous,
          evidence: describeJump(this.#jump, this.#baseline),
        },
        this.#rest(watch, now, 'held'),
      ),
    ];
  }

  /** What the guardrails read now. */
  guardrails(service: readonly ArmService[]): readonly GuardrailReading[] {
    return readGuardrails(this.#config, {
      metric: this.#metric,
      gap: this.#gap,
      service,
      arms: ['promoted', 'previous'],
    });
  }

  /**
   * One look. A rollback when the labels or a guardrail say so; a hold, or its end; once a day what was seen; `kept` when
   * the window is over. A suspect that labels have not cleared when its window has ended (and settled) is rolled back.
   */
  look(watch: PromotionWatch, service: readonly ArmService[], now: EpochMs): readonly AnyNewFact[] {
    const { rollback } = this.#config;
    this.#heldAt = watch.held?.since ?? null;
    this.#blocks.settle(now, this.#settled);
    const evidence = describeHarm(this.#harm, this.#config.rollback, this.#metric, this.#blocks.labels);
    const observed = (status: 'continue' | 'kept') =>
      fact(
        'PromotionObserved',
        {
          endpoint: watch.endpoint,
          rollout: watch.rollout,
          model: watch.model,
          previous: watch.previous,
          evidence,
          status,
        },
        this.#rest(watch, now, `watched/${now}`),
      );
    const guardrails = this.guardrails(service);
    if (harmful(this.#harm, rollback.alpha))
      return [observed('continue'), this.#back(watch, now, 'evidence', evidence)];
    const tripped = guardrails.find(one => one.tripped);
    if (tripped !== undefined)
      return [observed('continue'), this.#back(watch, now, 'guardrail', tripped.evidence, guardrails)];
    if (watch.held !== null) return this.#lookHeld(watch, now, observed, evidence);
    const held = this.hold(watch, now);
    if (held.length > 0) return held;
    if (now >= watch.until) return [observed('kept')];
    return now - (watch.observed?.at ?? watch.since) >= DAY ? [observed('continue')] : [];
  }

  #lookHeld(
    watch: PromotionWatch,
    now: EpochMs,
    observed: (status: 'continue' | 'kept') => AnyNewFact,
    evidence: ReturnType<typeof describeHarm>,
  ): readonly AnyNewFact[] {
    const { n, blocks, harm } = this.#afterHold;
    if (blocks >= RELEASE_BLOCKS && harm / n <= this.#tolerance) {
      const { endpoint, rollout, model } = watch;
      const released = fact(
        'TrafficReleased',
        { endpoint, rollout, model, evidence },
        this.#rest(watch, now, 'released'),
      );
      return now >= watch.until ? [released, observed('kept')] : [released];
    }
    if (now >= watch.until + parseDuration(this.#config.rollback.settle))
      return [observed('continue'), this.#back(watch, now, 'evidence', watch.held!.evidence)];
    return now - (watch.observed?.at ?? watch.since) >= DAY ? [observed('continue')] : [];
  }

  #settled = (block: SettledBlock): void => {
    const from = this.#since + block.index * this.#block;
    if (this.#jumpedAt !== null && from >= this.#jumpedAt) this.#harm = this.#test.jumped(this.#harm);
    this.#harm = this.#test.add(this.#harm, block);
    this.#gap = addGuardBlock(this.#gap, block);
    if (this.#heldAt === null || from < this.#heldAt || block.n === 0) return;
    const { n, blocks, harm } = this.#afterHold;
    this.#afterHold = { n: n + block.n, blocks: blocks + 1, harm: harm + block.harm };
  };

  #back(
    watch: PromotionWatch,
    now: EpochMs,
    by: 'evidence' | 'guardrail',
    evidence: ReturnType<typeof describeHarm>,
    guardrails?: ReturnType<typeof readGuardrails>,
  ): AnyNewFact {
    const { endpoint, rollout, model, previous: restored, previousVersion: version } = watch;
    return fact(
      'ModelRolledBack',
      {
        endpoint,
        rollout,
        model,
        restored,
        version,
        evidence,
        by,
        ...(guardrails === undefined ? {} : { guardrails }),
      },
      { at: now, actor: ACTOR, correlation: rollout, idempotencyKey: rollbackKey(rollout) },
    );
  }

  #rest({ rollout }: PromotionWatch, at: EpochMs, key: string) {
    return { at, actor: ACTOR, correlation: rollout, idempotencyKey: `rollout/${rollout}/${key}` };
  }
}

/** One look at a promotion from everything that is known at `now`: what a {@link PromotionMonitor} fed in time would say. */
export function watchPromotion(
  config: RolloutConfig,
  watch: PromotionWatch,
  reading: WatchReading,
  now: EpochMs,
): readonly AnyNewFact[] {
  return feed(new PromotionMonitor(config, watch, reading.baseline), reading.rows, now).look(
    watch,
    reading.service,
    now,
  );
}

/** Gives a new monitor what happened until `now`. Rows are in order of prediction. */
export function feed(
  monitor: PromotionMonitor,
  { predictedAt, arrivedAt, label, a, b }: WatchReading['rows'],
  now: EpochMs,
): PromotionMonitor {
  const arrivals: number[] = [];
  for (let i = 0; i < predictedAt.length && predictedAt[i]! <= now; i++) {
    monitor.predicted(String(i), predictedAt[i]!, a[i]!, b[i]!);
    if (arrivedAt[i]! <= now) arrivals.push(i);
  }
  arrivals.sort((i, k) => arrivedAt[i]! - arrivedAt[k]! || i - k);
  for (const i of arrivals) monitor.labelled(String(i), label[i]!, arrivedAt[i]!);
  return monitor;
}
