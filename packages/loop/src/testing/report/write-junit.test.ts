import type { Verdict } from '@twinloop/kernel';
import { expect, it } from 'vitest';
import { toJUnit } from './write-junit.js';

const VERDICTS: readonly Verdict[] = [
  {
    gate: 'metric auc',
    status: 'pass',
    reason: 'auc is 0.7',
    evidence: [
      {
        statistic: 'auc',
        value: 0.7,
        n: 1838,
        interval: [0.66, 0.74],
        threshold: 0.55,
        method: 'DeLong, 95 %',
      },
    ],
  },
  { gate: 'predictions', status: 'fail', reason: '"a < b & c" does not hold\u0007', evidence: [] },
  { gate: 'champion log_loss', status: 'inconclusive', reason: 'only 12 rows', evidence: [] },
];

it('one case a gate, as CI systems read it', () => {
  expect(toJUnit('r1', VERDICTS)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="twinloop" tests="3" failures="1" errors="0" skipped="1">
  <testsuite name="r1" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="twinloop.gates" name="metric auc">
      <system-out>auc is 0.7
auc = 0.7 [0.66, 0.74], n = 1,838, threshold 0.55 (DeLong, 95 %)</system-out>
    </testcase>
    <testcase classname="twinloop.gates" name="predictions">
      <failure message="&quot;a &lt; b &amp; c&quot; does not hold\ufffd" type="gate_failed"/>
      <system-out></system-out>
    </testcase>
    <testcase classname="twinloop.gates" name="champion log_loss">
      <skipped message="only 12 rows"/>
      <system-out></system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

it('keeps what XML allows and replaces what it does not', () => {
  const told = toJUnit('r1', [{ gate: 'é✓😀', status: 'pass', reason: 'a\u0000b\ud800c', evidence: [] }]);
  expect(told).toContain('name="é✓😀"');
  expect(told).toContain('<system-out>a\ufffdb\ufffdc</system-out>');
});
