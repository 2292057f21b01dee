import { expect, test } from 'vitest';
import { decision } from '../../live/decision.fixture.js';
import { monthTicks, stripMarks, stripSpan } from './strip.js';

test('alarms stand above, their ends below, everything else is left out', () => {
  const marks = stripMarks([
    decision(1, 'AlarmRaised'),
    decision(2, 'RunStarted'),
    decision(3, 'ModelPromoted'),
    decision(4, 'ModelRejected'),
  ]);
  expect(marks.map(m => [m.seq, m.kind, m.row])).toEqual([
    [1, 'alarm', 0],
    [3, 'promotion', 1],
    [4, 'rejection', 1],
  ]);
});

test('the span is the replay, or the life of the ledger, and never empty', () => {
  const decisions = [decision(3, 'AlarmRaised')];
  expect(stripSpan({ from: 10, until: 90 }, decisions, 50)).toEqual({ from: 10, until: 90 });
  expect(stripSpan(null, decisions, 9000)).toEqual({ from: 3000, until: 9000 });
  expect(stripSpan(null, [], 7)).toEqual({ from: 7, until: 8 });
});

test('months are named, and thinned where there is little room', () => {
  const span = { from: Date.UTC(2013, 2, 1), until: Date.UTC(2014, 0, 1) };
  expect(
    monthTicks(span, 20)
      .map(t => t.label)
      .join(' '),
  ).toBe('Mar Apr May Jun Jul Aug Sep Oct Nov Dec Jan');
  expect(
    monthTicks(span, 6)
      .map(t => t.label)
      .join(' '),
  ).toBe('Mar May Jul Sep Nov Jan');
});
