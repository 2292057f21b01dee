import { type ConformalMemory, type ConformalOptions, conformalMethod } from './conformal-detector.js';
import { type DetectorState, restored } from './stream-detector.js';

export interface TogetherAlarm {
  /** Names of the streams that moved, the strongest first: each would have alarmed alone. */
  readonly streams: readonly string[];
  /** Rows since the start or the last alarm. */
  readonly rows: number;
}

export interface TogetherState {
  readonly rows: number;
  readonly streams: Readonly<Record<string, Readonly<ConformalMemory>>>;
}

export interface TogetherWatch {
  /** Takes one row, a value of each stream in the order of their names; NaN is missing. An alarm, or null. */
  update(row: ArrayLike<number>): TogetherAlarm | null;
  /** Forgets everything. */
  reset(): void;
  /** A copy of the memory; plain JSON. */
  state(): TogetherState;
  /** Continues from a memory that `state` gave for the same streams and options. */
  restore(state: TogetherState): void;
}

/**
 * Watches several streams as one (inputs, outputs and errors of a model): the mean of their conformal Shiryaev–Roberts
 * statistics raises the alarm. A mean of statistics whose expectation is at most the number of rows has the same bound,
 * however the streams depend on each other (Shin, Ramdas & Rinaldo 2023, §2.3): the promise of `conformalDetector`
 * holds for all streams together, counted in rows. After an alarm all start anew. Needs rows that are independent of
 * each other; the streams within a row may depend in any way.
 */
export function watchTogether(names: readonly string[], options: ConformalOptions = {}): TogetherWatch {
  if (names.length === 0) throw new RangeError('needs the name of at least one stream');
  if (new Set(names).size < names.length) throw new RangeError('names must differ');
  const { averageRunLength = 1e6, seed = 1 } = options;
  // The draws of different streams must not run in step.
  const methods = names.map((_, i) => conformalMethod({ ...options, seed: seed + i * 7919 }));
  let memories: ConformalMemory[] = [];
  let rows = 0;
  const start = (): void => {
    memories = methods.map(method => method.start());
    rows = 0;
  };
  start();
  let alarmed = false;
  return {
    update(row) {
      if (row.length !== names.length)
        throw new RangeError(`a row has ${names.length} values, got ${row.length}`);
      for (let i = 0; i < names.length; i++) {
        if (Math.abs(row[i]!) === Infinity) throw new RangeError(`${names[i]} must be finite, got ${row[i]}`);
      }
      if (alarmed) start();
      rows++;
      let sum = 0;
      for (let i = 0; i < names.length; i++) {
        const memory = memories[i]!;
        if (!Number.isNaN(row[i]!)) methods[i]!.step(memory, row[i]!);
        sum += memory.statistic;
      }
      alarmed = sum >= names.length * averageRunLength;
      if (!alarmed) return null;
      const moved = names
        .map((name, i) => ({ name, statistic: memories[i]!.statistic }))
        .filter(({ statistic }) => statistic >= averageRunLength)
        .sort((a, b) => b.statistic - a.statistic);
      return { streams: moved.map(({ name }) => name), rows };
    },
    reset() {
      start();
      alarmed = false;
    },
    state: () => ({ rows, streams: Object.fromEntries(names.map((name, i) => [name, copy(memories[i]!)])) }),
    restore(state) {
      memories = names.map((name, i) => {
        const memory = state.streams[name];
        if (memory === undefined) throw new RangeError(`not the state of a watch over ${name}`);
        return restored(methods[i]!.start(), memory as unknown as DetectorState);
      });
      rows = state.rows;
      const sum = memories.reduce((total, { statistic }) => total + statistic, 0);
      alarmed = sum >= names.length * averageRunLength;
    },
  };
}

function copy(memory: Readonly<ConformalMemory>): ConformalMemory {
  const { edges, counts, statistics } = memory;
  return { ...memory, edges: edges.slice(), counts: counts.slice(), statistics: statistics.slice() };
}
