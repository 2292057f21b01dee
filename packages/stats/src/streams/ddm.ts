import {
  CALM,
  requireCount,
  requirePositive,
  type StreamDetector,
  streamDetector,
} from './stream-detector.js';

export interface DdmOptions {
  /** Values before the first look. Default 30. */
  readonly warmUp?: number;
  /** Standard deviations above the lowest error rate at which it warns. Default 2. */
  readonly warnAt?: number;
  /** Standard deviations above the lowest error rate at which it alarms. Default 3. */
  readonly driftAt?: number;
}

// Stands for infinity, which JSON does not know.
const HUGE = Number.MAX_VALUE;

/**
 * Drift Detection Method (Gama et al. 2004) on error bits (1 = error): the error rate since the start against its lowest
 * value. Sees only increases, and those late when the past is long. Equals river 0.26.1's `DDM`.
 */
export function ddm({ warmUp = 30, warnAt = 2, driftAt = 3 }: DdmOptions = {}): StreamDetector {
  requireCount('warmUp', warmUp);
  requirePositive('warnAt', warnAt);
  requirePositive('driftAt', driftAt);
  return streamDetector({
    takes: 'bits',
    forgets: true,
    start: () => ({ n: 0, rate: 0, leastRate: 0, leastSpread: 0, least: HUGE, ...CALM }),
    step(memory, bit) {
      memory.n++;
      memory.rate += (1 / memory.n) * (bit - memory.rate);
      if (memory.n <= warmUp) return;
      const { rate } = memory;
      const spread = Math.sqrt((rate * (1 - rate)) / memory.n);
      const level = rate + spread;
      if (level <= memory.least) {
        memory.leastRate = rate;
        memory.leastSpread = spread;
        memory.least = level;
      }
      memory.drift = level > memory.leastRate + driftAt * memory.leastSpread;
      memory.warning = !memory.drift && level > memory.leastRate + warnAt * memory.leastSpread;
    },
  });
}
