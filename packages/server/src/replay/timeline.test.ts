import type { Table } from '@twinloop/kernel';
import { expect, test } from 'vitest';
import { Pace } from './pace.js';
import { Timeline, type ReplaySource } from './timeline.js';

const HOUR = 36e5;

/** Three cases, ten minutes apart; the second one's label comes first. */
function source(): ReplaySource {
  const table: Table = {
    rows: 3,
    columns: [
      { name: 'at', type: 'time', values: Float64Array.of(0, 6e5, 12e5) },
      { name: 'known', type: 'time', values: Float64Array.of(2.5 * HOUR, 0.5 * HOUR, 2.2 * HOUR) },
      { name: 'y', type: 'number', values: Float64Array.of(1, 0, 1) },
      { name: 'x', type: 'number', values: Float64Array.of(7, Number.NaN, 9) },
    ],
  };
  return { table, ids: ['a', 'b', 'c'], inputs: ['x'], time: 'at', label: 'y', arrives: 'known' };
}

test('requests come at their time, labels at the full hour after they became known', () => {
  const events = [...new Timeline(source()).from(0, 0)];
  expect(events).toEqual([
    { kind: 'request', at: 0, index: 0 },
    { kind: 'request', at: 6e5, index: 1 },
    { kind: 'request', at: 12e5, index: 2 },
    { kind: 'outcomes', at: HOUR, indices: [1] },
    { kind: 'outcomes', at: 3 * HOUR, indices: [2, 0] },
  ]);
});

test('a replay that is taken up goes on after what was sent and delivered', () => {
  expect([...new Timeline(source()).from(3, 1)]).toEqual([
    { kind: 'outcomes', at: 3 * HOUR, indices: [2, 0] },
  ]);
});

test('a request carries its inputs alone, and null for what is missing', () => {
  const timeline = new Timeline(source());
  expect([timeline.inputs(0), timeline.inputs(1)]).toEqual([{ x: 7 }, { x: null }]);
});

test('pacing spreads the whole over 90 s, catches up what training cost, and never waits at full speed', () => {
  const pace = new Pace(1, 0, 9_000_000);
  pace.anchor(0, 0);
  expect(pace.wait(0, 100_000)).toBe(1000);
  expect(pace.wait(5000, 100_000)).toBe(0);
  pace.anchor(0, 0, 4);
  expect(pace.wait(0, 100_000)).toBe(250);
  pace.anchor(0, 0, 'max');
  expect(pace.wait(0, 8_000_000)).toBe(0);
});

test('rows of joined sources come by when they are known, before the requests of that time', () => {
  const joined = [1, 1, 2].map((hour, i) => ({ dataset: 'weather', known: hour * 36e5, row: { i } }));
  const events = [...new Timeline({ ...source(), joined }).from(0, 0)];
  const posted = events.filter(event => event.kind === 'rows');
  expect(posted.map(({ at, rows, until }) => [at, rows.length, until])).toEqual([
    [36e5, 2, 2],
    [2 * 36e5, 1, 3],
  ]);
  for (const { at } of posted)
    expect(events.findIndex(event => event.kind === 'rows' && event.at === at)).toBeLessThan(
      events.findIndex(event => event.kind !== 'rows' && event.at >= at),
    );
  // Taken up after two rows, the third is left.
  const left = [...new Timeline({ ...source(), joined }).from(0, 0, 2)].filter(({ kind }) => kind === 'rows');
  expect(left).toHaveLength(1);
});
