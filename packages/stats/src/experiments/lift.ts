import type { Moments } from '../common/moments.js';
import { requireOpenUnit } from '../common/samples.js';
import { normalQuantile } from '../special/normal.js';
import { experimentEffect } from './effect.js';

export interface RelativeLift {
  /** (treatment − control)/control. */
  readonly lift: number;
  /** Delta method: symmetric, good when the control's mean is many standard errors from 0. */
  readonly interval: readonly [low: number, high: number];
  /**
   * Fieller 1954: every lift that "treatment − (1 + lift)·control = 0" does not reject; holds however noisy the
   * control is. NaN when `fiellerShape` is not `bounded`.
   */
  readonly fieller: readonly [low: number, high: number];
  /** The control's mean is not distinguishable from 0 when this is not `bounded`: no finite interval can be right. */
  readonly fiellerShape: 'bounded' | 'unbounded';
}

/**
 * Relative lift of independent arms with normal means. NaN when an arm has no units, the control's mean is 0 or a
 * variance is not positive.
 */
export function relativeLift(control: Moments, treatment: Moments, confidence = 0.95): RelativeLift {
  requireOpenUnit('confidence', confidence);
  const z = normalQuantile((1 + confidence) / 2);
  const { effect: lift, variance, problem } = experimentEffect(control, treatment, 'relative');
  const half = z * Math.sqrt(variance);
  const base = { lift, interval: [lift - half, lift + half] as const };
  const squaredError = control.variance / control.n;
  // g ≥ 1: the control's own interval contains 0.
  const g = (z * z * squaredError) / control.mean ** 2;
  if (problem !== null || !(g < 1)) return { ...base, fieller: [NaN, NaN], fiellerShape: 'unbounded' };
  const ratio = treatment.mean / control.mean;
  const relative = treatment.variance / treatment.n / control.mean ** 2;
  const spread = z * Math.sqrt(relative * (1 - g) + (ratio * ratio * squaredError) / control.mean ** 2);
  return {
    ...base,
    fieller: [(ratio - spread) / (1 - g) - 1, (ratio + spread) / (1 - g) - 1],
    fiellerShape: 'bounded',
  };
}
