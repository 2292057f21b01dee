import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost } from '../../test-support/simulation.js';
import {
  accuracy,
  baseRate,
  binaryReport,
  brierScore,
  calibrationBins,
  deLongTest,
  expectedCalibrationError,
  logLoss,
  logLossOf,
  r2,
  regressionReport,
  rocAuc,
  rocAucInterval,
} from '../index.js';

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 })), {
  minLength: 2,
  maxLength: 40,
});

describe('rocAuc', () => {
  it('is the share of concordant pairs, ties counting half', () => {
    fc.assert(
      fc.property(rows, pairs => {
        const y = pairs.map(([label]) => label);
        const s = pairs.map(([, score]) => score);
        const positives = s.filter((_, i) => y[i] === 1);
        const negatives = s.filter((_, i) => y[i] === 0);
        let sum = 0;
        for (const p of positives) for (const n of negatives) sum += p > n ? 1 : p === n ? 0.5 : 0;
        const auc = rocAuc(y, s);
        if (positives.length === 0 || negatives.length === 0) expect(auc).toBeNaN();
        else {
          expect(auc).toBeCloseTo(sum / (positives.length * negatives.length), 12);
          expect(
            rocAuc(
              y.map(v => 1 - v),
              s,
            ),
          ).toBeCloseTo(1 - auc, 12);
        }
      }),
    );
  });
  it('does not hide a model that answers NaN; refuses other labels and unpaired arrays', () => {
    expect(rocAuc([0, 1, 1], [0.1, NaN, 0.9])).toBeNaN();
    expect(() => rocAuc([0, 2], [0.1, 0.2])).toThrow(/0 or 1/);
    expect(() => rocAuc([0, 1], [0.1])).toThrow(/paired/);
  });
});

describe('DeLong', () => {
  const draw = seeded(31);
  const rowsOf = (n: number, signal: number) => {
    const y = Array.from({ length: n }, () => (draw.uniform() < 0.3 ? 1 : 0));
    const base = y.map(label => signal * label + draw.normal());
    return { y, a: base.map(v => v + 0.5 * draw.normal()), b: base.map(v => v + 0.5 * draw.normal()) };
  };
  it('interval covers the true AUC', () => {
    // Scores N(s·y, 1.25): AUC = Φ(s/√2.5); s = 2 gives 0.8970.
    const truth = 0.8970483946339658;
    const runs = 1000;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const { y, a } = rowsOf(120, 2);
      const { low, high } = rocAucInterval(y, a, 0.95);
      if (low <= truth && truth <= high) covered++;
    }
    expectRateAtLeast(covered, runs, 0.94);
  });
  it('paired test holds its level and finds a better model', () => {
    const runs = 1000;
    let alarms = 0;
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const { y, a, b } = rowsOf(150, 1);
      if (deLongTest(y, a, b).pValue <= 0.05) alarms++;
      const worse = b.map(value => value + 3 * draw.normal());
      if (deLongTest(y, a, worse).pValue <= 0.05) found++;
    }
    expectRateAtMost(alarms, runs, 0.05);
    expectRateAtLeast(found, runs, 0.5);
  });
  it('agrees with itself: antisymmetric, and p = 1 for the same ranking', () => {
    const { y, a, b } = rowsOf(80, 1);
    expect(deLongTest(y, a, b).z).toBeCloseTo(-deLongTest(y, b, a).z, 10);
    expect(
      deLongTest(
        y,
        a,
        a.map(v => 3 * v + 1),
      ),
    ).toMatchObject({ difference: 0, z: 0, pValue: 1 });
  });
  it('does not claim certainty from a perfect ranking, nor anything from one class', () => {
    const perfect = rocAucInterval([0, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6]);
    expect(perfect).toMatchObject({ auc: 1, high: 1, standardError: 0 });
    expect(perfect.low).toBeCloseTo(0.2924, 3);
    expect(rocAucInterval([1, 1], [0.2, 0.3])).toMatchObject({ auc: NaN, low: NaN });
    expect(deLongTest([1, 1], [0.2, 0.3], [0.2, 0.3]).pValue).toBeNaN();
    expect(rocAucInterval([1, 0, 0], [0.2, 0.3, 0.1]).low).toBeNaN();
  });
});

describe('probability scores', () => {
  it('log loss is finite at 0 and 1, natural, and a mean of its rows', () => {
    expect(logLossOf(1, 0)).toBeCloseTo(-Math.log(1e-15), 10);
    expect(logLossOf(0, 0.25)).toBeCloseTo(-Math.log(0.75), 15);
    expect(logLoss([1, 0], [0.8, 0.4])).toBeCloseTo((logLossOf(1, 0.8) + logLossOf(0, 0.4)) / 2, 15);
  });
  it('empty and NaN give NaN everywhere', () => {
    for (const score of [logLoss, brierScore, accuracy, expectedCalibrationError]) {
      expect(score([], [])).toBeNaN();
      expect(score([1, 0], [NaN, 0.5])).toBeNaN();
      expect(() => score([1], [])).toThrow(RangeError);
    }
    expect(logLoss([NaN], [0.5])).toBeNaN();
    expect(baseRate([])).toBeNaN();
    expect(baseRate([1, 0, 0, 0])).toBe(0.25);
  });
  it('calibration bins follow the score, with 1 in the last', () => {
    const bins = calibrationBins([0, 1, 1], [0.05, 0.6, 1], 10);
    expect(bins.map(bin => bin.count)).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 1]);
    expect(bins[6]).toEqual({ count: 1, meanProbability: 0.6, observedRate: 1 });
    expect(() => calibrationBins([0], [-0.2])).toThrow(/\[0, 1\]/);
  });
  it('a report says what it rests on', () => {
    expect(binaryReport([0, 1, 1, 0], [0.1, 0.9, 0.6, 0.4])).toMatchObject({
      n: 4,
      positives: 2,
      auc: 1,
      accuracy: 1,
    });
    expect(binaryReport([], [])).toMatchObject({ n: 0, positives: 0, auc: NaN, log_loss: NaN, ece: NaN });
  });
});

describe('regression', () => {
  it('constant actuals, empty and NaN', () => {
    expect([r2([2, 2], [2, 2]), r2([2, 2], [2, 3]), r2([], [])]).toEqual([1, 0, NaN]);
    expect(regressionReport([1, NaN], [1, 2])).toMatchObject({ n: 2, rmse: NaN, mae: NaN, r2: NaN });
    expect(regressionReport([1, 2, 3], [2, 3, 4])).toMatchObject({
      n: 3,
      rmse: 1,
      mae: 1,
      bias: 1,
      r2: -0.5,
    });
  });
});
