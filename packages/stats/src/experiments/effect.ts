import type { Moments } from '../common/moments.js';

/** Absolute: treatment − control. Relative: (treatment − control)/control, the lift. */
export type EffectScale = 'absolute' | 'relative';

/** Why an effect cannot be judged. */
export type EffectProblem = 'no-units' | 'zero-baseline' | 'zero-variance';

export interface Effect {
  readonly scale: EffectScale;
  readonly effect: number;
  /** Of the effect; the lift's by the delta method, with its control in numerator and denominator. */
  readonly variance: number;
  /** Units of both arms. */
  readonly n: number;
  /** Welch–Satterthwaite, from the absolute scale. */
  readonly df: number;
  readonly problem: EffectProblem | null;
}

/**
 * Effect of an experiment from the moments of its arms (`moments` of values, `proportionArm`, `meanArm`, `ratioArm`,
 * `cuped`). `baseline` divides a lift, default the control's mean: with CUPED its unadjusted mean. A problem makes
 * the numbers NaN: an arm without units, a lift over a control mean of zero, an arm whose variance is not positive (one
 * unit, or all equal: no normal approximation holds). Source: gbstats 0.8 (`frequentist_diff`, `frequentist_variance`).
 */
export function experimentEffect(
  control: Moments,
  treatment: Moments,
  scale: EffectScale = 'absolute',
  baseline: number = control.mean,
): Effect {
  const n = control.n + treatment.n;
  const problem: EffectProblem | null =
    control.n === 0 || treatment.n === 0
      ? 'no-units'
      : scale === 'relative' && baseline === 0
        ? 'zero-baseline'
        : control.variance > 0 && treatment.variance > 0
          ? null
          : 'zero-variance';
  if (problem !== null) return { scale, effect: NaN, variance: NaN, n, df: NaN, problem };
  const vc = control.variance / control.n;
  const vt = treatment.variance / treatment.n;
  const share = vt / (vc + vt);
  const df = 1 / (share ** 2 / (treatment.n - 1) + (1 - share) ** 2 / (control.n - 1));
  const difference = treatment.mean - control.mean;
  if (scale === 'absolute') return { scale, effect: difference, variance: vc + vt, n, df, problem };
  const lift = difference / baseline;
  // Var(T/C) = (Var T + Var C·(T/C)²)/C².
  const variance = (vt + vc * (1 + lift) ** 2) / (baseline * baseline);
  return { scale, effect: lift, variance, n, df, problem };
}
