import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { thresholded } from '../classification/binary-confusion.js';
import { metricNames } from '../metric-table/definitions.js';
import type { MetricData } from '../metric-table/metric-data.js';
import { metricValue } from '../metric-table/metric-interval.js';
import { pairedLossTest, signFlipTest } from './loss-difference.js';
import { mcnemarTest } from './mcnemar.js';
import { metricDifference } from './metric-difference.js';

describe('mcnemarTest', () => {
  it('gives the figures of Fagerland et al. 2013 (airway hyper-responsiveness: 1 against 7 of 21)', () => {
    // Rows: 1 both, 1 only the first, 7 only the second, 12 neither.
    const labels = Array<number>(21).fill(1);
    const a = labels.map((_, i) => (i < 2 ? 1 : 0));
    const b = labels.map((_, i) => (i === 0 || (i >= 2 && i < 9) ? 1 : 0));
    const found = mcnemarTest(labels, a, b);
    expect(found).toMatchObject({ onlyA: 1, onlyB: 7, n: 21 });
    expect(found.pExact).toBeCloseTo(0.0703, 4);
    expect(found.pMid).toBeCloseTo(0.0391, 4);
    expect(found.difference).toBeCloseTo(-6 / 21, 12);
    expect(found.interval[1]).toBeLessThan(0);
  });

  it('has an answer without rows that differ, and without rows', () => {
    expect(mcnemarTest([1, 0], [1, 0], [1, 0])).toMatchObject({ pExact: 1, pMid: 1, difference: 0 });
    expect(mcnemarTest([1, 1], [1, 0], [0, 1])).toMatchObject({ pExact: 1, difference: 0 });
    expect(mcnemarTest([], [], []).pExact).toBeNaN();
    expect(mcnemarTest([NaN, 1], [1, 1], [0, 0]).n).toBe(1);
  });
});

describe('tests of losses', () => {
  it('t: Student’s sleep data (1908)', () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const found = pairedLossTest(first, second);
    expect(found.statistic).toBeCloseTo(-4.0621, 4);
    expect(found.pValue).toBeCloseTo(0.002833, 6);
    expect(found.interval[0]).toBeCloseTo(-2.459886, 5);
    const flipped = signFlipTest(first, second, { rng: seeded(1).uniform, flips: 5000 });
    // Exact: all ten signs agree but a tie: 4 of 1024 sign patterns.
    expect(flipped.pValue).toBeCloseTo(4 / 1024, 2);
  });

  it('have answers for equal, constant and missing differences', () => {
    expect(pairedLossTest([1, 2], [1, 2])).toMatchObject({ difference: 0, statistic: 0, pValue: 1 });
    expect(pairedLossTest([2, 3], [1, 2])).toMatchObject({ statistic: Infinity, pValue: 0 });
    expect(pairedLossTest([1], [2]).pValue).toBeNaN();
    expect(signFlipTest([1, 2], [1, 2], { rng: seeded(1).uniform }).pValue).toBe(1);
    expect(signFlipTest([], [], { rng: seeded(1).uniform }).pValue).toBeNaN();
  });

  it('keep their level on skewed losses', () => {
    const draws = seeded(3);
    let t = 0;
    let flip = 0;
    for (let run = 0; run < 400; run++) {
      const shared = Array.from({ length: 40 }, draws.exponential);
      const a = shared.map(loss => loss + draws.exponential());
      const b = shared.map(loss => loss + draws.exponential());
      if (pairedLossTest(a, b).pValue < 0.05) t++;
      if (signFlipTest(a, b, { rng: draws.uniform, flips: 199 }).pValue <= 0.05) flip++;
    }
    expectRateAtMost(t, 400, 0.06);
    expectRateAtMost(flip, 400, 0.05);
  });
});

describe('metricDifference', () => {
  function pair(n: number, seed: ReturnType<typeof seeded>, noiseB = 0.6): [MetricData, MetricData] {
    const truth = Array.from({ length: n }, seed.normal);
    const labels = truth.map(value => (value + 0.5 * seed.normal() > 0 ? 1 : 0));
    const score = (noise: number): number[] =>
      truth.map(value => 1 / (1 + Math.exp(-2 * (value + noise * seed.normal()))));
    return [
      { task: 'binary', labels, scores: score(0.6) },
      { task: 'binary', labels, scores: score(noiseB) },
    ];
  }

  it.each(metricNames('binary'))('%s: turns its sign, and is 0 of a model with itself', name => {
    const [a, b] = pair(80, seeded(6));
    const options = () => ({ rng: seeded(1).uniform, replicates: 100 });
    const forth = metricDifference(name, a, b, options());
    const back = metricDifference(name, b, a, options());
    expect(forth.difference).toBeCloseTo(metricValue(name, a) - metricValue(name, b), 10);
    expect(back.difference).toBeCloseTo(-forth.difference, 12);
    expect(back.interval[0]).toBeCloseTo(-forth.interval[1], 9);
    expect(metricDifference(name, a, a, options())).toMatchObject({ difference: 0, pValue: 1 });
  });

  it.each(['auc', 'average_precision', 'accuracy', 'f1', 'brier'])(
    '%s: no difference is found at the level, and covered',
    name => {
      const draws = seeded(7);
      const covered = times(200, () => {
        const [a, b] = pair(120, draws);
        const { interval } = metricDifference(name, a, b, { rng: draws.uniform, replicates: 200 });
        return interval[0] <= 0 && 0 <= interval[1];
      });
      expectRateAtLeast(covered, 200, 0.925);
    },
  );

  it('sees a worse model better than two separate intervals would', () => {
    const [a, b] = pair(600, seeded(8), 1.2);
    expect(metricDifference('auc', a, b).pValue).toBeLessThan(0.001);
    expect(metricDifference('average_precision', a, b).interval[0]).toBeGreaterThan(0);
  });

  it('of accuracy agrees with McNemar', () => {
    const [a, b] = pair(400, seeded(10), 1);
    const cut = ({ scores }: MetricData & { task: 'binary' }): Float64Array => thresholded(scores!);
    const found = metricDifference('accuracy', a, b);
    const counted = mcnemarTest(
      a.labels,
      cut(a as MetricData & { task: 'binary' }),
      cut(b as MetricData & { task: 'binary' }),
    );
    expect(found.difference).toBeCloseTo(counted.difference, 12);
    expect(found.interval[0]).toBeCloseTo(counted.interval[0], 2);
    expect(found.pValue).toBeCloseTo(counted.pMid, 1);
  });

  it('compares regressions, and rows that both have', () => {
    const { normal } = seeded(9);
    const labels = Array.from({ length: 200 }, () => 5 * normal());
    const near = labels.map(y => y + normal());
    const far = labels.map((y, i) => (i === 0 ? NaN : y + 2 * normal()));
    const of = (predictions: number[]): MetricData => ({ task: 'regression', labels, predictions });
    for (const name of ['rmse', 'mae', 'r2', 'explained_variance']) {
      const found = metricDifference(name, of(near), of(far));
      expect(found.n).toBe(199);
      expect(found.pValue).toBeLessThan(1e-6);
    }
    expect(metricDifference('kendall', of(near), of(far))).toMatchObject({ method: 'none' });
    expect(() => metricDifference('pearson', of(near), of(far))).toThrow(/rng/);
    const [other] = pair(200, seeded(1));
    expect(() => metricDifference('mae', of(near), other)).toThrow(/tasks differ/);
  });
});
