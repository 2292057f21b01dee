import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { thresholded } from '../classification/binary-confusion.js';
import { metricInterval, metricValue } from '../metric-table/metric-interval.js';
import { cbpe } from './cbpe.js';
import { checkEstimates, type RealisedWindow } from './estimate-check.js';
import { directLossEstimate, lossModelFit, lossModelValues } from './loss-model.js';
import { samplingErrors } from './sampling-error.js';

const FIGURES = ['accuracy', 'precision', 'recall', 'specificity', 'f1', 'auc', 'average_precision'] as const;

describe('cbpe', () => {
  it('with certain probabilities is the realised figure, without error', () => {
    const row = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), rows => {
        const labels = rows.map(([y]) => y);
        const scores = rows.map(([, s]) => s / 5);
        const found = cbpe(labels, scores, thresholded(scores));
        for (const name of FIGURES) {
          const realised = metricValue(name, { task: 'binary', labels, scores });
          if (Number.isNaN(realised)) expect(found[name].value).toBeNaN();
          else {
            expect(found[name].value).toBeCloseTo(realised, 10);
            expect(found[name].standardError).toBe(0);
          }
        }
      }),
    );
  });

  it.each(FIGURES)('%s: the realised figure of calibrated rows lies in the interval', name => {
    const draws = seeded(31);
    const runs = 300;
    const covered = times(runs, () => {
      const p = Array.from({ length: 250 }, () => 0.02 + 0.96 * draws.uniform());
      // Scores rank as the probabilities but are on another scale, with ties.
      const scores = p.map(each => Math.round(40 * each ** 2) / 40);
      const labels = p.map(each => (draws.uniform() < each ? 1 : 0));
      const realised = metricValue(name, { task: 'binary', labels, scores });
      const { interval } = cbpe(p, scores, thresholded(scores))[name];
      return interval[0] <= realised && realised <= interval[1];
    });
    expectRateAtLeast(covered, runs, 0.94);
    expectRateAtMost(covered, runs, 0.98);
  });

  it('widens by the error of a calibration on few rows, and answers nothing with NaN', () => {
    const p = [0.2, 0.7, 0.9];
    const wide = cbpe(p, p, [0, 1, 1], { referenceRows: 3 });
    expect(wide.accuracy.standardError).toBeCloseTo(
      Math.SQRT2 * cbpe(p, p, [0, 1, 1]).accuracy.standardError,
      12,
    );
    expect(cbpe([], [], []).accuracy.value).toBeNaN();
    expect(cbpe([0.5], [0.5], [0]).precision.value).toBeNaN();
    expect(cbpe([NaN, 0.5], [1, 1], [1, 1]).n).toBe(1);
    expect(() => cbpe([1.5], [1], [1])).toThrow(/\[0, 1\]/);
  });
});

describe('samplingErrors', () => {
  it('are the standard errors of the figures of n rows', () => {
    const draws = seeded(8);
    const scores = Array.from({ length: 2000 }, draws.uniform);
    const labels = scores.map(p => (draws.uniform() < p ? 1 : 0));
    const errors = samplingErrors(labels, scores, thresholded(scores), 2000);
    for (const name of ['accuracy', 'precision', 'recall', 'specificity'] as const) {
      const { standardError } = metricInterval(name, { task: 'binary', labels, scores });
      expect(errors[name]).toBeCloseTo(standardError, 9);
    }
    // NannyML's F1 error leaves a factor 1/(1 + J) out, J = F1/(2 − F1).
    const f1 = metricInterval('f1', { task: 'binary', labels, scores });
    expect(errors.f1).toBeCloseTo(f1.standardError * (1 + f1.value / (2 - f1.value)), 9);
    const { standardError } = metricInterval('auc', { task: 'binary', labels, scores });
    expect(errors.auc).toBeLessThan(standardError);
    expect(errors.auc).toBeGreaterThan(standardError / 2);
    expect(samplingErrors([1, 1], [0.2, 0.4], [0, 1], 10).auc).toBeNaN();
  });
});

describe('direct loss estimation', () => {
  /** Squared errors that grow with the first column; the second is noise, with gaps. */
  function rows(n: number, seed: number, spread = 1) {
    const draws = seeded(seed);
    const a = Float64Array.from({ length: n }, () => spread * draws.uniform());
    const b = Float64Array.from({ length: n }, () => (draws.uniform() < 0.1 ? NaN : draws.normal()));
    const losses = a.map(value => ((0.5 + 2 * value) * draws.normal()) ** 2);
    return { columns: [a, b], losses };
  }

  it('knows where losses are large, and its interval holds the realised mean', () => {
    const reference = rows(4000, 1);
    const model = lossModelFit(reference.losses, reference.columns);
    const [low, high] = [
      lossModelValues(model, [[0.05], [0]])[0]!,
      lossModelValues(model, [[0.95], [NaN]])[0]!,
    ];
    expect(low).toBeLessThan(1.2);
    expect(high).toBeGreaterThan(3.5);
    let seed = 10;
    const covered = times(200, () => {
      // Half the range only: a shift of the inputs that the mean of the reference would miss.
      const { columns, losses } = rows(300, seed++, 0.5);
      const { interval } = directLossEstimate(lossModelValues(model, columns), {
        residualVariance: model.residualVariance,
        referenceRows: model.n,
      });
      const realised = losses.reduce((sum, loss) => sum + loss / 300, 0);
      return interval[0] <= realised && realised <= interval[1];
    });
    expectRateAtLeast(covered, 200, 0.95);
    expect(lossModelFit(reference.losses, reference.columns)).toEqual(model);
  });

  it('takes the root of squared losses, and has answers for little', () => {
    expect(directLossEstimate([4, 4], { root: true }).value).toBe(2);
    expect(directLossEstimate([]).value).toBeNaN();
    expect(directLossEstimate([1, NaN]).n).toBe(1);
    expect(lossModelValues(lossModelFit([], [[]]), [[1]])[0]).toBeNaN();
    const constant = lossModelFit([2, 2, 2], [[1, 1, 1]]);
    expect(lossModelValues(constant, [[5]])[0]).toBeCloseTo(2, 12);
    expect(() => lossModelValues(constant, [[1], [2]])).toThrow(/columns/);
  });
});

describe('checkEstimates', () => {
  const windows = (seed: number, bias: number, scale: number, n = 20): RealisedWindow[] => {
    const { normal } = seeded(seed);
    return Array.from({ length: n }, () => ({
      estimate: 0.8,
      standardError: 0.02,
      realised: 0.8 - bias + 0.02 * scale * normal(),
    }));
  };

  it('rarely doubts right estimates', () => {
    let seed = 0;
    const doubted = times(400, () => checkEstimates(windows(seed++, 0, 1)).verdict !== 'believable');
    expectRateAtMost(doubted, 400, 0.05);
  });

  it('tells bias from overconfidence, and says nothing about a few windows', () => {
    expect(checkEstimates(windows(1, 0.05, 1))).toMatchObject({ verdict: 'biased' });
    expect(checkEstimates(windows(1, 0.05, 1)).bias).toBeCloseTo(0.05, 1);
    expect(checkEstimates(windows(2, 0, 4)).verdict).toBe('overconfident');
    expect(checkEstimates(windows(3, 0.2, 1, 5)).verdict).toBe('unclear');
    expect(checkEstimates([])).toMatchObject({ windows: 0, verdict: 'unclear' });
  });
});
