import { BETS, shiryaevRoberts } from './conformal-bets.js';
import {
  CALM,
  type Flags,
  type Method,
  requireCount,
  type StreamDetector,
  streamDetector,
} from './stream-detector.js';

export interface ConformalOptions {
  /** Mean number of values up to an alarm when nothing changes, at least; above 1. Default 1 million. */
  readonly averageRunLength?: number;
  /** Values that fix the bins; they are not judged. Default 256. */
  readonly learning?: number;
  /** Bins of equal share at most. Default 32. */
  readonly bins?: number;
  /** Of the draws that break ties within a bin. Default 1. */
  readonly seed?: number;
}

export interface ConformalMemory extends Flags {
  n: number;
  /** The values of the learning phase, later the upper edges of the bins but the last. */
  edges: number[];
  learnt: boolean;
  counts: number[];
  statistics: number[];
  statistic: number;
  draws: number;
}

/**
 * Conformal Shiryaev–Roberts procedure for a stream of numbers of any distribution (Vovk, Nouretdinov & Gammerman 2021;
 * e-detectors: Shin, Ramdas & Rinaldo 2023). The rank of each value among all before it, over bins fixed by the first
 * values and smoothed at random within a bin, is uniform and independent of the past when the values are exchangeable:
 * normal, skewed, heavy-tailed, tied or binary. Bets against that, for shifts and for spreads, grow when the values
 * move. Promise for independent values of one distribution: alarms are `averageRunLength` values apart on average, or
 * more, and within n values there is one with probability ≤ n / averageRunLength. Values that depend on each other
 * (seasons, autocorrelation) do not meet the condition. After an alarm it starts anew. Only ranks matter: increasing
 * transformations change nothing.
 */
export function conformalDetector(options: ConformalOptions = {}): StreamDetector {
  return streamDetector(conformalMethod(options));
}

export function conformalMethod(options: ConformalOptions = {}): Method<ConformalMemory> {
  const { averageRunLength = 1e6, learning = 256, bins = 32, seed = 1 } = options;
  if (!(averageRunLength > 1 && averageRunLength < Infinity))
    throw new RangeError(`averageRunLength must be finite and above 1, got ${averageRunLength}`);
  requireCount('learning', learning);
  requireCount('bins', bins);
  return {
    takes: 'numbers',
    forgets: true,
    start: () => ({
      n: 0,
      edges: [],
      learnt: false,
      counts: [],
      statistics: new Array<number>(BETS).fill(0),
      statistic: 0,
      draws: seed >>> 0,
      ...CALM,
    }),
    step(memory, value) {
      if (!memory.learnt) {
        learn(memory, value, learning, bins);
        return;
      }
      memory.n++;
      memory.statistic = shiryaevRoberts(memory.statistics, rank(memory, value));
      memory.drift = memory.statistic >= averageRunLength;
    },
  };
}

function learn(memory: ConformalMemory, value: number, learning: number, bins: number): void {
  memory.edges.push(value);
  if (memory.edges.length < learning) return;
  const sorted = Float64Array.from(memory.edges).sort();
  const edges: number[] = [];
  for (let i = 1; i < bins; i++) {
    const edge = sorted[Math.min(learning - 1, Math.floor((i * learning) / bins))]!;
    if (edges.length === 0 || edge > edges[edges.length - 1]!) edges.push(edge);
  }
  if (edges.length === 0) edges.push(sorted[0]!);
  memory.edges = edges;
  memory.counts = new Array<number>(edges.length + 1).fill(0);
  memory.learnt = true;
}

/** Smoothed rank in (0, 1) of a value among the values since the learning phase, itself included; counts it. */
function rank(memory: ConformalMemory, value: number): number {
  const { edges, counts } = memory;
  let low = 0;
  for (let high = edges.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  counts[low]!++;
  let below = 0;
  for (let i = 0; i < low; i++) below += counts[i]!;
  return (below + draw(memory) * counts[low]!) / memory.n;
}

/** Uniform in (0, 1): mulberry32, whose one number of memory is part of the state. */
function draw(memory: ConformalMemory): number {
  memory.draws = (memory.draws + 0x6d2b79f5) >>> 0;
  let x = memory.draws;
  x = Math.imul(x ^ (x >>> 15), x | 1);
  x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
  return (((x ^ (x >>> 14)) >>> 0) + 0.5) / 4294967296;
}
