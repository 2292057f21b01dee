import { type EpochMs, type Evidence, type PairedRows, parseDuration } from '@twinloop/kernel';
import type { RolloutConfig } from '../config.js';
import { addGuardBlock, type GapEvidence, NO_GAP } from '../guardrails/calibration.js';
import type { OpenRollout } from '../state.js';
import { describeHarm, harmful, harmOf, harmTest } from './harm-test.js';
import { SettledBlocks } from './settled-blocks.js';

export interface CanaryHarm {
  readonly harmful: boolean;
  readonly evidence: Evidence;
  readonly gap: GapEvidence;
}

/**
 * A canary begins after two weeks of evidence for the challenger, and a day or two of blocks that share their weather
 * must not overrule it lightly: its test errs ten times less often than that of the watch.
 */
const STRICTER = 10;

/** The watch's own test, run on what was asked since clients have heard the challenger. */
export function canaryHarm(
  config: RolloutConfig,
  {
    metric,
    alpha,
    heardSince,
    startedAt,
  }: Pick<OpenRollout, 'metric' | 'alpha' | 'heardSince' | 'startedAt'>,
  paired: PairedRows,
  now: EpochMs,
): CanaryHarm {
  const since = heardSince ?? startedAt;
  const level = Math.min(alpha, config.rollback.alpha) / STRICTER;
  const test = harmTest(config.rollback.margin, 1);
  let harm = test.start();
  let gap = NO_GAP;
  const { block, settle } = config.rollback;
  const blocks = new SettledBlocks({
    since,
    block: parseDuration(block),
    settle: parseDuration(settle),
    harm: harmOf(metric),
  });
  const settled: Parameters<SettledBlocks['settle']>[1] = one => {
    harm = test.add(harm, one);
    gap = addGuardBlock(gap, one);
  };
  const { predictedAt, arrivedAt, label, a, b } = paired;
  const rows = Array.from(predictedAt.keys()).filter(i => predictedAt[i]! >= since && predictedAt[i]! <= now);
  rows.sort((i, k) => predictedAt[i]! - predictedAt[k]! || i - k);
  for (const i of rows) blocks.predicted(String(i), predictedAt[i]!, a[i]!, b[i]!);
  const arrivals = rows.filter(i => arrivedAt[i]! <= now);
  arrivals.sort((i, k) => arrivedAt[i]! - arrivedAt[k]! || i - k);
  for (const i of arrivals) blocks.labelled(String(i), label[i]!, arrivedAt[i]!, settled);
  blocks.settle(now, settled);
  return {
    harmful: harmful(harm, level),
    evidence: describeHarm(harm, { ...config.rollback, alpha: level }, metric, blocks.labels, [
      'champion',
      'challenger',
    ]),
    gap,
  };
}
