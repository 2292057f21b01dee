import { type Evidence, formatDuration, parseDuration } from '@twinloop/kernel';
import { symmetricBetting, type SymmetricState } from '@twinloop/stats';
import type { RolloutConfig } from '../config.js';
import { lossOf } from '../losses.js';
import type { SettledBlock } from './settled-blocks.js';

/** In units of a block's usual difference; chosen on the flights (docs/decisions/0019). */
const STAKES = [0.4, 0.8, 1.6];

/** loss(b) − loss(a): positive when the newer model is worse. */
export function harmOf(metric: string): (label: number, a: number, b: number) => number {
  const loss = lossOf(metric);
  return (label, a, b) => loss(label, b) - loss(label, a);
}

/** What the settled blocks of a watch or a canary have said so far; immutable. */
export interface HarmEvidence {
  readonly process: SymmetricState;
  /** Largest e-value so far: once it has crossed, it has crossed. */
  readonly peak: number;
  readonly blocks: number;
  readonly n: number;
  readonly harm: number;
}

export interface HarmTest {
  start(): HarmEvidence;
  add(evidence: HarmEvidence, block: SettledBlock): HarmEvidence;
  /** The answers have jumped: a second gambler joins, for whom the good blocks before never were. */
  jumped(evidence: HarmEvidence): HarmEvidence;
}

/**
 * Is the newer model worse? Blocks are the observations, each with the sum of its differences, so that full hours count
 * more than empty ones. The null hypothesis is that a block speaks against either model alike. `first`: share of the
 * wealth that is staked from the start; the rest waits for a jump of the answers.
 */
export function harmTest(margin: number, first: number): HarmTest {
  const process = symmetricBetting({ stakes: STAKES, first, margin });
  return {
    start: () => ({ process: process.start(), peak: 1, blocks: 0, n: 0, harm: 0 }),
    add(evidence, block) {
      if (block.n === 0) return evidence;
      const next = process.update(evidence.process, block.harm);
      return {
        process: next,
        peak: Math.max(evidence.peak, process.eValue(next)),
        blocks: evidence.blocks + 1,
        n: evidence.n + block.n,
        harm: evidence.harm + block.harm,
      };
    },
    jumped: evidence => ({ ...evidence, process: process.again(evidence.process) }),
  };
}

export function harmful({ peak }: HarmEvidence, alpha: number): boolean {
  return peak >= 1 / alpha;
}

/** The figures of a look; `value` is loss(previous) − loss(promoted), as in the rollout: negative means harm. */
export function describeHarm(
  { peak, blocks, n, harm }: HarmEvidence,
  rollback: RolloutConfig['rollback'],
  metric: string,
  labels: number,
  [old, young]: readonly [string, string] = ['previous', 'promoted'],
): Evidence {
  const block = formatDuration(parseDuration(rollback.block));
  return {
    statistic: `paired ${metric} difference, ${old} − ${young}`,
    value: n === 0 ? 0 : -harm / n,
    n: labels,
    threshold: 0,
    eValue: { value: peak, decidesAt: 1 / rollback.alpha },
    method: `betting on ${blocks} settled blocks of ${block}: e-value ${peak.toPrecision(3)}, decides at ${(1 / rollback.alpha).toPrecision(3)} (α = ${rollback.alpha})`,
  };
}
