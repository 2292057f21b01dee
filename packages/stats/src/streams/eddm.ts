import { CALM, requireCount, type StreamDetector, streamDetector } from './stream-detector.js';

export interface EddmOptions {
  /** Errors before the first look. Default 30. */
  readonly warmUp?: number;
  /** It warns when the distance falls below this share of its largest. Default 0.95. */
  readonly warnBelow?: number;
  /** It alarms when the distance falls below this share of its largest. Default 0.9. */
  readonly driftBelow?: number;
}

/**
 * Early Drift Detection Method (Baena-García et al. 2006) on error bits (1 = error): the distances between errors, mean
 * plus two standard deviations, against their largest. Sees only increases of the error; alarms often when nothing
 * changed. The warning stays until the next error. Equals river 0.26.1's `EDDM`.
 */
export function eddm({ warmUp = 30, warnBelow = 0.95, driftBelow = 0.9 }: EddmOptions = {}): StreamDetector {
  requireCount('warmUp', warmUp);
  if (!(driftBelow > 0 && driftBelow <= warnBelow && warnBelow <= 1))
    throw new RangeError(`need 0 < driftBelow ≤ warnBelow ≤ 1, got ${driftBelow}, ${warnBelow}`);
  return streamDetector({
    takes: 'bits',
    forgets: true,
    start: () => ({
      n: 0,
      errors: 0,
      lastError: 0,
      mean: 0,
      squares: 0,
      largest: -1,
      ...CALM,
    }),
    step(memory, bit) {
      memory.n++;
      if (bit === 0) return;
      memory.errors++;
      const distance = memory.n - memory.lastError;
      const before = memory.mean;
      memory.mean += (1 / memory.errors) * (distance - before);
      memory.squares += (distance - before) * (distance - memory.mean);
      memory.lastError = memory.n;
      if (memory.n <= warmUp) return;
      const variance = memory.errors > 1 ? memory.squares / (memory.errors - 1) : 0;
      const level = memory.mean + 2 * Math.sqrt(variance);
      if (level > memory.largest) memory.largest = level;
      else if (memory.errors > warmUp) {
        const share = level / memory.largest;
        memory.drift = share < driftBelow;
        // An alarm leaves the warning as it was, as river does.
        if (!memory.drift) memory.warning = share < warnBelow;
      }
    },
  });
}
