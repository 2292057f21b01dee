import { type Column, type Rng, seededRng, type Signal, type Table } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { buildReference } from '../reference.js';
import { driftSignals } from '../drift-signals.js';
import { locateChange, blockSums, withBlock, type BlockSums } from './stream-blocks.js';
import { streamsOf, watchedInputs } from './stream-columns.js';
import { foldStreams, newStreams, type StreamsMemory, streamFacts } from './stream-facts.js';
import { isError } from './watch-errors.js';

const DAY = 864e5;
const ROWS = 150;

function normal(rng: Rng): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += rng.next();
  return sum;
}

interface World {
  readonly temp?: number;
  readonly rare?: number;
  readonly wrong?: number;
}

/** One day of requests; `hour` climbs through the day, every day. */
function day(rng: Rng, { temp = 0, rare = 0.2 }: World = {}): Table {
  const column = (name: string, make: (row: number) => number): Column => ({
    name,
    type: 'number',
    values: Float64Array.from({ length: ROWS }, (_, row) => make(row)),
  });
  return {
    rows: ROWS,
    columns: [
      column('temp', () => temp + normal(rng)),
      column('hour', row => Math.floor((24 * row) / ROWS)),
      column('idle', () => normal(rng)),
      {
        name: 'carrier',
        type: 'string',
        values: Array.from({ length: ROWS }, () => (rng.next() < rare ? 'HA' : 'UA')),
      },
    ],
  };
}

const reference = buildReference(
  { ...merged(Array.from({ length: 20 }, (_, i) => day(seededRng(900 + i)))) },
  ['temp', 'hour', 'idle', 'carrier'],
  { temp: 0.5, hour: 0.2, idle: 0.01, carrier: 0.29 },
);
const inputs = watchedInputs(reference);
const watch = {
  endpoint: 'late',
  inputs: { inputs, averageRunLength: 1e6 },
  errors: { task: 'binary', threshold: 0.5 },
} as const;

function merged(tables: readonly Table[]): Table {
  return {
    rows: tables.reduce((rows, table) => rows + table.rows, 0),
    columns: tables[0]!.columns.map(({ name, type }, i): Column => {
      const values = tables.flatMap(table => Array.from<string | number | null>(table.columns[i]!.values));
      return type === 'string'
        ? { name, type, values: values as string[] }
        : { name, type, values: Float64Array.from(values as number[]) };
    }),
  };
}

/** Folds `days` of a world, `change` from day `onset` on; the signals with the day they were noticed in. */
function play(
  seed: number,
  days: number,
  onset: number,
  change: World,
  memory: StreamsMemory = newStreams('m', 0, 0),
  first = 0,
): { memory: StreamsMemory; seen: { day: number; signal: Signal }[] } {
  const seen: { day: number; signal: Signal }[] = [];
  let current = memory;
  for (let d = first; d < days; d++) {
    const rng = seededRng(seed * 1000 + d);
    const world = d >= onset ? change : {};
    const table = day(rng, world);
    const wrong = world.wrong ?? 0.2;
    const label = Float64Array.from({ length: ROWS }, () => (rng.next() < wrong ? 1 : 0));
    const folded = foldStreams(watch, current, {
      until: (d + 1) * DAY,
      predictions: {
        from: d * DAY,
        streams: [...streamsOf(inputs, table), Float64Array.from({ length: ROWS }, () => rng.next())],
      },
      labels: { label, score: new Float64Array(ROWS) },
    });
    current = folded.memory;
    seen.push(...folded.signals.map(signal => ({ day: d, signal })));
  }
  return { memory: current, seen };
}

describe('what is watched', () => {
  it('is what carries importance, heaviest first; a category by the share of its level in training', () => {
    expect(inputs.map(({ name }) => name)).toEqual(['temp', 'carrier', 'hour']);
    const [, carriers] = streamsOf(inputs, {
      rows: 3,
      columns: [{ name: 'carrier', type: 'string', values: ['HA', 'never seen', null] }],
    });
    expect(carriers![0]).toBeCloseTo(0.2, 1);
    expect([...carriers!].slice(1)).toEqual([0, 0]);
  });

  it.each([
    [
      'numbers',
      { name: 'temp', type: 'number', values: Float64Array.of(1, Number.NaN, Infinity) },
      [1, Number.NaN, Number.NaN],
    ],
    [
      'text where a number was meant',
      { name: 'temp', type: 'string', values: ['a', null, '1'] },
      [Number.NaN, Number.NaN, Number.NaN],
    ],
  ] as const)('%s: what is no number is missing', (_, column, expected) => {
    expect([...streamsOf([{ name: 'temp' }], { rows: 3, columns: [column] })[0]!]).toEqual(expected);
  });

  it('a column that requests lack is missing everywhere', () => {
    expect([...streamsOf([{ name: 'temp' }], { rows: 2, columns: [] })[0]!]).toEqual([
      Number.NaN,
      Number.NaN,
    ]);
  });

  it.each([
    [{ task: 'binary', threshold: 0.25 }, 1, 0.3, false],
    [{ task: 'binary', threshold: 0.25 }, 0, 0.25, true],
    [{ task: 'multiclass' }, 1, 0.4, true],
    [{ task: 'regression', limit: 4, loss: (y: number, p: number) => (y - p) ** 2 }, 3, 1, false],
    [{ task: 'regression', limit: 4, loss: (y: number, p: number) => (y - p) ** 2 }, 3.1, 1, true],
  ] as const)('an error under %j', (rule, label, score, expected) => {
    expect(isError(rule, label, score)).toBe(expected);
  });
});

describe('the fold', () => {
  it('is quiet over ten quiet half-years of a daily rhythm', () => {
    const warned = Array.from({ length: 10 }, (_, seed) => play(seed, 180, 1e9, {}).seen.length);
    // 270,000 predictions and as many labels: about one false warning in four such tests is promised at most.
    expect(warned.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(1);
  });

  it('warns of a shift of one standard deviation within days, once, and says from where to where', () => {
    const { seen } = play(1, 90, 40, { temp: 1 });
    expect(seen.map(({ day: d }) => d)).toHaveLength(1);
    expect(seen[0]!.day).toBeLessThanOrEqual(42);
    const { signal } = seen[0]!;
    expect(signal).toMatchObject({ monitor: 'stream/inputs', kind: 'data-drift' });
    expect(signal.sentence).toMatch(
      /^temp moved from −?0\.0\d to [01]\.\d\d on average over the last \d+ predictions$/,
    );
    expect(signal.evidence.method).toContain('one false warning in 1,000,000 independent predictions');
    expect(signal.evidence.value).toBeGreaterThan(0.6);
  });

  it('warns before a window of 14 days shows the shift at all', () => {
    const shift: World = { temp: 0.5 };
    const { seen } = play(2, 90, 40, shift);
    const warned = seen[0]!.day;
    const config = { window: '14d', alpha: 0.05, tolerance: 0.005, matters: 0.3, minRows: 300 };
    let window = 40;
    const tables = Array.from({ length: 90 }, (_, d) => day(seededRng(2000 + d), d >= 40 ? shift : {}));
    while (
      (driftSignals(config, reference, merged(tables.slice(window - 13, window + 1))) ?? []).length === 0
    )
      window++;
    expect(warned).toBeLessThan(window);
  });

  it('warns of categories that become rarer', () => {
    const { seen } = play(10, 60, 30, { rare: 0.6 });
    expect(seen[0]!.signal.sentence).toMatch(
      /^carrier moved to rarer levels \(mean share in training \d+ % → \d+ %\)/,
    );
    expect(seen[0]!.day).toBeLessThanOrEqual(32);
  });

  it.each([
    ['rose', 0.45],
    ['fell', 0.05],
  ])('warns of errors that %s', (word, wrong) => {
    const { seen } = play(4, 90, 40, { wrong });
    expect(seen).toHaveLength(1);
    expect(seen[0]!.signal).toMatchObject({ monitor: 'stream/errors', kind: 'model-drift' });
    expect(seen[0]!.signal.sentence).toMatch(
      new RegExp(
        `^wrong answers ${word} from \\d+(\\.\\d)? % to \\d+(\\.\\d)? % over the last [\\d,]+ labels$`,
      ),
    );
  });

  it('goes on from memory as JSON as if nothing had happened', () => {
    const whole = play(5, 60, 30, { temp: 1, wrong: 0.5 });
    for (const stop of [1, 29, 31, 45]) {
      const before = play(5, stop, 30, { temp: 1, wrong: 0.5 });
      const kept = JSON.parse(JSON.stringify(before.memory)) as StreamsMemory;
      const after = play(5, 60, 30, { temp: 1, wrong: 0.5 }, kept, stop);
      expect([...before.seen, ...after.seen]).toEqual(whole.seen);
      expect(after.memory).toEqual(whole.memory);
    }
  });

  it('takes empty blocks, missing values and rows of one value', () => {
    const empty = { from: 0, streams: [...inputs, null].map(() => new Float64Array(0)) };
    const start = newStreams('m', 0, 0);
    const none = foldStreams(watch, start, { until: DAY, predictions: empty, labels: null });
    expect(none).toEqual({ memory: { ...start, position: DAY }, signals: [] });
    const flat = [5, 1, Number.NaN, 0.5].map(value => new Float64Array(2000).fill(value));
    const labels = { label: new Float64Array(2000).fill(Number.NaN), score: new Float64Array(2000) };
    expect(
      foldStreams(watch, start, { until: DAY, predictions: { from: 0, streams: flat }, labels }).signals,
    ).toEqual([]);
  });
});

describe('the facts', () => {
  const signal = { monitor: 'stream/inputs' } as Signal;
  const seen = { endpoint: 'late', memory: newStreams('m', 1, 5), n: 10, now: 9 };

  it('are none for a block without a signal, unless somebody waits for it', () => {
    expect(streamFacts({ ...seen, signals: [] })).toEqual([]);
    expect(streamFacts({ ...seen, signals: [] }, true)).toMatchObject([
      { type: 'WindowObserved', payload: { monitor: 'stream', signals: 0, n: 10 } },
    ]);
  });

  it('have names of their own for each block, model and warning, the same when it is read again', () => {
    const keys = (over: object): (string | undefined)[] =>
      streamFacts({ ...seen, signals: [signal, signal], ...over }).map(one => one.idempotencyKey);
    expect(keys({ now: 10 })).toEqual(keys({}));
    expect(new Set(keys({})).size).toBe(3);
    for (const other of [newStreams('n', 1, 5), newStreams('m', 2, 5), newStreams('m', 1, 6)])
      expect(keys({ memory: other }).some(key => keys({}).includes(key))).toBe(false);
  });
});

describe('where a stream changed', () => {
  const blocks = (means: readonly number[]): readonly BlockSums[] =>
    means.reduce<readonly BlockSums[]>(
      (all, mean, i) => withBlock(all, blockSums(i, [Float64Array.of(mean - 1, mean + 1)])),
      [],
    );

  it.each([
    [[0, 0, 0, 5, 5], 3, 0, 5],
    [[0, 4, 4, 4], 1, 0, 4],
  ])('%j', (means, from, before, after) => {
    expect(locateChange(blocks(means), 0)).toMatchObject({ from, before, after });
  });

  it('cannot be said within one block, and remembers a bounded number of them', () => {
    expect(locateChange(blocks([1]), 0)).toBeUndefined();
    const many = blocks(Array.from({ length: 400 }, (_, i) => (i < 390 ? 0 : 3)));
    expect(many.length).toBeLessThanOrEqual(90);
    expect(many.reduce((rows, block) => rows + block.rows, 0)).toBe(800);
    expect(locateChange(many, 0)).toMatchObject({ from: 390, after: 3 });
  });
});
