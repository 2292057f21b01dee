import { type Evidence, formatDuration, parseDuration } from '@twinloop/kernel';
import { harmEProcess, type HarmState } from '@twinloop/stats';
import type { RolloutConfig } from '../config.js';
import { lossOf } from '../losses.js';
import type { SettledBlock } from './settled-blocks.js';

const process = harmEProcess({ restart: 0.01, first: 0.5, stakes: [0.1, 0.2, 0.4, 0.7] });

/** loss(b) − loss(a), clipped: positive when the newer model is worse. */
export function harmOf(metric: string, clip: number): (label: number, a: number, b: number) => number {
  const loss = lossOf(metric);
  return (label, a, b) => {
    const difference = loss(label, b) - loss(label, a);
    return Math.max(-clip, Math.min(clip, difference));
  };
}

/** What the settled blocks of a watch or a canary have said so far; immutable. */
export interface HarmEvidence {
  readonly process: HarmState;
  /** Largest e-value so far: once it has crossed, it has crossed. */
  readonly peak: number;
  readonly blocks: number;
  readonly n: number;
  readonly harm: number;
}

export const NO_HARM: HarmEvidence = { process: process.start(), peak: 1, blocks: 0, n: 0, harm: 0 };

export function addBlock(evidence: HarmEvidence, block: SettledBlock, clip: number): HarmEvidence {
  if (block.n === 0) return evidence;
  const next = process.update(evidence.process, block.harm / (block.n * clip));
  return {
    process: next,
    peak: Math.max(evidence.peak, process.eValue(next)),
    blocks: evidence.blocks + 1,
    n: evidence.n + block.n,
    harm: evidence.harm + block.harm,
  };
}

/** The figures of a look; `value` is loss(previous) − loss(promoted), as in the rollout: negative means harm. */
export function describeHarm(
  { peak, blocks, n, harm }: HarmEvidence,
  config: RolloutConfig,
  metric: string,
  labels: number,
  [old, young]: readonly [string, string] = ['previous', 'promoted'],
): Evidence {
  const { alpha, block } = config.rollback;
  return {
    statistic: `paired ${metric} difference, ${old} − ${young}`,
    value: n === 0 ? 0 : -harm / n,
    n: labels,
    threshold: 0,
    method: `e-value ${peak.toPrecision(3)} of 1/α = ${(1 / alpha).toPrecision(3)}, restarted betting over ${blocks} settled blocks of ${formatDuration(parseDuration(block))}`,
  };
}

export function harmful({ peak }: HarmEvidence, alpha: number): boolean {
  return peak >= 1 / alpha;
}
