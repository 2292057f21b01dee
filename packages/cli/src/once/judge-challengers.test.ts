import type { ChallengerStudy } from '@twinloop/server';
import { describe, expect, it } from 'vitest';
import { judgeStudy } from './judge-challengers.js';

const evidence = { statistic: '', value: -0.02, n: 4000, method: '' };
const share = (margin: number, promoted: number) => ({
  margin,
  pairs: 200,
  promoted,
  medianLabels: 2300,
  medianDays: 14.99,
});
const SOUND: ChallengerStudy = {
  pairs: 400,
  truthDays: 28,
  better: [share(0.005, 150), share(0.01, 180), share(0.02, 196)],
  worse: [
    { margin: 0, pairs: 150, promoted: 2 },
    { margin: 0.01, pairs: 90, promoted: 1 },
  ],
  shuffled: { pairs: 60, promoted: 0 },
  november: {
    stale: { auc: 0.65, logLoss: 0.443 },
    retrained: { auc: 0.59, logLoss: 0.477 },
    trials: [
      { day: 1, status: 'inconclusive', evidence },
      { day: 8, status: 'worse', evidence },
    ],
  },
};
const { november } = SOUND;

describe('judgeStudy', () => {
  it('passes a comparison that keeps worse ones out and lets nine of ten better ones in, with every figure', () => {
    const { passed, figure } = judgeStudy(SOUND);
    expect(passed).toBe(true);
    expect(figure).toContain('0 of 60 promoted');
    expect(figure).toContain('AUC 0.590 and log loss 0.477, against the stale ones, 0.650 and 0.443');
    expect(figure).toContain('inconclusive from 1 Nov, worse from 8 Nov');
    expect(figure).toContain('180 of 200 promoted, 90.0 % (≥ 90 %; 75.0 % at 0.005, 98.0 % at 0.02)');
    expect(figure).toContain(
      'median 2300 labels, 15 days; of the worse ones 2 of 150, 1 of 90 (by more than 0.01) promoted',
    );
  });

  it.each<[string, Partial<ChallengerStudy>]>([
    ['a model of shuffled labels was promoted', { shuffled: { pairs: 60, promoted: 1 } }],
    ['no model of shuffled labels was tried', { shuffled: { pairs: 0, promoted: 0 } }],
    ['too few better ones were promoted', { better: [share(0.01, 179)] }],
    [
      'the worse trees of November were promoted',
      { november: { ...november, trials: [{ day: 1, status: 'better', evidence }] } },
    ],
    [
      'the trees of November are not worse, so that they show nothing',
      { november: { ...november, retrained: november.stale } },
    ],
  ])('fails when %s', (_case, change) => {
    expect(judgeStudy({ ...SOUND, ...change }).passed).toBe(false);
  });
});
