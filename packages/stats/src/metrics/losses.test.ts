import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanShift } from '../calibration/mean-shift.js';
import {
  bestConstant,
  isLoss,
  isScaled,
  LOSS_NAMES,
  lossesOfTask,
  lossFunction,
  lossOfShown,
  meanLoss,
  shownLoss,
} from './losses.js';
import { logLoss } from './probability-scores.js';
import { mae, rmse } from './regression.js';

const labels = [3, -1, 4, 10];
const scores = [2, 1, 4, 4];

describe('losses of single rows', () => {
  it('have the means that the reports know', () => {
    expect(meanLoss('log_loss', [1, 0], [0.7, 0.2])).toBe(logLoss([1, 0], [0.7, 0.2]));
    expect(meanLoss('absolute_error', labels, scores)).toBe(mae(labels, scores));
    expect(shownLoss('squared_error', meanLoss('squared_error', labels, scores))).toEqual({
      metric: 'rmse',
      title: 'RMSE',
      value: rmse(labels, scores),
    });
    expect(lossOfShown('squared_error', rmse(labels, scores))).toBeCloseTo(41 / 4, 12);
  });

  it('clip probabilities only where asked, and only for log loss', () => {
    expect(lossFunction('log_loss', 0.005)(1, 0)).toBeCloseTo(-Math.log(0.005), 12);
    expect(lossFunction('squared_error', 0.005)(1, 0)).toBe(1);
  });

  it.each(LOSS_NAMES)('%s: no constant beats the best constant', loss => {
    const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const label = isScaled(loss) ? fc.double({ min: -50, max: 50, noNaN: true }) : fc.constantFrom(0, 1);
    const other = isScaled(loss) ? fc.double({ min: -60, max: 60, noNaN: true }) : probability;
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 30 }), other, (ys, constant) => {
        const mean = (value: number): number => meanLoss(loss, ys, new Float64Array(ys.length).fill(value));
        expect(mean(bestConstant(loss, ys))).toBeLessThanOrEqual(mean(constant) + 1e-9);
      }),
    );
  });

  it('know which task they fit', () => {
    expect(lossesOfTask('binary')[0]).toBe('log_loss');
    expect(lossesOfTask('multiclass')[0]).toBe('log_loss');
    expect(lossesOfTask('regression')).toEqual(['squared_error', 'absolute_error']);
    expect(() => lossesOfTask('toString')).toThrow(/no losses/);
    expect(isLoss('auc')).toBe(false);
    expect(isLoss('constructor')).toBe(false);
  });
});

describe('meanShift', () => {
  it('takes the bias away, and shrinks it by so many labels that say 0', () => {
    const ys = Float64Array.from({ length: 100 }, (_, i) => 10 + (i % 2));
    const answers = new Float64Array(100).fill(8);
    expect(meanShift(ys, answers).shift).toBeCloseTo(2.5, 12);
    expect(meanShift(ys, answers, 100).shift).toBeCloseTo(1.25, 12);
    // The sample deviation of 0, 1, 0, 1, … is about a half.
    expect(meanShift(ys, answers).standardError).toBeCloseTo(0.05025, 4);
  });

  it('is the best additive correction in squared error', () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    const rows = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(rows, value, (pairs, other) => {
        const ys = pairs.map(([y]) => y);
        const loss = (shift: number): number =>
          meanLoss(
            'squared_error',
            ys,
            pairs.map(([, s]) => s + shift),
          );
        const { shift } = meanShift(
          ys,
          pairs.map(([, s]) => s),
        );
        expect(loss(shift)).toBeLessThanOrEqual(loss(other) + 1e-6);
      }),
    );
  });

  it('says nothing about fewer than two rows, and refuses a negative ridge', () => {
    expect(meanShift([1], [0]).shift).toBeNaN();
    expect(() => meanShift([1, 2], [0, 0], -1)).toThrow(/ridge/);
  });
});
