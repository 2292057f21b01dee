import { requireOpenUnit } from '../common/samples.js';
import { CALM, requireCount, type StreamDetector, streamDetector } from './stream-detector.js';

export interface FhddmOptions {
  /** Length of the sliding window. Default 100. */
  readonly window?: number;
  /** Confidence of Hoeffding's bound, in (0, 1). Default 1e-6. */
  readonly confidence?: number;
}

/**
 * Fast Hoeffding Drift Detection Method (Pesaranghader & Viktor 2016): the share of ones in a sliding window against its
 * highest. The method takes 1 = correct and sees the accuracy fall; fed error bits it sees the error fall. Equals river
 * 0.26.1's `FHDDM` without its second window.
 */
export function fhddm({ window = 100, confidence = 1e-6 }: FhddmOptions = {}): StreamDetector {
  requireCount('window', window);
  requireOpenUnit('confidence', confidence);
  const bound = Math.sqrt(Math.log(1 / confidence) / (2 * window));
  return streamDetector({
    takes: 'bits',
    forgets: true,
    start: () => ({
      bits: new Array<number>(window).fill(0),
      at: 0,
      held: 0,
      ones: 0,
      highest: 0,
      ...CALM,
    }),
    step(memory, bit) {
      memory.bits[memory.at] = bit;
      memory.at = memory.at + 1 === window ? 0 : memory.at + 1;
      memory.ones += bit;
      memory.held++;
      if (memory.held < window) return;
      const share = memory.ones / window;
      if (share > memory.highest) memory.highest = share;
      memory.drift = memory.highest - share > bound;
      memory.ones -= memory.bits[memory.at]!;
      memory.held--;
    },
  });
}
