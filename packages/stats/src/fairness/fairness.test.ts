import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { RATE_NAMES } from '../classification/binary-rates.js';
import { metricInterval } from '../metric-table/metric-interval.js';
import { differenceVerdict, ratioVerdict } from './disparity.js';
import { betweenGroupEntropyIndex, generalizedEntropyIndex, theilIndex } from './entropy-index.js';
import { fairnessReport } from './fairness-report.js';
import { groupCodes, intersectGroups } from './group-codes.js';
import { groupConfusions } from './group-confusions.js';
import { groupFairness } from './group-fairness.js';
import { demographicParity, equalizedOdds, groupSpread } from './group-spread.js';

const table = (tp: number, fp: number, tn: number, fn: number) => ({ tp, fp, tn, fn });

describe('groups', () => {
  it('are numbered by sorted level; missing is −1', () => {
    expect(groupCodes(['b', null, 'a', 'b', undefined])).toEqual({
      codes: Int32Array.of(1, -1, 0, 1, -1),
      levels: ['a', 'b'],
    });
    expect(groupCodes([10, 9, NaN]).levels).toEqual([9, 10]);
  });

  it('intersect in the combinations that occur', () => {
    const sex = groupCodes(['f', 'm', 'f', null]);
    const old = groupCodes([true, true, false, true]);
    expect(intersectGroups<string | boolean>([sex, old])).toEqual({
      codes: Int32Array.of(1, 2, 0, -1),
      levels: [
        ['f', false],
        ['f', true],
        ['m', true],
      ],
    });
    expect(() => intersectGroups([])).toThrow(/at least one/);
    expect(() => intersectGroups([sex, groupCodes(['x'])])).toThrow(/paired/);
  });

  it('have tables that add up to the overall one, in any order of rows', () => {
    const row = fc.tuple(fc.constantFrom(0, 1, NaN), fc.constantFrom(0, 1), fc.constantFrom(-1, 0, 1, 2));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), rows => {
        const of = (list: typeof rows) =>
          groupConfusions(
            list.map(([y]) => y),
            list.map(([, p]) => p),
            list.map(([, , g]) => g),
            3,
          );
        const found = of(rows);
        const kept = rows.filter(([y, , g]) => !Number.isNaN(y) && g >= 0);
        expect(found.groups.reduce((sum, { tp, fp, tn, fn }) => sum + tp + fp + tn + fn, 0)).toBe(
          kept.length,
        );
        expect(of([...rows].reverse())).toEqual(found);
      }),
    );
    expect(() => groupConfusions([0.5], [1], [0], 1)).toThrow(/labels must be 0 or 1/);
    expect(() => groupConfusions([1], [1], [3], 2)).toThrow(/group codes/);
  });
});

describe('fairnessReport', () => {
  const draws = seeded(11);
  const n = 400;
  const labels = Array.from({ length: n }, () => draws.binomial(1, 0.4));
  const scores = labels.map(y => Math.min(1, Math.max(0, 0.3 * y + 0.7 * draws.uniform())));
  const groups = Array.from({ length: n }, () => Math.floor(draws.uniform() * 4));

  it('agrees with Fairlearn-like spreads, metric by metric', () => {
    const report = fairnessReport(RATE_NAMES, { task: 'binary', labels, scores }, groups, 4);
    report.forEach(metric => {
      const spread = groupSpread(
        metric.groups.map(each => each.value),
        metric.overall.value,
      );
      expect(metric.difference).toBeCloseTo(spread.difference, 12);
      expect(metric.ratio).toBeCloseTo(spread.ratio, 12);
      expect(metric.differenceToOverall).toBeCloseTo(spread.differenceToOverall, 12);
      expect(metric.ratioToOverall).toBeCloseTo(spread.ratioToOverall, 12);
      expect(metric.differenceInterval[0]).toBeLessThanOrEqual(metric.difference);
      expect(metric.differenceInterval[1]).toBeGreaterThanOrEqual(metric.difference);
      expect(metric.ratioInterval[0]).toBeLessThanOrEqual(metric.ratio);
      expect(metric.ratioInterval[1]).toBeGreaterThanOrEqual(metric.ratio);
    });
  });

  it('takes any metric, scores and numbers too', () => {
    const [auc, mae] = [
      fairnessReport(['auc'], { task: 'binary', labels, scores }, groups, 4)[0]!,
      fairnessReport(['mae'], { task: 'regression', labels, predictions: scores }, groups, 4)[0]!,
    ];
    expect(auc.overall).toEqual(metricInterval('auc', { task: 'binary', labels, scores }));
    expect(mae.difference).toBeGreaterThan(0);
    expect(mae.toRest).toBeUndefined();
  });

  it('leaves out groups with too few rows, or without a figure', () => {
    const few = fairnessReport(
      ['recall', 'selection_rate'],
      { task: 'binary', labels: [1, 1, 0, 1], predictions: [1, 0, 1, 1] },
      [0, 0, 1, 2],
      4,
      { minimumGroupSize: 2 },
    );
    expect(few[0]).toMatchObject({ compared: [0], leftOut: [1, 2, 3] });
    expect(few[0]!.difference).toBeNaN();
    expect(differenceVerdict(few[0]!, 0.1)).toBe('unclear');
  });

  it('of two groups gives Newcombe’s interval', () => {
    // Newcombe 1998, table II, example (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339.
    const y = [...Array<number>(70).fill(1), ...Array<number>(80).fill(1)];
    const p = y.map((_, i) => (i < 56 || (i >= 70 && i < 118) ? 1 : 0));
    const g = y.map((_, i) => (i < 70 ? 0 : 1));
    const [recall] = fairnessReport(['recall'], { task: 'binary', labels: y, predictions: p }, g, 2);
    expect(recall!.difference).toBeCloseTo(0.2, 12);
    expect(recall!.differenceInterval[0]).toBeCloseTo(0.0524, 4);
    expect(recall!.differenceInterval[1]).toBeCloseTo(0.3339, 4);
  });
});

describe('disparity intervals', () => {
  /** Selected rows by group; only counts matter. */
  function parity(rates: readonly number[], sizes: readonly number[], seed: ReturnType<typeof seeded>) {
    const y: number[] = [];
    const p: number[] = [];
    const g: number[] = [];
    rates.forEach((rate, group) => {
      for (let i = 0; i < sizes[group]!; i++) {
        y.push(0);
        p.push(seed.uniform() < rate ? 1 : 0);
        g.push(group);
      }
    });
    return fairnessReport(
      ['selection_rate'],
      { task: 'binary', labels: y, predictions: p },
      g,
      rates.length,
    )[0]!;
  }

  it('hardly ever see a disparity where there is none, however small the groups', () => {
    const draws = seeded(21);
    const runs = 300;
    const sizes = [500, 200, 40, 12, 5, 3];
    const alarms = times(runs, () => {
      const found = parity(
        sizes.map(() => 0.3),
        sizes,
        draws,
      );
      expect(found.difference).toBeGreaterThan(0);
      return differenceVerdict(found, 0) === 'beyond' || ratioVerdict(found, 1) === 'beyond';
    });
    expectRateAtMost(alarms, runs, 0.05);
  });

  it('cover the true largest difference and ratio', () => {
    const draws = seeded(22);
    const runs = 300;
    const rates = [0.2, 0.3, 0.35, 0.5];
    const covered = times(runs, () => {
      const { differenceInterval: d, ratioInterval: r } = parity(rates, [300, 60, 100, 80], draws);
      return d[0] <= 0.3 && 0.3 <= d[1] && r[0] <= 0.4 && 0.4 <= r[1];
    });
    expectRateAtLeast(covered, runs, 0.95);
  });

  it('do see a large one', () => {
    const found = parity([0.2, 0.5], [400, 400], seeded(23));
    expect(differenceVerdict(found, 0.1)).toBe('beyond');
    expect(ratioVerdict(found, 0.8)).toBe('beyond');
    expect(differenceVerdict(parity([0.3, 0.3], [20_000, 20_000], seeded(24)), 0.1)).toBe('within');
  });
});

describe('figures of AIF360 and Fairlearn', () => {
  const a = table(10, 5, 20, 15);
  const b = table(20, 10, 15, 5);

  it('turn their signs with the groups', () => {
    const one = groupFairness(a, b);
    const other = groupFairness(b, a);
    expect(one.statisticalParityDifference.value).toBeCloseTo(15 / 50 - 30 / 50, 12);
    for (const name of RATE_NAMES) {
      expect(other.differences[name].value).toBeCloseTo(-one.differences[name].value, 12);
      expect(other.differences[name].interval[0]).toBeCloseTo(-one.differences[name].interval[1], 12);
      expect(other.ratios[name].interval[0]).toBeCloseTo(1 / one.ratios[name].interval[1], 12);
    }
    expect(one.averageAbsOddsDifference.value).toBeCloseTo((0.2 + 0.4) / 2, 12);
    expect(one.theilIndex.interval[0]).toBeNaN();
  });

  it('bootstrap the indices when given draws', () => {
    const { theilIndex: theil } = groupFairness(a, b, { rng: seeded(2).uniform, replicates: 200 });
    expect(theil.interval[0]).toBeLessThan(theil.value);
    expect(theil.interval[1]).toBeGreaterThan(theil.value);
  });

  it('split the inequality: between groups at most all of it, nothing between equal groups', () => {
    const all = table(30, 15, 35, 20);
    expect(betweenGroupEntropyIndex([a, b], 1)).toBeLessThan(theilIndex(all));
    expect(betweenGroupEntropyIndex([a, a], 2)).toBeCloseTo(0, 12);
    expect(generalizedEntropyIndex(table(5, 0, 5, 0))).toBeCloseTo(0, 12);
    expect(generalizedEntropyIndex(all, 1.0001)).toBeCloseTo(theilIndex(all), 4);
    expect(theilIndex(table(0, 0, 0, 4))).toBeNaN();
    expect(generalizedEntropyIndex(all, 0)).toBe(Infinity);
  });

  it('answer degenerate groups as the libraries do', () => {
    const never = { overall: table(0, 0, 5, 5), groups: [table(0, 0, 2, 3), table(0, 0, 3, 2)] };
    expect(demographicParity(never)).toMatchObject({ difference: 0, ratio: NaN });
    expect(equalizedOdds(never)).toMatchObject({ difference: 0, ratio: NaN });
    const { disparateImpact, differences } = groupFairness(never.groups[0]!, table(0, 0, 3, 0));
    expect(disparateImpact.value).toBeNaN();
    expect(differences.recall.value).toBeNaN();
    expect(differences.false_discovery_rate.value).toBe(0);
  });
});
