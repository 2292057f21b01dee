import { seededRng, type Table } from '@twinloop/kernel';
import { expect, it } from 'vitest';
import type { ShelvedModel } from '../runtime/serving/shelved-model.js';
import { byImportance } from './broken-build.js';
import { misreading } from './misreading.js';
import { poison } from './poison-batch.js';

it('what a derived feature is worth counts for the inputs that it reads', () => {
  const inputs = (['clock', 'temp', 'origin'] as const).map(name => ({
    name,
    type: name === 'origin' ? ('string' as const) : ('number' as const),
  }));
  const importance = { departs: 0.5, temp: 0.3, origin: 0.2 };
  expect(byImportance(inputs, importance, { departs: 'floor(clock / 100) * 60' })).toEqual(['clock', 'temp']);
  expect(byImportance(inputs, importance, {})).toEqual(['temp', 'clock']);
});

it('a broken build misreads its columns, in rows and in tables, and leaves what is missing', () => {
  const echo = {
    score: rows => Float64Array.from(rows, row => Number(row['hour'] ?? Number.NaN)),
    scoreTable: table => table.columns[0]!.values as Float64Array,
  } as ShelvedModel;
  const sign = misreading(echo, [{ column: 'hour', transform: 'sign', mean: 14 }]);
  expect(sign.score([{ hour: 6 }, { hour: null }])).toEqual(Float64Array.of(22, Number.NaN));
  const unit = misreading(echo, [{ column: 'hour', transform: 'unit', mean: 14 }]);
  const table: Table = { rows: 1, columns: [{ name: 'hour', type: 'number', values: Float64Array.of(6) }] };
  expect(unit.scoreTable(table)).toEqual(Float64Array.of(600));
  expect(misreading(echo, [])).toBe(echo);
});

it('a batch is poisoned in the ways that the expectations check, and in no other', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i % 24);
  const table: Table = {
    rows: 1000,
    columns: [
      { name: 'hour', type: 'number', values },
      { name: 'temp', type: 'number', values },
    ],
  };
  const spoilt = poison(
    table,
    [
      { rule: 'nulls', column: 'temp', max: 0.05 },
      { rule: 'range', column: 'hour', min: 0, max: 23 },
      { rule: 'range', column: 'temp', max: 30, severity: 'warning' },
      { rule: 'rows', min: 5 },
    ],
    seededRng(1),
  );
  expect(spoilt.told).toEqual(['`temp` missing in 20 % of the rows', '`hour` 99']);
  const [hour, temp] = spoilt.table.columns.map(column => column.values as Float64Array);
  const missing = temp!.filter(Number.isNaN).length;
  expect(missing).toBeGreaterThan(150);
  expect(missing).toBeLessThan(250);
  expect(hour!.filter(value => value === 99).length).toBeGreaterThan(0);
  expect(table.columns[0]!.values).toEqual(values);
});
