import type { RollbackStudy } from '@twinloop/server';
import { describe, expect, it } from 'vitest';
import { judgeRollbacks } from './judge-rollback.js';

const JUDGED = {
  algorithm: 'linear',
  feature: 'sched_dep_time',
  days: 0,
  trials: 20,
  rolledBack: 20,
  medianLabels: 250,
  p90Labels: 450,
  held: 19,
  medianRequestsToHold: 32,
  trueHarm: [0.3, 0.4, 0.5],
} as const;
const SOUND: RollbackStudy = {
  starts: 20,
  lossDays: 28,
  alpha: 0.05,
  cases: [JUDGED],
  honest: { trials: 16, rolledBack: 1, byGuardrail: 0, held: 2 },
  dealt: { trials: 160, rolledBack: 9, byGuardrail: 0, held: 20 },
};

describe('judgeRollbacks', () => {
  it('passes a watch that is fast enough at its nominal rate, with every figure', () => {
    const { passed, figure } = judgeRollbacks(SOUND);
    expect(passed).toBe(true);
    for (const part of [
      '20 rolled back',
      'median 250',
      'p90 450',
      '0.400 worse',
      '9 of 160 (5.6 %)',
      '1 of 16',
    ])
      expect(figure).toContain(part);
  });

  it.each<[string, Partial<RollbackStudy>]>([
    ['the median is too late', { cases: [{ ...JUDGED, medianLabels: 251 }] }],
    ['one in ten is never rolled back', { cases: [{ ...JUDGED, p90Labels: Infinity }] }],
    ['too many are rolled back without cause', { dealt: { ...SOUND.dealt, rolledBack: 16 } }],
    ['too many honest ones are rolled back', { honest: { ...SOUND.honest, rolledBack: 4 } }],
    ['nothing honest was tried', { honest: { ...SOUND.honest, trials: 0, rolledBack: 0 } }],
  ])('fails when %s', (_case, change) => {
    expect(judgeRollbacks({ ...SOUND, ...change }).passed).toBe(false);
  });
});
