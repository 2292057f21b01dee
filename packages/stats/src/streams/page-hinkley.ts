import { requireNonNegative } from '../common/samples.js';
import {
  CALM,
  requireCount,
  requirePositive,
  type StreamDetector,
  streamDetector,
} from './stream-detector.js';

export interface PageHinkleyOptions {
  /** Values before the first look. Default 30. */
  readonly warmUp?: number;
  /** A change of the mean up to this is tolerated, in units of the values. Default 0.005. */
  readonly delta?: number;
  /** Alarm when the cumulated deviation exceeds this, in units of the values. Default 50. */
  readonly threshold?: number;
  /** Forgetting factor of the cumulated deviations, in (0, 1]. Default 0.9999. */
  readonly alpha?: number;
  readonly direction?: 'up' | 'down' | 'both';
}

// Stands for infinity, which JSON does not know.
const HUGE = Number.MAX_VALUE;

/**
 * Page–Hinkley test (Page 1954) for a change of the mean: the sum of deviations from the running mean, against its
 * extreme so far. Numbers of any scale; `delta` and `threshold` are in their units. Equals river 0.26.1's `PageHinkley`.
 */
export function pageHinkley(options: PageHinkleyOptions = {}): StreamDetector {
  const { warmUp = 30, delta = 0.005, threshold = 50, alpha = 0.9999, direction = 'both' } = options;
  requireCount('warmUp', warmUp);
  requireNonNegative('delta', delta);
  requirePositive('threshold', threshold);
  if (!(alpha > 0 && alpha <= 1)) throw new RangeError(`alpha must lie in (0, 1], got ${alpha}`);
  const up = direction !== 'down';
  const down = direction !== 'up';
  return streamDetector({
    takes: 'numbers',
    forgets: true,
    // The largest sum starts at −1 as river's does.
    start: () => ({ n: 0, mean: 0, rise: 0, fall: 0, least: HUGE, most: -1, ...CALM }),
    step(memory, value) {
      memory.n++;
      memory.mean += (1 / memory.n) * (value - memory.mean);
      const deviation = value - memory.mean;
      memory.rise = alpha * memory.rise + deviation - delta;
      memory.fall = alpha * memory.fall + deviation + delta;
      if (memory.rise < memory.least) memory.least = memory.rise;
      if (memory.fall > memory.most) memory.most = memory.fall;
      memory.drift =
        memory.n >= warmUp &&
        ((up && memory.rise - memory.least > threshold) || (down && memory.most - memory.fall > threshold));
    },
  });
}
