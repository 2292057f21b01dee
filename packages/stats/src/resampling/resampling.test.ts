import { describe, expect, it } from 'vitest';
import { seeded } from '../../test-support/random.js';
import { expectRateAtLeast, times } from '../../test-support/simulation.js';
import { fillPoissonWeights, poissonDraw } from './poisson.js';
import { cellBootstrap, poissonBootstrap } from './poisson-bootstrap.js';

const weightedMean = (values: readonly number[]) => (weights: Float64Array) => {
  let sum = 0;
  let total = 0;
  values.forEach((value, i) => {
    sum += weights[i]! * value;
    total += weights[i]!;
  });
  return sum / total;
};

describe('Poisson draws', () => {
  it('have mean and variance 1, the two halves of a draw not going together', () => {
    const weights = new Float64Array(200_001);
    fillPoissonWeights(weights, seeded(1).uniform);
    let sum = 0;
    let squares = 0;
    let both = 0;
    weights.forEach((weight, i) => {
      sum += weight;
      squares += (weight - 1) ** 2;
      if (i % 2 === 1) both += (weight - 1) * (weights[i - 1]! - 1);
    });
    const n = weights.length;
    expect(sum / n).toBeCloseTo(1, 2);
    expect(squares / n).toBeCloseTo(1, 1);
    expect(Math.abs(both / n)).toBeLessThan(0.01);
  });

  it.each([1, 7, 30, 400])('of mean %i have it as mean and variance', mean => {
    const { uniform } = seeded(2);
    const draws = Array.from({ length: 20_000 }, () => poissonDraw(mean, uniform));
    const found = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const spread = draws.reduce((sum, draw) => sum + (draw - found) ** 2, 0) / draws.length;
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(mean / 20_000));
    expect(spread / mean).toBeCloseTo(1, 1);
  });
});

describe('bootstraps', () => {
  it('cover a mean, with any confidence', () => {
    const draws = seeded(3);
    const found = (confidence: number): number =>
      times(200, () => {
        const values = Array.from({ length: 60 }, draws.normal);
        const { interval } = poissonBootstrap(60, weightedMean(values), {
          rng: draws.uniform,
          replicates: 200,
          confidence,
        });
        return interval[0] <= 0 && 0 <= interval[1];
      });
    expectRateAtLeast(found(0.9), 200, 0.88);
    // Further out than 200 replicates reach.
    expectRateAtLeast(found(0.999), 200, 0.995);
  });

  it('of cells agree with the binomial error', () => {
    const { value, standardError } = cellBootstrap([300, 700], ([a, b]) => a! / (a! + b!), {
      rng: seeded(4).uniform,
    });
    expect(value).toBe(0.3);
    expect(standardError).toBeCloseTo(Math.sqrt(0.21 / 1000), 2);
  });

  it('are the same for the same draws, and say nothing about undefined figures', () => {
    const ask = () =>
      poissonBootstrap(9, weightedMean([1, 2, 3, 4, 5, 6, 7, 8, 9]), { rng: seeded(5).uniform });
    expect(ask()).toEqual(ask());
    expect(poissonBootstrap(3, () => NaN, { rng: seeded(5).uniform })).toMatchObject({ replicates: 0 });
    const up = poissonBootstrap(9, weights => weights.reduce((sum, w) => sum + Math.abs(w - 1), 0), {
      rng: seeded(6).uniform,
      kind: 'basic',
    });
    expect(up.interval[1]).toBeLessThanOrEqual(up.value);
  });
});
