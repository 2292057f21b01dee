import {
  type EpochMs,
  type Evidence,
  formatDuration,
  type PairedRows,
  parseDuration,
} from '@twinloop/kernel';
import { clusteredSequence } from './clustered-sequence.js';
import type { RolloutConfig } from './config.js';
import { inLossUnits, lossOf } from './losses.js';

export type ComparisonStatus = 'continue' | 'better' | 'worse' | 'equivalent' | 'inconclusive';

export interface Comparison {
  /** Of the challenger, against the champion. */
  readonly status: ComparisonStatus;
  /** Mean of loss(champion) − loss(challenger): positive when the challenger is better. */
  readonly evidence: Evidence;
}

export interface Look {
  readonly startedAt: EpochMs;
  readonly now: EpochMs;
}

/**
 * Is the challenger better, on the requests that both answered? (`paired.a`: champion, `paired.b`: challenger.)
 *
 * Requests of one hour share weather, traffic and faults, so their losses are not independent and a sequence over
 * single requests promotes by luck. Requests are therefore grouped into blocks of prediction time, counted from the
 * start, and the blocks are the observations of an asymptotic confidence sequence (see {@link clusteredSequence}),
 * valid at every look. Only settled blocks count: the labels that come first are not a fair sample of all labels.
 */
export function compareLosses(config: RolloutConfig, paired: PairedRows, look: Look): Comparison {
  const loss = lossOf(config.metric);
  const block = parseDuration(config.block);
  const minDuration = parseDuration(config.minDuration);
  const age = look.now - look.startedAt;
  const settled = Math.floor((age - parseDuration(config.settle)) / block);
  const sums = new Float64Array(Math.max(0, settled));
  const counts = new Float64Array(sums.length);
  let n = 0;
  let championLoss = 0;
  for (let i = 0; i < paired.label.length; i++) {
    const index = Math.floor((paired.predictedAt[i]! - look.startedAt) / block);
    if (index < 0 || index >= settled) continue;
    const label = paired.label[i]!;
    const lost = loss(label, paired.a[i]!);
    const difference = lost - loss(label, paired.b[i]!);
    // A shadow copy that failed has no score: it says nothing about the challenger's losses.
    if (!Number.isFinite(difference)) continue;
    sums[index]! += difference;
    counts[index]!++;
    championLoss += lost;
    n++;
  }
  const sequence = clusteredSequence(sums, counts, config.alpha, Math.ceil(minDuration / block));
  const { mean, low, high, blocks } = sequence;
  championLoss /= n;
  const tolerance = inLossUnits(config.metric, config.tolerance, championLoss);
  const evidence: Evidence = {
    statistic: `paired ${config.metric} difference, champion − challenger`,
    value: mean,
    n,
    ...(Number.isFinite(low) ? { interval: [low, high] as const } : {}),
    threshold: 0,
    ...(n === 0 ? {} : { means: [championLoss, championLoss - mean] as const }),
    method: `asymptotic confidence sequence over ${blocks} blocks of ${formatDuration(block)}, one-sided α = ${config.alpha}`,
  };
  return { status: status(), evidence };

  function status(): ComparisonStatus {
    if (n >= config.minLabels && age >= minDuration) {
      if (low > 0) return 'better';
      if (high < 0) return 'worse';
      if (low > -tolerance && high < tolerance) return 'equivalent';
    }
    return age >= parseDuration(config.timeout) ? 'inconclusive' : 'continue';
  }
}
