import { type Evidence, type GuardrailReading } from '@twinloop/kernel';
import { asymptoticCS, type AsymptoticState } from '@twinloop/stats';

/** Guardrails look often and end things at once: each errs with at most this probability over all looks. */
export const GUARDRAIL_ALPHA = 0.01;

const sequence = asymptoticCS({ alpha: GUARDRAIL_ALPHA, tightestAt: 100, firstLook: 30 });

/** Means of label − score by block; immutable. */
export interface GapEvidence {
  readonly sequence: AsymptoticState;
  readonly n: number;
}
export const NO_GAP: GapEvidence = { sequence: sequence.start(), n: 0 };

export function addGuardBlock(
  { sequence: state, n }: GapEvidence,
  block: { readonly n: number; readonly gap: number },
): GapEvidence {
  if (block.n === 0) return { sequence: state, n };
  return { sequence: sequence.update(state, block.gap / block.n), n: n + block.n };
}

/** Trips when the whole confidence sequence of observed − predicted lies beyond the allowed gap. */
export function readCalibration({ sequence: state, n }: GapEvidence, allowed: number): GuardrailReading {
  const [low, high] = sequence.interval(state);
  const evidence: Evidence = {
    statistic: 'observed − predicted',
    value: n === 0 ? 0 : sequence.mean(state),
    n,
    ...(Number.isFinite(low) && Number.isFinite(high) ? { interval: [low, high] as const } : {}),
    threshold: allowed,
    method: `asymptotic confidence sequence over ${state.n} settled blocks, α = ${GUARDRAIL_ALPHA}`,
  };
  return { guardrail: 'calibration', tripped: low > allowed || high < -allowed, evidence };
}
