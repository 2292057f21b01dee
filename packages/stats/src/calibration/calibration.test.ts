import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, expectRateAtMost, times } from '../../test-support/simulation.js';
import { brierDecomposition, spiegelhalterZ } from './brier-decomposition.js';
import { isotonicFit, isotonicValues } from './isotonic.js';
import { calibrationLine, logisticLine, plattFit, plattValues } from './logistic-line.js';
import { reliabilityCurve } from './reliability-curve.js';

const value = fc.integer({ min: -20, max: 20 });
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 40 });

describe('isotonicFit', () => {
  it('pools violators (the example of scikit-learn’s documentation of PAVA)', () => {
    const fit = isotonicFit([1, 2, 3, 4], [1, 3, 2, 4]);
    expect(Array.from(isotonicValues(fit, [0, 1, 2, 2.5, 3, 3.5, 9]))).toEqual([
      1, 1, 2.5, 2.5, 2.5, 3.25, 4,
    ]);
  });

  it('is monotone, keeps the mean, and no pooling of levels fits better', () => {
    fc.assert(
      fc.property(pairs, rows => {
        const x = rows.map(([a]) => a);
        const y = rows.map(([, b]) => b);
        const fitted = isotonicValues(isotonicFit(x, y), x);
        const mean = (list: ArrayLike<number>): number =>
          Array.from(list).reduce((sum, one) => sum + one, 0) / list.length;
        expect(mean(fitted)).toBeCloseTo(mean(y), 9);
        rows.forEach((_, i) => {
          rows.forEach((_other, j) => {
            if (x[i]! < x[j]!) expect(fitted[i]!).toBeLessThanOrEqual(fitted[j]! + 1e-12);
            if (x[i] === x[j]) expect(fitted[i]).toBeCloseTo(fitted[j]!, 12);
          });
        });
        // Orthogonality of the projection onto a cone: residuals do not correlate with the fit.
        expect(rows.reduce((sum, _, i) => sum + (y[i]! - fitted[i]!) * fitted[i]!, 0)).toBeCloseTo(0, 6);
      }),
    );
  });

  it('answers nothing with NaN', () => {
    expect(isotonicValues(isotonicFit([], []), [1])[0]).toBeNaN();
    expect(isotonicFit([NaN, 1], [1, 2])).toEqual({ x: [1], y: [2] });
    expect(isotonicFit([1, 2], [5, 1], [0, 1])).toEqual({ x: [2], y: [1] });
  });
});

/** Labels of true log-odds `a + b·logit(p)`. */
function draw(n: number, a: number, b: number, seed: ReturnType<typeof seeded>) {
  const p = Array.from({ length: n }, () => 1 / (1 + Math.exp(-1.5 * seed.normal())));
  const y = p.map(q => (seed.uniform() < 1 / (1 + Math.exp(-(a + b * Math.log(q / (1 - q))))) ? 1 : 0));
  return { p, y };
}

describe('calibration lines', () => {
  it('find the slope and the intercept, and cover them', () => {
    const seed = seeded(4);
    const covered = times(200, () => {
      const { p, y } = draw(300, 0.4, 0.7, seed);
      const { slopeInterval: s, interceptInterval: i } = calibrationLine(y, p, 0.95);
      return s[0] <= 0.7 && 0.7 <= s[1] && i[0] <= 0.4 && 0.4 <= i[1];
    });
    expectRateAtLeast(covered, 200, 0.9);
  });

  it('reject calibrated probabilities at their level only', () => {
    const seed = seeded(5);
    const found = times(300, () => {
      const { p, y } = draw(200, 0, 1, seed);
      return calibrationLine(y, p).pValue < 0.05;
    });
    expectRateAtMost(found, 300, 0.06);
    const { p, y } = draw(2000, 0, 0.6, seed);
    expect(calibrationLine(y, p).pValue).toBeLessThan(1e-6);
    expect(spiegelhalterZ(y, p).z).toBeGreaterThan(4);
  });

  it('say nothing about constants and separated classes', () => {
    expect(calibrationLine([1, 1], [0.2, 0.4]).slope).toBeNaN();
    expect(calibrationLine([0, 1], [0.3, 0.3]).slope).toBeNaN();
    expect(logisticLine([0, 0, 1, 1], [1, 2, 3, 4]).converged).toBe(false);
    expect(logisticLine([], []).slope).toBeNaN();
    expect(spiegelhalterZ([1, 0], [0.5, 0.5]).pValue).toBeNaN();
  });

  it('Platt: finite for separated classes, constant for one class', () => {
    const fit = plattFit([0, 0, 1, 1], [1, 2, 3, 4]);
    const [low, high] = [plattValues(fit, [1])[0]!, plattValues(fit, [4])[0]!];
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeCloseTo(1 - low, 9);
    expect(plattValues(plattFit([1, 1], [3, 5]), [4])[0]).toBeCloseTo(0.75, 12);
    expect(plattValues(plattFit([], []), [4])[0]).toBeCloseTo(0.5, 12);
  });
});

describe('Brier score', () => {
  it('is reliability − resolution + uncertainty when bins have one probability each', () => {
    const p = [0.1, 0.1, 0.1, 0.9, 0.9];
    const found = brierDecomposition([0, 0, 1, 1, 1], p);
    expect(found.within).toBeCloseTo(0, 12);
    expect(found.uncertainty).toBeCloseTo(0.24, 12);
    expect(found.brier).toBeCloseTo(found.reliability - found.resolution + found.uncertainty, 12);
    expect(brierDecomposition([], []).brier).toBeNaN();
  });
});

describe('reliabilityCurve', () => {
  it('bins by width or by count, ties staying together', () => {
    const y = [0, 1, 0, 1, 1, NaN];
    const p = [0.05, 0.05, 0.06, 0.6, 1, 0.4];
    expect(reliabilityCurve(y, p).map(point => point.count)).toEqual([3, 1, 1]);
    expect(reliabilityCurve(y, p, { strategy: 'quantile', bins: 5 }).map(point => point.count)).toEqual([
      2, 1, 1, 1,
    ]);
    const [first] = reliabilityCurve(y, p);
    expect(first!.interval[0]).toBeLessThan(first!.observedRate);
    expect(reliabilityCurve([], [])).toEqual([]);
    expect(() => reliabilityCurve([1], [1.5])).toThrow(/\[0, 1\]/);
  });
});
