import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draws, seeded } from '../../test-support/random.js';
import { expectRateAtLeast, times } from '../../test-support/simulation.js';
import { type MetricTask, METRICS, metricNames } from './definitions.js';
import type { MetricData } from './metric-data.js';
import { metricInterval, metricValue } from './metric-interval.js';
import { metricsByGroup } from './metrics-by-group.js';

const TASKS = Object.keys(METRICS) as MetricTask[];
const NAMES = TASKS.flatMap(task => metricNames(task).map(name => [task, name] as const));

function draw(task: MetricTask, n: number, draws: Draws): MetricData {
  const { uniform, normal } = draws;
  if (task === 'binary') {
    const scores = Float64Array.from({ length: n }, uniform);
    return { task, labels: scores.map(p => (uniform() < p ? 1 : 0)), scores };
  }
  if (task === 'regression') {
    const predictions = Float64Array.from({ length: n }, () => 10 + 3 * normal());
    return { task, labels: predictions.map(value => value + normal()), predictions };
  }
  const labels = new Float64Array(n);
  const probabilities = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const raw = [uniform(), uniform(), uniform()] as const;
    const sum = raw[0] + raw[1] + raw[2];
    raw.forEach((value, c) => {
      probabilities[3 * i + c] = value / sum;
    });
    const u = uniform() * sum;
    labels[i] = u < raw[0] ? 0 : u < raw[0] + raw[1] ? 1 : 2;
  }
  return { task, labels, classes: 3, probabilities };
}

function rowsOf(data: MetricData, rows: readonly number[]): MetricData {
  const take = (values: ArrayLike<number>, width = 1): number[] =>
    rows.flatMap(row => Array.from({ length: width }, (_, c) => values[row * width + c]!));
  if (data.task === 'binary') return { ...data, labels: take(data.labels), scores: take(data.scores!) };
  if (data.task === 'regression')
    return { ...data, labels: take(data.labels), predictions: take(data.predictions) };
  return { ...data, labels: take(data.labels), probabilities: take(data.probabilities!, data.classes) };
}

const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('every metric', () => {
  it.each(NAMES)('%s %s: the interval holds the value and lies in the range', (task, name) => {
    const { range } = METRICS[task][name as never] as { range: readonly [number, number] };
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 12, max: 60 }), (seed, n) => {
        const draws = seeded(seed);
        const data = draw(task, n, draws);
        const { value, interval, method } = metricInterval(name, data, {
          rng: draws.uniform,
          replicates: 100,
        });
        const plain = metricValue(name, data);
        if (Number.isNaN(plain)) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(plain, 10);
        if (method === 'none' || Number.isNaN(interval[0])) return;
        expect(interval[0]).toBeGreaterThanOrEqual(range[0]);
        expect(interval[1]).toBeLessThanOrEqual(range[1]);
        expect(interval[0]).toBeLessThanOrEqual(interval[1]);
        if (method === 'bootstrap') return;
        expect(interval[0]).toBeLessThanOrEqual(value + 1e-12);
        expect(interval[1]).toBeGreaterThanOrEqual(value - 1e-12);
      }),
      { numRuns: 20 },
    );
  });

  it.each(NAMES)('%s %s: does not mind the order of rows, nor rows that miss something', (task, name) => {
    const draws = seeded(7);
    const data = draw(task, 40, draws);
    const mixed = all(40).sort((a, b) => ((a * 17) % 40) - ((b * 17) % 40));
    const value = metricValue(name, data);
    expect(metricValue(name, rowsOf(data, mixed))).toBeCloseTo(value, 10);
    const labels = [...Array.from(data.labels), NaN];
    const more = { ...rowsOf(data, [...all(40), 0]), labels } as MetricData;
    expect(metricValue(name, more)).toBeCloseTo(value, 10);
  });

  it.each(NAMES)('%s %s: no rows and one row have an answer, not an error', (task, name) => {
    const data = draw(task, 1, seeded(3));
    const options = { rng: seeded(1).uniform, replicates: 30 };
    expect(metricInterval(name, rowsOf(data, []), options).value).toBeNaN();
    expect(metricInterval(name, rowsOf(data, []), options).n).toBe(0);
    expect(() => metricInterval(name, data, options)).not.toThrow();
  });

  it('knows its names, and asks for rng where it is needed', () => {
    const data = draw('binary', 30, seeded(1));
    expect(() => metricInterval('rmse', data)).toThrow(/no metric "rmse"/);
    expect(() => metricInterval('toString', data)).toThrow(/no metric/);
    expect(() => metricInterval('pr_auc', data)).toThrow(/rng/);
    expect(() => metricInterval('auc', { task: 'binary', labels: [1], predictions: [1] })).toThrow(/scores/);
  });
});

describe('influences', () => {
  it.each([
    ['binary', 'average_precision'],
    ['multiclass', 'auc_ovr'],
    ['multiclass', 'auc_ovo'],
    ['regression', 'r2'],
    ['regression', 'explained_variance'],
  ] as const)('%s %s: agrees with leaving rows out', (task, name) => {
    const n = 60;
    const data = draw(task, n, seeded(12));
    const { standardError } = metricInterval(name, data);
    const left = all(n).map(out =>
      metricValue(
        name,
        rowsOf(
          data,
          all(n).filter(row => row !== out),
        ),
      ),
    );
    const mean = left.reduce((sum, value) => sum + value / n, 0);
    const jackknife = Math.sqrt(((n - 1) / n) * left.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    expect(standardError / jackknife).toBeGreaterThan(0.9);
    expect(standardError / jackknife).toBeLessThan(1.05);
  });
});

describe('intervals cover', () => {
  // Truth from a large draw of the same law.
  const truthOf = (task: MetricTask, name: string): number =>
    metricValue(name, draw(task, 100_000, seeded(99)));
  it.each([
    ['binary', 'auc', 80],
    ['binary', 'average_precision', 100],
    ['binary', 'pr_auc', 150],
    ['binary', 'brier', 60],
    ['binary', 'f1', 60],
    ['binary', 'precision', 40],
    ['binary', 'balanced_accuracy', 60],
    ['binary', 'mcc', 60],
    ['binary', 'kappa', 60],
    ['multiclass', 'macro_f1', 150],
    ['multiclass', 'balanced_accuracy', 80],
    ['multiclass', 'auc_ovr', 100],
    ['multiclass', 'auc_ovo', 100],
    ['regression', 'rmse', 60],
    ['regression', 'r2', 100],
    ['regression', 'medae', 40],
    ['regression', 'spearman', 60],
    ['regression', 'kendall', 60],
    ['regression', 'pearson', 120],
  ] as const)('%s %s from %i rows', (task, name, n) => {
    const truth = truthOf(task, name);
    const draws = seeded(n);
    const runs = 300;
    const covered = times(runs, () => {
      const { interval } = metricInterval(name, draw(task, n, draws), {
        rng: draws.uniform,
        replicates: 200,
      });
      return interval[0] <= truth && truth <= interval[1];
    });
    // Asymptotic methods may lose a little of 95 % at these sizes.
    expectRateAtLeast(covered, runs, 0.925);
  });
});

describe('metricsByGroup', () => {
  it.each(TASKS)('%s: is what each group alone gives', task => {
    const draws = seeded(5);
    const data = draw(task, 200, draws);
    const groups = Int32Array.from({ length: 200 }, () => Math.floor(draws.uniform() * 5) - 1);
    const names = metricNames(task);
    const options = (): { rng: () => number; replicates: number } => ({
      rng: seeded(1).uniform,
      replicates: 25,
    });
    const found = metricsByGroup(names, data, groups, 5, options());
    expect(found).toHaveLength(5);
    expect(found[4]).toMatchObject({ group: 4, rows: 0 });
    for (const { group, rows, metrics } of found) {
      const own = rowsOf(
        data,
        all(200).filter(row => groups[row] === group),
      );
      expect(rows).toBe(own.labels.length);
      metrics.forEach((metric, i) => {
        const alone = metricInterval(names[i]!, own, options());
        if (!Number.isNaN(alone.value)) expect(metric.value).toBeCloseTo(alone.value, 10);
        if (metric.method !== 'bootstrap') expect(metric).toEqual(alone);
      });
    }
  });

  it('refuses codes outside', () => {
    const data = draw('binary', 3, seeded(5));
    expect(() => metricsByGroup(['auc'], data, [0, 1, 2], 2)).toThrow(/group codes/);
    expect(() => metricsByGroup(['auc'], data, [0, 1], 2)).toThrow(/paired/);
  });
});
