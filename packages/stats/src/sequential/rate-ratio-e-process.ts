/** Log wealth at each alternative rate ratio. */
export interface RateRatioState {
  readonly logWealth: readonly number[];
}

export interface RateRatioOptions {
  /** Rate ratios (treatment over control) of the alternatives, averaged; default 25 from 1.2 to 20, evenly in log. */
  readonly ratios?: readonly number[];
  /** Largest ratio that is tolerated: the null is "ratio ≤ tolerated". Default 1. */
  readonly tolerated?: number;
}

/** Events and exposures (requests, hours) of one period, control and treatment. */
export interface RatePeriod {
  readonly controlEvents: number;
  readonly controlExposure: number;
  readonly treatmentEvents: number;
  readonly treatmentExposure: number;
}

export interface RateRatioEProcess {
  start(): RateRatioState;
  update(state: RateRatioState, period: RatePeriod): RateRatioState;
  /** Logarithm of the e-value: reject at alpha, at any time, when it reaches −ln(alpha). */
  logEValue(state: RateRatioState): number;
}

const DEFAULT_RATIOS = Array.from({ length: 25 }, (_, i) => 1.2 * (20 / 1.2) ** (i / 24));

/**
 * E-process against "events per exposure are at most `tolerated` times as frequent in the treatment as in the control",
 * whatever the common rate and however it moves: given the events of a period, those of the treatment are binomial with
 * share E_t·ratio/(E_c + E_t·ratio), so that the rate cancels. Likelihood ratios averaged over the alternatives. Exact
 * for Poisson events, slightly cautious for rare failures of requests. Exposures may differ from period to period but
 * must not depend on the period's events. Source: Robbins 1970 (mixtures); Lindon & Malek 2022, "Anytime-valid inference
 * for multinomial count data".
 */
export function rateRatioEProcess(options: RateRatioOptions = {}): RateRatioEProcess {
  const { tolerated = 1, ratios = DEFAULT_RATIOS.map(ratio => ratio * tolerated) } = options;
  if (!(tolerated > 0 && tolerated < Infinity))
    throw new RangeError(`tolerated must be positive and finite, got ${tolerated}`);
  if (ratios.length === 0 || !ratios.every(ratio => ratio > tolerated && ratio < Infinity))
    throw new RangeError('ratios must be finite and larger than the tolerated one, and at least one');
  return {
    start: () => ({ logWealth: ratios.map(() => 0) }),
    update({ logWealth }, { controlEvents: c, controlExposure, treatmentEvents: t, treatmentExposure }) {
      for (const value of [c, controlExposure, t, treatmentExposure]) {
        if (!(value >= 0 && value < Infinity))
          throw new RangeError(`events and exposures must be finite and not negative, got ${value}`);
      }
      if ((c > 0 && controlExposure === 0) || (t > 0 && treatmentExposure === 0))
        throw new RangeError('events need an exposure');
      // One side alone says nothing about the ratio.
      if (controlExposure === 0 || treatmentExposure === 0) return { logWealth };
      const odds = treatmentExposure / controlExposure;
      return {
        logWealth: logWealth.map((held, i) => {
          const gain = Math.log1p(odds * tolerated) - Math.log1p(odds * ratios[i]!);
          return held + t * (Math.log(ratios[i]! / tolerated) + gain) + c * gain;
        }),
      };
    },
    logEValue({ logWealth }) {
      const most = Math.max(...logWealth);
      const sum = logWealth.reduce((total, log) => total + Math.exp(log - most), 0);
      return most + Math.log(sum / logWealth.length);
    },
  };
}
