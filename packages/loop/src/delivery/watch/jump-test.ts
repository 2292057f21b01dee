import type { Evidence } from '@twinloop/kernel';
import { quantile, restartedBetting, type RestartedState } from '@twinloop/stats';

/** The shadow phase must have shown that many requests before a jump means anything. */
const SMALLEST_BASELINE = 500;
const QUANTILE = 0.99;
/** Requests of an hour are alike, and weather wanders: so large a share may lie beyond before it is a jump. */
const ALLOWED = 0.3;
const ALPHA = 0.001;

const process = restartedBetting({ mean: ALLOWED, stakes: [0.15, 0.3, 0.6], first: 0.5, restart: 0.005 });

export interface JumpBaseline {
  /** |a − b| that 99 % of the shadow phase's requests stayed below. */
  readonly limit: number;
  readonly n: number;
}

/** How far apart the two models were while one answered in shadow; null when too few requests were answered by both. */
export function jumpBaseline(a: Float64Array, b: Float64Array): JumpBaseline | null {
  const gaps = a.map((score, i) => Math.abs(score - b[i]!)).filter(Number.isFinite);
  if (gaps.length < SMALLEST_BASELINE) return null;
  return { limit: quantile(gaps.sort(), QUANTILE), n: gaps.length };
}

/** Requests within and beyond the limit, without any label; immutable. */
export interface JumpEvidence {
  readonly process: RestartedState;
  readonly beyond: number;
  readonly n: number;
  readonly jumped: boolean;
}

export const NO_JUMP: JumpEvidence = { process: process.start(), beyond: 0, n: 0, jumped: false };

export function addGap(evidence: JumpEvidence, { limit }: JumpBaseline, a: number, b: number): JumpEvidence {
  const gap = Math.abs(a - b);
  if (evidence.jumped || !Number.isFinite(gap)) return evidence;
  const beyond = gap > limit ? 1 : 0;
  const next = process.update(evidence.process, beyond);
  return {
    process: next,
    beyond: evidence.beyond + beyond,
    n: evidence.n + 1,
    jumped: process.eValue(next) >= 1 / ALPHA,
  };
}

export function describeJump({ beyond, n }: JumpEvidence, baseline: JumpBaseline): Evidence {
  return {
    statistic: 'share of answers further from the previous model than 99 % of the shadow phase',
    value: n === 0 ? 0 : beyond / n,
    n,
    threshold: ALLOWED,
    method: `restarted betting, α = ${ALPHA}; limit ${baseline.limit.toPrecision(3)} from ${baseline.n} requests in shadow`,
  };
}
