import fc from 'fast-check';
import { hypergeometricSf } from './hypergeometric.js';
import { noncentralChiSquareSf, shiftedTwoSidedSf } from './noncentral.js';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile, betaSf } from './beta.js';
import { binomialPmf } from './binomial.js';
import { chiSquareSf } from './chi-square.js';
import { durbinCdf } from './kolmogorov/durbin.js';
import { logGamma } from './gamma.js';
import { kolmogorovQuantile, kolmogorovSf } from './kolmogorov/kolmogorov.js';
import { kolmogorovFiniteSf } from './kolmogorov/kolmogorov-exact.js';
import { normalCdf, normalQuantile, normalSf } from './normal.js';
import { pelzGoodCdf } from './kolmogorov/pelz-good.js';
import { smirnovSf } from './kolmogorov/smirnov.js';
import { studentTQuantile, studentTSf } from './student-t.js';

const near = (got: number, want: number, relative = 1e-12): void => {
  expect(Math.abs(got - want)).toBeLessThanOrEqual(relative * Math.abs(want));
};

describe('normal distribution', () => {
  it('keeps its digits in the far tail', () => {
    near(normalSf(8), 6.220960574271785e-16);
    near(normalSf(20), 2.7536241186062337e-89);
    // Both methods where they meet, and close to the smallest double.
    near(normalSf(25.000001) / normalSf(24.999999), 0.9999499215079454, 1e-12);
    near(normalSf(37), 5.725571222524577e-300, 1e-11);
  });
  it('answers at the ends of its domain', () => {
    expect([normalSf(Infinity), normalSf(-Infinity), normalSf(40), normalCdf(-50)]).toEqual([0, 1, 0, 0]);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5)]).toEqual([-Infinity, Infinity, 0]);
    expect([normalCdf(NaN), normalQuantile(NaN), normalQuantile(1.1)]).toEqual([NaN, NaN, NaN]);
  });
  it('quantile inverts the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 0.5, noNaN: true }), p =>
        near(normalCdf(normalQuantile(p)), p, 1e-10),
      ),
    );
  });
});

describe('χ² distribution', () => {
  it('has the 5 % point of every table', () => near(chiSquareSf(3.841458820694124, 1), 0.05, 1e-12));
  it('keeps its digits in the tail', () => near(chiSquareSf(50, 10), 2.6690834249044956e-7, 1e-12));
  it('is exponential with two degrees of freedom, down to the smallest numbers', () => {
    for (const x of [0.1, 5, 100, 1400]) near(chiSquareSf(x, 2), Math.exp(-x / 2), 1e-11);
  });
  it('underflows to 0 again and again, and is 1 up to 0', () => {
    for (let i = 0; i < 20_000; i++) expect(chiSquareSf(1e5 + i, 3)).toBe(0);
    expect([chiSquareSf(0, 3), chiSquareSf(-1, 3), chiSquareSf(Infinity, 3)]).toEqual([1, 1, 0]);
    expect([chiSquareSf(1, 0), chiSquareSf(NaN, 2)]).toEqual([NaN, NaN]);
    near(chiSquareSf(3.841458820694124, 1), 0.05, 1e-12);
  });
});

describe("Student's t", () => {
  it('has its closed forms for one and two degrees of freedom', () => {
    for (const t of [1e-9, 0.3, 2, 50]) {
      near(studentTSf(t, 1), 0.5 - Math.atan(t) / Math.PI, t > 10 ? 1e-9 : 1e-12);
      near(studentTSf(t, 2), 1 / (2 + t * t + t * Math.sqrt(2 + t * t)), 1e-11);
    }
    near(studentTSf(1e8, 1), 1 / (Math.PI * 1e8), 1e-10);
  });
  it.each([
    [0.5, 20, 0.3112659211405118],
    [12, 1000, 2.1620286933872637e-31],
    [3, 1e5, 0.0013502304420323596],
    [12, 1e5, 1.8722529059781755e-33],
    [5, 1e6, 2.8669989354453708e-7],
    [12, 1e6, 1.785842562382545e-33],
  ])('keeps its digits in the tail (40-digit arithmetic): t %d, df %d', (t, df, tail) => {
    near(studentTSf(t, df), tail, 1e-8);
  });
  it('tends to the normal, at infinity and on the left', () => {
    near(studentTSf(3, 1e9), normalSf(3), 1e-7);
    for (const t of [-2, 0.01, 1, 5, 12]) near(studentTSf(t, 100_001), studentTSf(t, 100_000), 1e-6);
    expect(studentTSf(3, Infinity)).toBe(normalSf(3));
    near(studentTSf(-2, 5), 1 - studentTSf(2, 5));
    expect([studentTSf(Infinity, 3), studentTSf(-Infinity, 3), studentTSf(1, 0)]).toEqual([0, 1, NaN]);
  });
  it('quantile inverts the tail', () => {
    for (const df of [1, 2.5, 30, 1e5])
      for (const p of [0.501, 0.9, 0.975, 0.9999]) near(studentTSf(studentTQuantile(p, df), df), 1 - p, 1e-9);
    near(studentTQuantile(0.975, 10), 2.2281388519649385, 1e-10);
    expect(studentTQuantile(0.5, 7)).toBeCloseTo(0, 12);
  });
});

describe('beta distribution', () => {
  it('quantile has its closed form for a = 1', () => {
    for (const p of [1e-12, 0.01, 0.5, 0.999])
      near(betaQuantile(p, 1, 7), -Math.expm1(Math.log1p(-p) / 7), 1e-10);
  });
  it('quantile inverts the distribution function, for tiny and for huge parameters', () => {
    const parameter = fc.double({ min: 0.05, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(parameter, parameter, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, b, p) => {
        const x = betaQuantile(p, a, b);
        // Where x rounds to 0 or 1 the quantile is below what a double can say.
        if (x > 1e-290 && x < 1 - 1e-9) expect(betaCdf(x, a, b)).toBeCloseTo(p, 6);
      }),
    );
  });
  it('answers at the ends of its domain', () => {
    expect([
      betaQuantile(0, 2, 3),
      betaQuantile(1, 2, 3),
      betaQuantile(-0.1, 2, 3),
      betaQuantile(0.5, 0, 1),
    ]).toEqual([0, 1, NaN, NaN]);
    near(betaSf(0.3, 2, 5), 1 - betaCdf(0.3, 2, 5));
  });
});

describe('gamma function', () => {
  it('is log (n − 1)!, and infinite at its poles without complaint', () => {
    near(logGamma(11), Math.log(3628800));
    for (let i = 0; i < 20_000; i++) expect(logGamma(-i)).toBe(Infinity);
    expect(logGamma(NaN)).toBeNaN();
  });
});

describe('Kolmogorov distributions', () => {
  it('limit: the published values and both series agree where they meet', () => {
    near(kolmogorovSf(1), 0.26999967167735456);
    near(kolmogorovSf(1.3580986393225507), 0.05, 1e-9);
    near(kolmogorovSf(1 - 1e-13), kolmogorovSf(1), 1e-11);
    expect([kolmogorovSf(0), kolmogorovSf(-1), kolmogorovSf(30), kolmogorovSf(NaN)]).toEqual([1, 1, 0, NaN]);
    near(kolmogorovSf(kolmogorovQuantile(1e-6)), 1e-6, 1e-9);
  });
  it('finite n: the example of Marsaglia, Tsang & Wang', () => {
    near(1 - kolmogorovFiniteSf(10, 0.274), 0.6284796154565043, 1e-12);
  });
  it('finite n: the closed forms of small and of large distances', () => {
    // n!·(2d − 1/n)^n up to 1/n, 2(1−d)^n from 1 − 1/n on (Ruben & Gambino 1982).
    near(1 - kolmogorovFiniteSf(4, 0.2), 24 * (0.4 - 0.25) ** 4, 1e-10);
    near(kolmogorovFiniteSf(6, 0.9), 2 * 0.1 ** 6, 1e-12);
    expect([kolmogorovFiniteSf(5, 0.1), kolmogorovFiniteSf(5, 1), kolmogorovFiniteSf(0, 0.5)]).toEqual([
      1,
      0,
      NaN,
    ]);
  });
  it('finite n: the three methods agree where they overlap', () => {
    for (const n of [150, 500]) {
      for (const z of [0.6, 0.9, 1.2]) {
        expect(pelzGoodCdf(n, z / Math.sqrt(n))).toBeCloseTo(durbinCdf(n, z / Math.sqrt(n)), 5);
      }
      const tail = 1.6 / Math.sqrt(n);
      expect(2 * smirnovSf(n, tail)).toBeCloseTo(1 - durbinCdf(n, tail), 8);
    }
    near(smirnovSf(50_001, 0.008), smirnovSf(50_000, 0.008), 0.005);
  });
});

describe('tails that the drift decision needs', () => {
  it('hypergeometric: Fisher’s tea, and an impossible draw', () => {
    near(hypergeometricSf(3, 8, 4, 4), 17 / 70, 1e-12);
    expect([hypergeometricSf(0, 8, 4, 4), hypergeometricSf(5, 8, 4, 4)]).toEqual([1, 0]);
    // scipy.stats.hypergeom.sf(19, 1_000_000, 1000, 5000).
    near(hypergeometricSf(20, 1_000_000, 1000, 5000), 3.0321076347948093e-7, 1e-6);
  });
  it('noncentral χ²: scipy.stats.ncx2.sf, and the square of a shifted normal deviate', () => {
    near(noncentralChiSquareSf(30, 5, 3.5), 0.0013193005369319408, 1e-9);
    near(noncentralChiSquareSf(250, 9, 100), 1.9439060667351926e-8, 1e-9);
    near(noncentralChiSquareSf(4, 1, 0), chiSquareSf(4, 1), 1e-12);
    // One degree of freedom is the square of a shifted normal deviate.
    for (const [x, shift] of [
      [9, 1],
      [16, 0.1],
      [10_404, 100],
    ] as const)
      near(noncentralChiSquareSf(x, 1, shift * shift), shiftedTwoSidedSf(Math.sqrt(x), shift), 1e-8);
  });
});

describe('binomial helpers', () => {
  it('pmf is the product formula for small n and sums to 1 for large n', () => {
    near(binomialPmf(3, 10, 0.2), 120 * 0.2 ** 3 * 0.8 ** 7, 1e-13);
    let sum = 0;
    for (let k = 0; k <= 20_000; k++) sum += binomialPmf(k, 20_000, 0.3);
    near(sum, 1, 1e-11);
    expect([binomialPmf(-1, 5, 0.5), binomialPmf(0, 5, 0), binomialPmf(5, 5, 1)]).toEqual([0, 1, 1]);
  });
});
