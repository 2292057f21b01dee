import { requireNonNegative } from '../common/samples.js';
import {
  CALM,
  type Flags,
  requireCount,
  requirePositive,
  type StreamDetector,
  streamDetector,
} from './stream-detector.js';

export interface BernoulliGlrOptions {
  /** Shortest stretch that counts as a change, in values. Default 512: a burst that is over sooner is none. */
  readonly shortest?: number;
  /** Longest stretch that is set against what came before. Default 4096. */
  readonly longest?: number;
  /** How far back the reference goes at most, in values before the stretch. Default 7488. */
  readonly reference?: number;
  /** Values of reference before the first look. Default 1000. */
  readonly warmUp?: number;
  /** Log likelihood ratio that raises the alarm, for the longest stretch; shorter ones need log(longest/length) more. */
  readonly threshold?: number;
  /** The same, for the warning. Default 5. */
  readonly warnAt?: number;
  /** A change of the rate up to this is none. Default 0. */
  readonly tolerance?: number;
  /** Values after an alarm, at least, before the next: they belong to the same episode. Default 4096. */
  readonly settle?: number;
  /** The episode ends when the rate has been steady for so many values; after twice `settle` at the latest. Default 4096. */
  readonly steady?: number;
}

/** What the memory tells beside the flags. */
interface Memory extends Flags {
  /** Values so far and ones among them. */
  n: number;
  ones: number;
  /** Ring of the ones so far, at the end of each block. */
  sums: number[];
  /** Where the reference begins and from where on an alarm may be raised, as a count of values. */
  start: number;
  armed: number;
  /** When the last alarm was raised, and the rate of the worst stretch of its episode. */
  alarmed: number;
  worst: number;
  /** At the last alarm: how many values before it the change is thought to lie, and the rates on either side. */
  lag: number;
  before: number;
  after: number;
}

// Looks are taken, and sums kept, every so many values.
const BLOCK = 32;
// Each stretch is so much longer than the one before.
const RATIO = 1.3;
// Within an episode a change so likely moves the reference on.
const HUSHED = 4;

/**
 * Window-limited generalised likelihood ratio test for the rate of a stream of bits (1 = error), looking both ways (Lai
 * 1995; Lai & Xing 2010): the latest w values, for a geometric grid of w, against the reference before them, both rates
 * unknown. Long faint changes and short strong ones have equal chances through the multiscale penalty log(longest/w)
 * (Dümbgen & Spokoiny 2001). One alarm an episode: after it the reference begins anew at the change, moves on without
 * an alarm while the rate still moves (a model that recovers), and the next alarm may come once the rate has been
 * steady. Only a rate above that of
 * the episode's worst stretch is news before, from half of `settle` on. For independent bits fewer than two alarms in a million values (simulation in the tests). Memory: some 360
 * numbers. Nothing is seen in the first `warmUp + shortest` values.
 */
export function bernoulliGlr(options: BernoulliGlrOptions = {}): StreamDetector {
  const { shortest = 512, longest = 4096, reference = 7488, warmUp = 1000 } = options;
  const { threshold = 7.5, warnAt = 5, tolerance = 0, settle = 4096, steady = 4096 } = options;
  requireCount('shortest', shortest);
  requireCount('reference', reference);
  requireCount('warmUp', warmUp);
  if (!(Number.isInteger(longest) && longest >= shortest))
    throw new RangeError(`longest must be an integer ≥ shortest, got ${longest}`);
  requirePositive('threshold', threshold);
  requirePositive('warnAt', warnAt);
  requireNonNegative('tolerance', tolerance);
  requireNonNegative('settle', settle);
  requireNonNegative('steady', steady);
  const lengths = stretches(shortest, longest);
  const penalties = lengths.map(length => Math.log(longest / length));
  const back = Math.ceil(reference / BLOCK) * BLOCK;
  const kept = (back + lengths[lengths.length - 1]!) / BLOCK + 1;

  function look(memory: Memory): void {
    const { n, ones, sums, armed } = memory;
    const block = n / BLOCK;
    sums[block % kept] = ones;
    memory.warning = false;
    const hushed = n < armed;
    const unfolding = hushed && n < memory.alarmed + settle / 2;
    if (unfolding) {
      const first = lengths[0]!;
      memory.worst = Math.max(memory.worst, (ones - sums[((n - first) / BLOCK) % kept]!) / first);
    }
    for (let i = 0; i < lengths.length; i++) {
      const length = lengths[i]!;
      const cut = n - length;
      const from = Math.max(memory.start, cut - back);
      const m = cut - from;
      if (m < (hushed ? length : Math.max(length, warmUp))) return;
      const untilCut = sums[(cut / BLOCK) % kept]!;
      const earlier = untilCut - sums[(from / BLOCK) % kept]!;
      const latest = ones - untilCut;
      const rate = latest / length;
      if (hushed && !unfolding && rate > memory.worst) {
        // Evidence of something worse must be let grow, not become the reference.
        if (surprise(latest, length, memory.worst) - penalties[i]! <= threshold) continue;
      } else {
        const ratio = logRatio(earlier, m, latest, length, tolerance) - penalties[i]!;
        if (hushed) {
          if (ratio <= HUSHED) continue;
          memory.start = cut;
          memory.armed = Math.max(armed, Math.min(cut + steady, memory.alarmed + 2 * settle));
          memory.worst = Math.max(memory.worst, rate);
          return;
        }
        if (ratio > warnAt) memory.warning = true;
        if (ratio <= threshold) continue;
      }
      memory.drift = true;
      memory.warning = false;
      memory.start = cut;
      memory.armed = n + settle;
      memory.alarmed = n;
      memory.lag = length;
      memory.before = earlier / m;
      memory.after = rate;
      memory.worst = Math.max(memory.before, rate);
      return;
    }
  }

  return streamDetector<Memory>({
    takes: 'bits',
    forgets: false,
    start: () => ({
      n: 0,
      ones: 0,
      sums: new Array<number>(kept).fill(0),
      start: 0,
      armed: 0,
      alarmed: 0,
      worst: 0,
      lag: 0,
      before: 0,
      after: 0,
      ...CALM,
    }),
    step(memory, bit) {
      memory.drift = false;
      memory.n++;
      memory.ones += bit;
      if (memory.n % BLOCK === 0) look(memory);
    },
  });
}

/** Lengths from the shortest to the longest in geometric steps, in whole blocks. */
function stretches(shortest: number, longest: number): number[] {
  const lengths: number[] = [];
  for (let length = shortest; length <= longest * 1.001; length *= RATIO) {
    const blocks = Math.max(1, Math.round(length / BLOCK));
    if (blocks * BLOCK !== lengths[lengths.length - 1]) lengths.push(blocks * BLOCK);
  }
  return lengths;
}

/** Log likelihood ratio of two rates against one, the latest counts moved towards the earlier rate by the tolerance. */
function logRatio(earlier: number, m: number, latest: number, length: number, tolerance: number): number {
  const gap = latest - (earlier / m) * length;
  const allowed = tolerance * length;
  if (Math.abs(gap) <= allowed) return 0;
  const moved = gap > 0 ? latest - allowed : latest + allowed;
  return entropy(earlier, m) + entropy(moved, length) - entropy(earlier + moved, m + length);
}

/** Log likelihood ratio of the own rate of k ones in n bits against a known one. */
function surprise(k: number, n: number, known: number): number {
  return entropy(k, n) - k * Math.log(known) - (n - k) * Math.log1p(-known);
}

/** Log likelihood of k ones in n bits at their own rate. */
function entropy(k: number, n: number): number {
  return nLogN(k) + nLogN(n - k) - nLogN(n);
}

function nLogN(n: number): number {
  return n <= 0 ? 0 : n * Math.log(n);
}
