import type { StepReport, Verdict } from '@twinloop/client';
import { describe, expect, test } from 'vitest';
import { reportGroups, scaleOf } from './groups.js';

const verdict = (gate: string, status: Verdict['status'], kind?: string): Verdict => ({
  gate,
  status,
  reason: '',
  evidence: [],
  ...(kind === undefined ? {} : { kind }),
});
const step = (name: string, status: StepReport['status']) =>
  ({ step: name, status, summary: 'all there' }) as unknown as StepReport;

describe('test report', () => {
  test('groups that fail stand first, and in a group what fails', () => {
    const groups = reportGroups({
      steps: [step('expectations', 'done'), step('refit', 'done')],
      verdicts: [
        verdict('metric auc', 'pass', 'metric'),
        verdict('calibration', 'inconclusive', 'calibration'),
        verdict('fuzz', 'fail', 'fuzz'),
        verdict('size', 'pass'),
      ],
    });
    expect(groups.map(({ name, status }) => [name, status])).toEqual([
      ['robustness', 'fail'],
      ['accuracy', 'inconclusive'],
      ['data', 'pass'],
      ['performance', 'pass'],
    ]);
    expect(groups[1]!.verdicts.map(({ gate }) => gate)).toEqual(['calibration', 'metric auc']);
    expect(groups[2]!.verdicts[0]).toMatchObject({ gate: 'expectations', reason: 'all there' });
  });

  test('value, interval and limit share an axis that holds them', () => {
    const scale = scaleOf(0.3, [0.2, 0.4], 0.1)!;
    expect(scale.limit).toBeLessThan(scale.interval![0]);
    expect(scale.interval![1]).toBeLessThanOrEqual(0.92 + 1e-12);
    expect(scale.value).toBeCloseTo((scale.interval![0] + scale.interval![1]) / 2, 12);
    expect(scaleOf(5, undefined, undefined)).toBeUndefined();
    expect(scaleOf(Number.NaN, undefined, 1)).toBeUndefined();
    expect(scaleOf(1, undefined, 1)).toMatchObject({ value: 0.5, limit: 0.5 });
  });
});
