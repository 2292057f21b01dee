import { requireOpenUnit } from '../common/samples.js';
import { CALM, type Flags, requireCount, type StreamDetector, streamDetector } from './stream-detector.js';

export interface AdwinOptions {
  /** Confidence of one cut, in (0, 1). Default 0.002. */
  readonly delta?: number;
  /** Looks for a cut at every so many values. Default 32. */
  readonly clock?: number;
  /** Buckets of one size before the two oldest merge. Default 5. */
  readonly buckets?: number;
  /** Values on either side of a cut, at least. Default 5. */
  readonly side?: number;
  /** No look before the window is longer than this. Default 10. */
  readonly grace?: number;
}

/** Row i holds buckets of 2^i values, `held[i]` of them, the oldest first, from index i · (buckets + 1). */
interface Memory extends Flags {
  n: number;
  total: number;
  squares: number;
  held: number[];
  totals: number[];
}

/**
 * ADWIN, the adaptive window of Bifet & Gavaldà (2007) for a change of the mean, either way: an exponential histogram of
 * the values since the last alarm, cut wherever the two sides' means differ by more than a Bernstein bound. O(log n)
 * memory. Equals river 0.26.1's `ADWIN`, which forgets the whole window after an alarm (the paper keeps the recent part).
 */
export function adwin(options: AdwinOptions = {}): StreamDetector {
  const { delta = 0.002, clock = 32, buckets = 5, side = 5, grace = 10 } = options;
  requireOpenUnit('delta', delta);
  requireCount('clock', clock);
  requireCount('buckets', buckets);
  requireCount('side', side);
  requireCount('grace', grace);
  const row = buckets + 1;
  return streamDetector<Memory>({
    takes: 'numbers',
    forgets: true,
    start: () => ({ n: 0, total: 0, squares: 0, held: [], totals: [], ...CALM }),
    step(memory, value) {
      insert(memory, value, row);
      memory.drift = memory.n % clock === 0 && memory.n > grace && hasCut(memory, row, side, delta);
    },
  });
}

function insert(memory: Memory, value: number, row: number): void {
  const before = memory.n++;
  if (before > 0) {
    const deviation = value - memory.total / before;
    memory.squares += (before * deviation * deviation) / memory.n;
  }
  memory.total += value;
  const { held, totals } = memory;
  let carried = value;
  for (let i = 0; ; i++) {
    if (i === held.length) {
      held.push(0);
      for (let k = 0; k < row; k++) totals.push(0);
    }
    const first = i * row;
    totals[first + held[i]!++] = carried;
    if (held[i]! < row) return;
    carried = totals[first]! + totals[first + 1]!;
    held[i] = row - 2;
    for (let k = first; k < first + row - 2; k++) totals[k] = totals[k + 2]!;
  }
}

/** Whether some cut between two buckets, from the oldest on, separates two means. */
function hasCut(
  { n, total, squares, held, totals }: Memory,
  row: number,
  side: number,
  delta: number,
): boolean {
  const spread = Math.max(0, squares) / n;
  const confidence = Math.log((2 * Math.log(n)) / delta);
  let n0 = 0;
  let total0 = 0;
  for (let i = held.length - 1; i >= 0; i--) {
    const size = 2 ** i;
    for (let k = 0; k < held[i]!; k++) {
      n0 += size;
      total0 += totals[i * row + k]!;
      const n1 = n - n0;
      if (n1 < side) return false;
      if (n0 < side) continue;
      const m = 1 / (n0 - side + 1) + 1 / (n1 - side + 1);
      const bound = Math.sqrt(2 * m * spread * confidence) + (2 / 3) * m * confidence;
      if (Math.abs(total0 / n0 - (total - total0) / n1) > bound) return true;
    }
  }
  return false;
}
