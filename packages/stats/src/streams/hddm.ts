import { requireOpenUnit } from '../common/samples.js';
import { CALM, type StreamDetector, streamDetector } from './stream-detector.js';

export interface HddmOptions {
  /** Confidence of the alarm, in (0, 1). Default 0.001. */
  readonly drift?: number;
  /** Confidence of the warning, in (0, 1). Default 0.005. */
  readonly warning?: number;
}

export interface HddmWOptions extends HddmOptions {
  /** Weight of the newest value in the moving averages, in (0, 1). Default 0.05. */
  readonly lambda?: number;
}

// Stands for infinity, which JSON does not know.
const HUGE = Number.MAX_VALUE;

/**
 * HDDM with averages (Frías-Blanco et al. 2015, "A-test") on values in [0, 1], 1 = error: the mean since the start
 * against the mean up to the best cut point, by Hoeffding's inequality. One-sided: sees only increases. Equals river
 * 0.26.1's `HDDM_A`.
 */
export function hddmA({ drift = 0.001, warning = 0.005 }: HddmOptions = {}): StreamDetector {
  requireOpenUnit('drift', drift);
  requireOpenUnit('warning', warning);
  const bound = (n: number): number => Math.sqrt((1 / (2 * n)) * Math.log(1 / drift));
  const exceeds = (gain: number, share: number, confidence: number): boolean =>
    gain >= Math.sqrt((share / 2) * Math.log(2 / confidence));
  return streamDetector({
    takes: 'unit',
    forgets: true,
    start: () => ({ n: 0, mean: 0, cut: 0, cutMean: 0, ...CALM }),
    step(memory, value) {
      memory.n++;
      memory.mean += (1 / memory.n) * (value - memory.mean);
      const { n, mean } = memory;
      if (memory.cut === 0 || memory.cutMean + bound(memory.cut) >= mean + bound(n)) {
        memory.cut = n;
        memory.cutMean = mean;
      }
      const share = ((n - memory.cut) / memory.cut) * (1 / n);
      const gain = mean - memory.cutMean;
      memory.drift = n > memory.cut && exceeds(gain, share, drift);
      memory.warning = n > memory.cut && !memory.drift && exceeds(gain, share, warning);
    },
  });
}

/**
 * HDDM with exponentially weighted averages (Frías-Blanco et al. 2015, "W-test") on values in [0, 1], 1 = error: the
 * moving average after the best cut point against the one up to it, by McDiarmid's inequality. One-sided: sees only
 * increases. Equals river 0.26.1's `HDDM_W`.
 */
export function hddmW({ drift = 0.001, warning = 0.005, lambda = 0.05 }: HddmWOptions = {}): StreamDetector {
  requireOpenUnit('drift', drift);
  requireOpenUnit('warning', warning);
  requireOpenUnit('lambda', lambda);
  const bound = (weight: number, confidence: number): number =>
    Math.sqrt((weight * Math.log(1 / confidence)) / 2);
  const average = (before: number, value: number): number => lambda * value + (1 - lambda) * before;
  // Sum of squared weights, McDiarmid's condition; starts at 1.
  const spread = (before: number): number => lambda * lambda + (1 - lambda) ** 2 * before;
  return streamDetector({
    takes: 'unit',
    forgets: true,
    start: () => ({
      n: 0,
      total: 0,
      totalSpread: 1,
      cutLevel: HUGE,
      first: 0,
      firstSpread: 1,
      sinceCut: 0,
      second: 0,
      secondSpread: 1,
      ...CALM,
    }),
    step(memory, value) {
      memory.total = memory.n === 0 ? value : average(memory.total, value);
      memory.totalSpread = spread(memory.totalSpread);
      memory.n++;
      const level = memory.total + bound(memory.totalSpread, drift);
      if (level < memory.cutLevel) {
        memory.cutLevel = level;
        memory.first = memory.total;
        memory.firstSpread = memory.totalSpread;
        memory.sinceCut = 0;
        memory.secondSpread = 1;
      } else {
        memory.second = memory.sinceCut === 0 ? value : average(memory.second, value);
        memory.secondSpread = spread(memory.secondSpread);
        memory.sinceCut++;
      }
      const gain = memory.second - memory.first;
      const weight = memory.firstSpread + memory.secondSpread;
      memory.drift = memory.sinceCut > 0 && gain > bound(weight, drift);
      memory.warning = memory.sinceCut > 0 && !memory.drift && gain > bound(weight, warning);
    },
  });
}
