import { seededRng } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { fitRecalibration } from './fit-recalibration.js';

const OPTIONS = { task: 'binary', ridge: 20, minLabels: 200 } as const;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Scores of a model, and labels whose log-odds lie `shift` above what it says. */
function cases(n: number, shift: number, seed = 1) {
  const rng = seededRng(seed);
  const scores = Float64Array.from({ length: n }, () => 0.05 + 0.4 * rng.next());
  const labels = scores.map(p => (rng.next() < sigmoid(Math.log(p / (1 - p)) + shift) ? 1 : 0));
  return [labels, scores] as const;
}

describe('fitRecalibration', () => {
  it('finds the shift of the log-odds', () => {
    const fitted = fitRecalibration(...cases(20_000, 0.8), OPTIONS)!;
    expect(fitted.shift).toBeCloseTo(0.8, 1);
    const [low, high] = fitted.evidence.interval!;
    expect(low).toBeLessThan(0.8);
    expect(high).toBeGreaterThan(0.8);
    expect(fitted.evidence.n).toBe(20_000);
  });

  it('shrinks towards training when labels are few', () => {
    const [labels, scores] = cases(300, 1);
    const free = fitRecalibration(labels, scores, { ...OPTIONS, ridge: 0 })!.shift;
    const shrunk = fitRecalibration(labels, scores, OPTIONS)!.shift;
    expect(shrunk).toBeLessThan(free);
    expect(shrunk).toBeGreaterThan(0.5 * free);
  });

  it('leaves a calibrated model alone', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(fitRecalibration(...cases(2000, 0, seed), OPTIONS)).toBeUndefined();
    }
  });

  it('leaves a shift in service alone while it still fits, and takes it back when it does not', () => {
    expect(fitRecalibration(...cases(2000, 0.8), { ...OPTIONS, present: 0.78 })).toBeUndefined();
    expect(fitRecalibration(...cases(2000, 0), { ...OPTIONS, present: 0.8 })!.shift).toBeCloseTo(0, 0);
  });

  it('needs labels', () => {
    expect(fitRecalibration(...cases(199, 2), OPTIONS)).toBeUndefined();
  });

  it('stays finite when all labels are alike', () => {
    const scores = new Float64Array(400).fill(0.2);
    const fitted = fitRecalibration(new Float64Array(400).fill(1), scores, OPTIONS)!;
    expect(Number.isFinite(fitted.shift)).toBe(true);
  });
});

describe('fitRecalibration of a regression', () => {
  const REGRESSION = { ...OPTIONS, task: 'regression' } as const;
  /** Answers around 100, and labels `shift` above them, with noise of standard deviation about 10. */
  function values(n: number, shift: number, seed = 1) {
    const rng = seededRng(seed);
    const scores = Float64Array.from({ length: n }, () => 80 + 40 * rng.next());
    const labels = scores.map(score => score + shift + 34.6 * (rng.next() - 0.5));
    return [labels, scores] as const;
  }

  it('finds the bias in the unit of the label', () => {
    const fitted = fitRecalibration(...values(5000, 12), REGRESSION)!;
    expect(fitted.shift).toBeCloseTo(12, 0);
    expect(fitted.evidence.interval![0]).toBeLessThan(fitted.shift);
    expect(fitted.evidence.statistic).toBe('shift of the intercept');
  });

  it('shrinks like so many labels without bias', () => {
    const [labels, scores] = values(400, 12);
    const free = fitRecalibration(labels, scores, { ...REGRESSION, ridge: 0 })!.shift;
    const shrunk = fitRecalibration(labels, scores, { ...REGRESSION, ridge: 100 })!.shift;
    expect(shrunk).toBeCloseTo((free * 400) / 500, 9);
  });

  it('leaves alone what is unbiased, and a shift that still fits', () => {
    for (let seed = 0; seed < 20; seed++)
      expect(fitRecalibration(...values(2000, 0, seed), REGRESSION)).toBeUndefined();
    expect(fitRecalibration(...values(2000, 12), { ...REGRESSION, present: 12 })).toBeUndefined();
    expect(fitRecalibration(...values(2000, 0), { ...REGRESSION, present: 12 })!.shift).toBeCloseTo(0, 0);
  });

  it('is not asked of a task without a single intercept', () => {
    expect(fitRecalibration(...values(2000, 12), { ...OPTIONS, task: 'multiclass' })).toBeUndefined();
  });
});
