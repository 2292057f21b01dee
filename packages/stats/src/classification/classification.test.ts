import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { kendallTauB, pearson, spearman } from '../metrics/correlation.js';
import {
  explainedVariance,
  mape,
  maxError,
  medianAbsoluteError,
  pinballLoss,
} from '../metrics/regression-errors.js';
import { rocAuc } from '../metrics/roc-auc.js';
import { binaryConfusion, thresholded } from './binary-confusion.js';
import { balancedAccuracy, cohenKappa, f1Score, matthewsCorrelation } from './binary-rates.js';
import {
  confusionMatrix,
  multiclassBalancedAccuracy,
  multiclassF1,
  multiclassKappa,
  multiclassMatthews,
} from './multiclass.js';
import { multiclassAuc } from './multiclass-auc.js';
import { averagePrecision, ksSeparation, precisionRecallAuc, rankingCurve } from './ranking.js';

const rows = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 6 })), {
  minLength: 1,
  maxLength: 40,
});

describe('binary figures', () => {
  it('are those of two classes of the multiclass ones', () => {
    fc.assert(
      fc.property(rows, list => {
        const labels = list.map(([y]) => y);
        const predictions = list.map(([, s]) => (s > 3 ? 1 : 0));
        const binary = binaryConfusion(labels, predictions);
        const matrix = confusionMatrix(labels, predictions, 2);
        const pairs = [
          [matthewsCorrelation(binary), multiclassMatthews(matrix)],
          [cohenKappa(binary), multiclassKappa(matrix)],
          [balancedAccuracy(binary), multiclassBalancedAccuracy(matrix)],
        ] as const;
        for (const [one, other] of pairs) {
          if (Number.isNaN(one)) expect(other).toBeNaN();
          else expect(other).toBeCloseTo(one, 10);
        }
      }),
    );
  });

  it('turn round with the classes', () => {
    fc.assert(
      fc.property(rows, list => {
        const turned = list.map(([y, s]) => [1 - y, -s] as const);
        const of = (each: readonly (readonly [number, number])[]) =>
          [rocAuc, ksSeparation].map(f =>
            f(
              each.map(([y]) => y),
              each.map(([, s]) => s),
            ),
          );
        const [auc, ks] = of(list) as [number, number];
        expect(of(turned)).toEqual([
          Number.isNaN(auc) ? NaN : expect.closeTo(auc, 10),
          Number.isNaN(ks) ? NaN : expect.closeTo(ks, 10),
        ]);
      }),
    );
  });

  it('have the answers of scikit-learn for one class and constants', () => {
    const never = binaryConfusion([1, 0], [0, 0]);
    expect(f1Score(never)).toBe(0);
    expect(matthewsCorrelation(never)).toBeNaN();
    expect(cohenKappa(binaryConfusion([1, 1], [1, 1]))).toBeNaN();
    expect(balancedAccuracy(binaryConfusion([1, 1], [1, 0]))).toBe(0.5);
    expect([averagePrecision([0, 0], [0.1, 0.2]), precisionRecallAuc([0, 0], [0.1, 0.2])]).toEqual([0, 0.5]);
    expect(averagePrecision([1, 1], [0.1, 0.2])).toBe(1);
    expect([averagePrecision([], []), ksSeparation([1], [1]), ksSeparation([0, 1], [NaN, 1])]).toEqual([
      NaN,
      NaN,
      NaN,
    ]);
    expect(averagePrecision([0, 1, 0, 1], [1, 1, 1, 1])).toBe(0.5);
    expect(rankingCurve([1, 0, 1], [3, 3, 1])?.truePositives).toEqual(Float64Array.of(1, 2));
    expect(Array.from(thresholded([0.5, 0.4, NaN]))).toEqual([1, 0, NaN]);
    expect(() => binaryConfusion([2], [1])).toThrow(/labels must be 0 or 1/);
  });
});

describe('several classes', () => {
  it('two are the binary AUC, whichever way they are averaged', () => {
    const { uniform } = seeded(2);
    const labels = Array.from({ length: 60 }, () => (uniform() < 0.4 ? 1 : 0));
    const scores = labels.map(y => Math.round(10 * (0.2 * y + 0.8 * uniform())) / 10);
    const auc = rocAuc(labels, scores);
    const both = scores.flatMap(s => [1 - s, s]);
    expect(multiclassAuc(labels, both, 2, 'ovr').value).toBeCloseTo(auc, 12);
    expect(multiclassAuc(labels, both, 2, 'ovo').value).toBeCloseTo(auc, 12);
  });

  it('leave absent classes out where they can', () => {
    const proba = [0.7, 0.2, 0.1, 0.3, 0.6, 0.1];
    expect(multiclassAuc([0, 1], proba, 3, 'ovo').value).toBe(1);
    expect(multiclassAuc([0, 1], proba, 3, 'ovr').value).toBeNaN();
    expect(multiclassAuc([1, 1], proba, 3, 'ovo').value).toBeNaN();
    expect(multiclassF1(confusionMatrix([0, 1], [0, 1], 5), 'macro')).toBe(1);
    expect(multiclassMatthews(confusionMatrix([], [], 3))).toBeNaN();
    expect(() => confusionMatrix([3], [0], 3)).toThrow(/class codes/);
  });
});

describe('figures of numbers', () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 2,
    maxLength: 30,
  });

  it('Kendall counts the pairs', () => {
    fc.assert(
      fc.property(pairs, list => {
        let sum = 0;
        let untiedA = 0;
        let untiedB = 0;
        list.forEach(([a, b], i) => {
          list.slice(i + 1).forEach(([c, d]) => {
            sum += Math.sign(a - c) * Math.sign(b - d);
            untiedA += a === c ? 0 : 1;
            untiedB += b === d ? 0 : 1;
          });
        });
        const found = kendallTauB(
          list.map(([a]) => a),
          list.map(([, b]) => b),
        );
        if (untiedA === 0 || untiedB === 0) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(sum / Math.sqrt(untiedA * untiedB), 10);
      }),
    );
  });

  it('correlations do not mind scale, rank correlations no rising function', () => {
    fc.assert(
      fc.property(pairs, list => {
        const a = list.map(([x]) => x);
        const b = list.map(([, y]) => y);
        const same = (one: number, other: number) =>
          Number.isNaN(one) ? expect(other).toBeNaN() : expect(other).toBeCloseTo(one, 9);
        same(
          pearson(a, b),
          pearson(
            a.map(x => 1e150 * x + 1e150),
            b,
          ),
        );
        same(
          spearman(a, b),
          spearman(
            a.map(x => Math.exp(x)),
            b,
          ),
        );
        same(kendallTauB(a, b), kendallTauB(b, a));
      }),
    );
    expect([pearson([1], [2]), pearson([1, 1], [1, 2]), spearman([1, NaN], [1, 2])]).toEqual([NaN, NaN, NaN]);
  });

  it('have their conventions for constants and nothing', () => {
    expect([
      explainedVariance([3, 3], [4, 4]),
      explainedVariance([3, 3], [4, 5]),
      explainedVariance([], []),
    ]).toEqual([1, 0, NaN]);
    expect(medianAbsoluteError([1, 2, 3, 9], [1, 1, 1, 1])).toBe(1.5);
    expect([medianAbsoluteError([], []), medianAbsoluteError([NaN], [1]), maxError([], [])]).toEqual([
      NaN,
      NaN,
      NaN,
    ]);
    expect(mape([2], [1])).toBe(0.5);
    expect(pinballLoss([2, 2], [1, 3], 0.9)).toBeCloseTo(0.5, 12);
  });
});
