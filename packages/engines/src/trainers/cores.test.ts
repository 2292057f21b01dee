import { seededRng } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binSet, thresholdsOf } from './gbt/bins.js';
import { fixedPoint, toFixedPoint } from './gbt/fixed-point.js';
import { buildHistogram, subtractHistogram } from './gbt/histogram.js';
import { designOf } from './linear/design.js';
import { lbfgs } from './linear/lbfgs.js';
import { newton } from './linear/newton.js';
import { Objective } from './linear/objective.js';
import type { TrainingSet } from './training-set.js';

function randomSet(rows: number, task: TrainingSet['task'], weighted = false): TrainingSet {
  const rng = seededRng(rows);
  const categories = [-1, -1, 5, -1, 3];
  const x = Float64Array.from({ length: rows * 5 }, (_, i) => {
    if (rng.next() < 0.1) return Number.NaN;
    const size = categories[i % 5]!;
    return size < 0 ? rng.next() * 10 : Math.floor(rng.next() * size);
  });
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const signal = (x[5 * i] || 0) + 2 * (x[5 * i + 2] || 0) + 6 * rng.next();
    return task === 'binary' ? Number(signal > 12) : signal;
  });
  const weights = Float64Array.from({ length: rows }, () => 0.1 + rng.next());
  return { x, rows, categories, words: 0, classes: 0, y, task, ...(weighted ? { weights } : {}) };
}

describe('thresholds', () => {
  it('separate neighbouring doubles, by `x ≤ threshold`', () => {
    const next = 1 + Number.EPSILON;
    expect(Array.from(thresholdsOf(Float64Array.of(1, next), 255))).toEqual([1]);
    expect(Array.from(thresholdsOf(Float64Array.of(-1e308, 1e308), 255))).toEqual([0]);
  });

  it('put every value on the side of the threshold that its bin says', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -20, max: 20 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 2, max: 255 }),
        (values, maxBins) => {
          const x = Float64Array.from([...values, Number.NaN]);
          const set: TrainingSet = {
            x,
            rows: x.length,
            categories: [-1],
            y: x,
            words: 0,
            classes: 0,
            task: 'regression',
          };
          const { bins, thresholds, valueBins } = binSet(set, maxBins, 0);
          const bounds = thresholds[0]!;
          expect(bounds.length).toBeLessThan(maxBins);
          values.forEach((v, i) => {
            const bin = bins[i]!;
            if (bin < bounds.length) expect(v).toBeLessThanOrEqual(bounds[bin]!);
            if (bin > 0) expect(v).toBeGreaterThan(bounds[bin - 1]!);
          });
          expect(bins[values.length]).toBe(valueBins[0]);
        },
      ),
    );
  });
});

describe('histograms in fixed point', () => {
  const rows = 5000;
  const data = binSet(randomSet(rows, 'binary'), 255, 0);
  const rng = seededRng(4);
  const gradients = Float64Array.from({ length: rows }, () => rng.next() - 0.5);
  const hessians = Float64Array.from({ length: rows }, () => rng.next() / 4);
  const exactGradient = gradients.reduce((a, b) => a + b);
  const exactHessian = hessians.reduce((a, b) => a + b);
  const scale = fixedPoint(rows, 0.5, 0.25);
  toFixedPoint(gradients, hessians, scale);
  const of = (which: readonly number[]): Float64Array => {
    const histogram = new Float64Array(2 * data.offsets.at(-1)!);
    const node = {
      rows: Int32Array.from(which),
      gradients: Float64Array.from(which, i => gradients[i]!),
      hessians: Float64Array.from(which, i => hessians[i]!),
    };
    buildHistogram(data, node, which.length, histogram);
    return histogram;
  };
  const all = Array.from({ length: rows }, (_, i) => i);

  it('do not depend on the order of rows, to the last bit', () => {
    expect(of(all.toReversed())).toEqual(of(all));
  });

  it('subtract exactly', () => {
    const parent = of(all);
    subtractHistogram(parent, of(all.filter(i => i % 3 === 0)));
    expect(parent).toEqual(of(all.filter(i => i % 3 !== 0)));
  });

  it('hold count, hessian and gradient', () => {
    const histogram = of(all);
    let gradient = 0;
    let packed = 0;
    for (let bin = 0; bin < data.offsets[1]!; bin++) {
      gradient += histogram[2 * bin]!;
      packed += histogram[2 * bin + 1]!;
    }
    const count = Math.floor(packed * scale.perOne);
    expect(count).toBe(rows);
    expect((packed - count * scale.one) * scale.hessianUnit).toBeCloseTo(exactHessian, 6);
    expect(gradient * scale.gradientUnit).toBeCloseTo(exactGradient, 6);
  });

  it('keep sums unbiased when units are coarse', () => {
    // 2^20 rows leave few bits for a small hessian beside a large one.
    const n = 2 ** 20;
    const h = new Float64Array(n).fill(1e-6);
    const coarse = fixedPoint(n, 1, 0.25);
    toFixedPoint(new Float64Array(n), h, coarse);
    const units = h.reduce((sum, v) => sum + (v - coarse.one), 0);
    expect(units * coarse.hessianUnit).toBeCloseTo(1e-6 * n, 3);
  });
});

describe('linear solvers', () => {
  it.each([
    ['binary', false],
    ['binary', true],
    ['regression', true],
  ] as const)('Newton and L-BFGS reach one optimum (%s, weighted: %s)', (task, weighted) => {
    const set = randomSet(2000, task, weighted);
    const design = designOf(set);
    const solve = (run: (objective: Objective, w: Float64Array) => unknown): [number, Float64Array] => {
      const objective = new Objective(design, set, 1);
      const w = new Float64Array(design.columns);
      run(objective, w);
      return [objective.value(w), w];
    };
    const [a, wa] = solve((objective, w) => newton(objective, w, 1, 50));
    const [b, wb] = solve((objective, w) => lbfgs(objective, w, 1000));
    expect(b).toBeCloseTo(a, 3);
    wa.forEach((weight, k) => expect(wb[k]).toBeCloseTo(weight, 2));
  });
});
