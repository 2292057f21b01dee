import { numbers, type Table } from '@twinloop/kernel';
import { expect, test } from 'vitest';
import { encoreOf, ROUNDS } from './encore.js';
import { Timeline, type ReplaySource } from './timeline.js';

const DAY = 864e5;
const WEEK = 7 * DAY;
const HOUR = 36e5;

/** One case a day for 100 days; its label comes an hour later. */
function year(): { table: Table; ids: readonly string[]; time: string } {
  const at = Float64Array.from({ length: 100 }, (_, i) => i * DAY);
  return {
    time: 'at',
    ids: Array.from(at, (_, i) => `f${i}`),
    table: {
      rows: 100,
      columns: [
        { name: 'at', type: 'time', values: at },
        { name: 'known', type: 'time', values: at.map(time => time + HOUR) },
        { name: 'y', type: 'number', values: at.map((_, i) => i) },
      ],
    },
  };
}

test('an encore starts at once, keeps the day of the week, and has ids of its own', () => {
  const from = 103.5 * DAY;
  const { table, ids } = encoreOf(year(), { first: 2, from });
  const at = numbers(table, 'at');
  expect(at[0]).toBe(104 * DAY);
  expect(at.every((time, i) => i === 0 || time - at[i - 1]! === DAY)).toBe(true);
  expect(at.every((time, i) => ((time / DAY - numbers(table, 'y')[i]!) * DAY) % WEEK === 0)).toBe(true);
  expect(numbers(table, 'known').every((time, i) => time - at[i]! === HOUR)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^f\d+~2$/);
  expect(ids.at(-1)).toBe(`f99~${1 + ROUNDS}`);
  // What of the first round lies before the start is left out; the other rounds are whole.
  expect(table.rows).toBeGreaterThan((ROUNDS - 1) * 56);
  expect(table.rows).toBeLessThanOrEqual(ROUNDS * 56);
});

test('the same encore after a restart', () => {
  const again = { first: 6, from: 200 * DAY };
  expect(encoreOf(year(), again)).toEqual(encoreOf(year(), again));
});

function source(): ReplaySource {
  const { table, ids } = year();
  return { table, ids, inputs: ['y'], time: 'at', label: 'y', arrives: 'known' };
}
const outcomes = (timeline: Timeline): { at: number; ids: string[] }[] =>
  [...timeline.from(0, 0)].flatMap(event =>
    event.kind !== 'outcomes' ? [] : [{ at: event.at, ids: event.indices.map(i => timeline.id(i)) }],
  );

const hold = { from: 10 * DAY, factor: 2, extraMs: 5 * DAY, missing: 0.3 };

test('held back labels come late, what had come keeps its place, and none is lost', () => {
  const plain = outcomes(new Timeline(source()));
  const timeline = new Timeline(source());
  timeline.delay([{ ...hold, until: null }]);
  const held = outcomes(timeline);
  expect(held.slice(0, 10)).toEqual(plain.slice(0, 10));
  expect(held.flatMap(({ ids }) => ids).sort()).toEqual(plain.flatMap(({ ids }) => ids).sort());
  const last = held.at(-1)!;
  expect(last.at).toBe(99 * DAY + HOUR);
  // Three in ten are missing to the end.
  expect(last.ids.length).toBeGreaterThan(15);
  expect(last.ids.length).toBeLessThan(45);
});

test('what is held back comes at once when it ends, in the hour after', () => {
  const timeline = new Timeline(source());
  timeline.delay([{ ...hold, until: 20 * DAY }]);
  const back = outcomes(timeline).find(({ at }) => at === 20 * DAY + HOUR)!;
  expect(back.ids).toContain('f19');
  expect(back.ids.length).toBeGreaterThan(5);
  const after = outcomes(timeline).filter(({ at }) => at > 20 * DAY + HOUR);
  expect(after.every(({ ids }) => ids.length === 1)).toBe(true);
});

test('a replay that ends early delivers the labels of what was sent', () => {
  const timeline = new Timeline(source());
  timeline.endAfter(3);
  expect([...timeline.from(3, 1)]).toEqual([
    { kind: 'outcomes', at: DAY + HOUR, indices: [1] },
    { kind: 'outcomes', at: 2 * DAY + HOUR, indices: [2] },
  ]);
});
