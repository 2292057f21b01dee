import { type Column, seededRng, type Table, takeRows } from '@twinloop/kernel';
import type { FeatureSpec } from '@twinloop/model';
import { describe, expect, it } from 'vitest';
import { request } from '../fake-ports.fixture.js';
import { findLeaks } from './leaks.js';

const rng = seededRng(3);
const N = 500;
const HOUR = 3_600_000;
const noise = Float64Array.from({ length: N }, () => rng.next());
const late = Float64Array.from(noise, value => (rng.next() < value ? 1 : 0));
const scheduled = late.map((_, row) => row * HOUR);
const number = (name: string, values: Float64Array): Column => ({ name, type: 'number', values });
const TABLE: Table = {
  rows: N,
  columns: [
    { name: 'late', type: 'boolean', values: late },
    { name: 'scheduled', type: 'time', values: scheduled },
    { name: 'known', type: 'time', values: scheduled.map(at => at + 2 * HOUR) },
    // Nobody declared this one: it is later for late flights.
    number(
      'touchdown',
      scheduled.map((at, row) => at + (late[row] === 1 ? 3 : 1) * HOUR),
    ),
    number('start', scheduled),
    number('noise', noise),
    number(
      'refund',
      late.map(label => (label === 1 ? 50 : Number.NaN)),
    ),
    { name: 'status', type: 'string', values: Array.from(late, label => (label === 1 ? 'delayed' : 'ok')) },
    { name: 'carrier', type: 'string', values: Array.from(late, (_, row) => (row % 3 === 0 ? 'UA' : 'B6')) },
  ],
};
const find = (features: FeatureSpec): string =>
  findLeaks(request({ table: TABLE, time: 'scheduled', arrives: 'known', features }));

describe('leaks from the future', () => {
  it.each<[string, FeatureSpec, RegExp]>([
    ['the label', { inputs: ['late'] }, /^Feature late knows the future/],
    [
      'an expression over the label',
      { inputs: ['noise'], derive: { sum: 'noise + late' } },
      /^Feature sum knows the future/,
    ],
    ['the time of the label', { inputs: ['known'] }, /^Feature known knows the future/],
    ['a text that says it', { inputs: ['noise', 'status'] }, /^Feature status .* AUC/],
    ['a value that is there only afterwards', { inputs: ['refund'] }, /^Feature refund .* AUC/],
    [
      'two innocent columns whose difference says it',
      { inputs: ['touchdown', 'start'], derive: { taken: 'touchdown - start' } },
      /^Feature taken .* AUC/,
    ],
  ])('%s', (_what, features, message) => {
    expect(() => find(features)).toThrowError(message);
  });

  it('a good feature is not a leak', () => {
    const features = { inputs: ['noise', 'carrier', 'start'], derive: { doubled: 'noise * 2' } };
    expect(find(features)).toBe('3 inputs, 1 derived, 0 looked up: none knows the label or its time');
  });

  it('a leak is seen in a table of which only a part is looked at', () => {
    const copies = Int32Array.from({ length: 40 * N }, (_, row) => row % N);
    const table = takeRows(TABLE, copies);
    expect(() => findLeaks(request({ table, features: { inputs: ['noise', 'status'] } }))).toThrowError(
      /status/,
    );
  });

  it('a handful of rows is told apart by chance, which proves nothing', () => {
    const few: Table = {
      rows: 20,
      columns: [
        { name: 'late', type: 'boolean', values: Float64Array.from({ length: 20 }, (_, row) => row % 2) },
        number(
          'x',
          Float64Array.from({ length: 20 }, (_, row) => row % 2),
        ),
      ],
    };
    expect(() => findLeaks(request({ table: few, features: { inputs: ['x'] } }))).not.toThrow();
  });
});
