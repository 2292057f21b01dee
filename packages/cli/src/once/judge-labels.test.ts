import { describe, expect, it } from 'vitest';
import { judgeLabelStudy } from './judge-labels.js';

const fair = { pairs: 64, worse: 20, wronglyPromoted: 0, better: 18, promoted: 17 };
const study = {
  untouched: fair,
  doubled: fair,
  missing: fair,
  oneSided: { rollouts: 64, canaries: 30, inconclusive: 30, promoted: 0 },
};

describe('A20', () => {
  it('holds with every figure told', () => {
    const judged = judgeLabelStudy(study);
    expect(judged.passed).toBe(true);
    expect(judged.figure).toContain('of 64 rollouts 30 came to a canary, 30 of them ended inconclusive');
  });

  it.each([
    ['a wrong promotion with late labels', { doubled: { ...fair, wronglyPromoted: 1 } }],
    ['a wrong promotion with missing labels', { missing: { ...fair, wronglyPromoted: 1 } }],
    ['a promotion on one-sided labels', { oneSided: { ...study.oneSided, promoted: 1 } }],
    ['another end than inconclusive', { oneSided: { ...study.oneSided, inconclusive: 29 } }],
    ['nothing to judge', { oneSided: { ...study.oneSided, canaries: 0, inconclusive: 0 } }],
    ['no worse challenger', { missing: { ...fair, worse: 0 } }],
  ])('fails for %s', (_name, change) => {
    expect(judgeLabelStudy({ ...study, ...change }).passed).toBe(false);
  });
});
