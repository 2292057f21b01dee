import type { Evidence } from '@twinloop/kernel';
import { binomialEProcess, type BinomialState, quantile } from '@twinloop/stats';

/** The shadow phase must have shown that many requests before a jump means anything. */
const SMALLEST_BASELINE = 500;
const QUANTILE = 0.99;
/** Requests of an hour are alike, so the share beyond may wander: it must exceed that margin, not 1 %. */
const MARGIN = 0.15;
const ALPHA = 0.001;

const process = binomialEProcess(MARGIN, { alternative: 'greater' });

export interface HoldBaseline {
  /** |a − b| that 99 % of the shadow phase's requests stayed below. */
  readonly limit: number;
  readonly n: number;
}

/** How far apart the two models were while one answered in shadow; null when too few requests were answered by both. */
export function holdBaseline(a: Float64Array, b: Float64Array): HoldBaseline | null {
  const gaps = a.map((score, i) => Math.abs(score - b[i]!)).filter(Number.isFinite);
  if (gaps.length < SMALLEST_BASELINE) return null;
  return { limit: quantile(gaps.sort(), QUANTILE), n: gaps.length };
}

/** Counts of requests within and beyond the baseline's limit; immutable. */
export interface HoldEvidence {
  readonly state: BinomialState;
  readonly peak: number;
}

export const NO_JUMP: HoldEvidence = { state: process.start(), peak: 1 };

export function addGap(evidence: HoldEvidence, { limit }: HoldBaseline, a: number, b: number): HoldEvidence {
  const gap = Math.abs(a - b);
  if (!Number.isFinite(gap)) return evidence;
  const state = process.update(evidence.state, gap > limit ? 1 : 0);
  return { state, peak: Math.max(evidence.peak, process.eValue(state)) };
}

export function jumped({ peak }: HoldEvidence): boolean {
  return peak >= 1 / ALPHA;
}

export function describeJump({ state }: HoldEvidence, { limit, n }: HoldBaseline): Evidence {
  return {
    statistic: 'share of answers further from the previous model than 99 % of the shadow phase',
    value: process.mean(state),
    n: state.successes + state.failures,
    threshold: MARGIN,
    method: `binomial e-process, α = ${ALPHA}; limit ${limit.toPrecision(3)} from ${n} requests in shadow`,
  };
}
