import { type Evidence, type GuardrailReading } from '@twinloop/kernel';
import { asymptoticCS, type AsymptoticState } from '@twinloop/stats';

/** Guardrails look often and end things at once: each errs with at most this probability over all looks. */
export const GUARDRAIL_ALPHA = 0.01;

const sequence = asymptoticCS({ alpha: GUARDRAIL_ALPHA, tightestAt: 100, firstLook: 30 });

/** Means of label − score by block; immutable. */
export interface GapEvidence {
  readonly sequence: AsymptoticState;
  readonly n: number;
  /** Sums of label − score of the model that is guarded, and of the one beside it. */
  readonly own: number;
  readonly other: number;
}
export const NO_GAP: GapEvidence = { sequence: sequence.start(), n: 0, own: 0, other: 0 };

export function addGuardBlock(
  evidence: GapEvidence,
  block: { readonly n: number; readonly gap: number; readonly otherGap: number },
): GapEvidence {
  if (block.n === 0) return evidence;
  return {
    sequence: sequence.update(evidence.sequence, block.gap / block.n),
    n: evidence.n + block.n,
    own: evidence.own + block.gap,
    other: evidence.other + block.otherGap,
  };
}

/**
 * Trips when the whole confidence sequence of observed − predicted lies beyond the allowed gap, and the other model misses
 * by at least half of the allowed gap less: a gap that both have is the world's and not the model's.
 */
export function readCalibration(
  { sequence: state, n, own, other }: GapEvidence,
  allowed: number,
): GuardrailReading {
  const [low, high] = sequence.interval(state);
  const evidence: Evidence = {
    statistic: 'observed − predicted',
    value: n === 0 ? 0 : sequence.mean(state),
    n,
    ...(Number.isFinite(low) && Number.isFinite(high) ? { interval: [low, high] as const } : {}),
    threshold: allowed,
    method: `asymptotic confidence sequence over ${state.n} settled blocks, α = ${GUARDRAIL_ALPHA}`,
  };
  const ownFault = Math.abs(own) - Math.abs(other) > (n * allowed) / 2;
  return { guardrail: 'calibration', tripped: ownFault && (low > allowed || high < -allowed), evidence };
}
