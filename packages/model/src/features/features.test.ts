import { type Row, type Schema, seededRng, type Table, tableFromRows } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { bindFeatures } from './bind.js';
import { fitFeatures } from './fit.js';
import { checkLeaks, suspectLeaks } from './leaks.js';
import { type FeatureSpec, parseFeatureSpec } from './spec.js';

const HOUR = 3_600_000;
const schema: Schema = [
  { name: 'at', type: 'time', nullable: false },
  { name: 'origin', type: 'string', nullable: true },
  { name: 'x', type: 'number', nullable: true },
  { name: 'wet', type: 'boolean', nullable: true },
  { name: 'late', type: 'number', nullable: false },
];
const spec: FeatureSpec = {
  inputs: ['at', 'origin', 'x', 'wet'],
  derive: {
    twice: 'root * 2',
    root: 'sqrt(x)',
    bin: 'bucket(x, 1, 2)',
    h: 'hour(at)',
    gap: 'x * 2',
  },
  categorical: ['bin'],
  timezone: 'America/New_York',
};

/** Rows with every kind of hole, as a request would carry them. */
function randomRows(count: number): Row[] {
  const rng = seededRng(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(rng.next() * items.length)]!;
  return Array.from({ length: count }, () => ({
    at: Math.floor(rng.next() * 20 * HOUR),
    origin: pick(['A', 'A', 'B', 'C', null]),
    x: pick([null, rng.next() * 3 - 0.5, 0.1 + 0.2, 1e308]),
    wet: pick([true, false, null]),
    late: pick([0, 1]),
  }));
}

describe('features', () => {
  const rows = randomRows(10_000);
  const table = tableFromRows(schema, rows);
  const plan = fitFeatures(spec, table, { label: 'late' });
  const features = bindFeatures(plan);

  it('orders inputs, then derived ones; leaves the raw time out', () => {
    expect(plan.features.map(f => `${f.name}:${f.type[0]}`)).toEqual([
      'origin:c',
      'x:n',
      'wet:n',
      'twice:n',
      'root:n',
      'bin:c',
      'h:n',
      'gap:n',
    ]);
    expect(plan.features[0]).toMatchObject({ categories: ['A', 'B', 'C'] });
    expect(plan.features[5]).toMatchObject({ categories: ['0', '1', '2'] });
  });

  it('encodes requests and tables equally to the last bit on 10,000 rows', () => {
    const offline = features.encodeTable(table);
    const online = new Float64Array(features.width);
    const again = bindFeatures(JSON.parse(JSON.stringify(plan)) as typeof plan);
    let present = 0;
    let equal = 0;
    rows.forEach((row, i) => {
      again.encodeRow(JSON.parse(JSON.stringify(row)) as Row, online);
      const expected = offline.subarray(i * features.width, (i + 1) * features.width);
      if (Buffer.from(online.buffer).equals(Buffer.from(expected.slice().buffer))) equal++;
      present += online.filter(v => !Number.isNaN(v)).length;
    });
    expect(equal).toBe(10_000);
    expect(present).toBeGreaterThan(30_000);
  });

  it('computes what the expressions say', () => {
    const out = new Float64Array(features.width);
    features.encodeRow({ at: 5 * HOUR, origin: 'A', x: 1.44, wet: true }, out);
    expect(Array.from(out)).toEqual([0, 1.44, 1, 2.4, 1.2, 1, 0, 2.88]);
    features.encodeRow({ at: 5 * HOUR, origin: 'never seen', x: null, wet: null }, out);
    expect(Array.from(out)).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, 0, NaN]);
  });

  it('fits the vocabulary to frequent categories of the training rows only', () => {
    const few = tableFromRows(schema, [
      ...randomRows(300).map(row => ({ ...row, origin: 'A' })),
      ...randomRows(19).map(row => ({ ...row, origin: 'rare' })),
    ]);
    const fitted = fitFeatures({ inputs: ['origin'] }, few, { label: 'late' });
    expect(fitted.features[0]).toMatchObject({ categories: ['A'] });
  });

  it('names a missing or mistyped input', () => {
    const out = new Float64Array(features.width);
    const row = { at: 0, origin: 'A', wet: true };
    expect(() => features.encodeRow(row, out)).toThrow(
      expect.objectContaining({ code: 'input_missing', field: 'x' }),
    );
    expect(() => features.encodeRow({ ...row, x: 'ten' }, out)).toThrow(
      expect.objectContaining({ code: 'input_type', field: 'x' }),
    );
  });

  it('refuses circles, unknown columns and malformed specs', () => {
    const fit = (bad: FeatureSpec) => () => fitFeatures(bad, table, { label: 'late' });
    expect(fit({ inputs: ['x'], derive: { a: 'b', b: 'a' } })).toThrow(/depends on itself/);
    expect(fit({ inputs: ['x'], derive: { a: 'nope + 1' } })).toThrow(/nope/);
    expect(fit({ inputs: ['y'] })).toThrow(expect.objectContaining({ code: 'dataset_column_missing' }));
    expect(() => parseFeatureSpec({ inputs: ['x'], derived: {} })).toThrow(/derived/);
    expect(() => parseFeatureSpec({ inputs: [] })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});

describe('leaks', () => {
  const rules = { label: 'late', availableAfter: ['landed'] };
  const leak = expect.objectContaining({ code: 'feature_leak' }) as Error;

  it.each<[string, FeatureSpec]>([
    ['the label as an input', { inputs: ['x', 'late'] }],
    ['a later column as an input', { inputs: ['x', 'landed'] }],
    ['the label inside an expression', { inputs: ['x'], derive: { y: 'if(x > 1, late, 0)' } }],
  ])('finds %s', (_, bad) => {
    expect(() => checkLeaks(bad, rules)).toThrow(leak);
  });

  it('suspects a feature that alone tells the label, and only such a one', () => {
    const rng = seededRng(3);
    const rows = Array.from({ length: 500 }, () => {
      const late = rng.next() < 0.3 ? 1 : 0;
      return {
        at: 0,
        origin: late === 1 && rng.next() < 0.6 ? 'B' : 'A',
        x: rng.next() + late * 0.5,
        wet: null,
        late,
      };
    });
    const suspect = (table: Table): void => {
      const plain: FeatureSpec = { inputs: ['origin', 'x'] };
      suspectLeaks(table, 'late', fitFeatures(plain, table, { label: 'late' }));
    };
    expect(() => suspect(tableFromRows(schema, rows))).not.toThrow();
    const planted = rows.map(row => ({ ...row, x: row.late === 1 ? -1 - rng.next() : rng.next() }));
    expect(() => suspect(tableFromRows(schema, planted))).toThrow(
      expect.objectContaining({ code: 'feature_leak', field: 'features/x' }),
    );
  });
});

it('features stand in the same order after the spec was stored with its keys sorted', () => {
  const table: Table = {
    rows: 2,
    columns: [
      { name: 'at', type: 'time', values: Float64Array.of(0, 36e5) },
      { name: 'y', type: 'number', values: Float64Array.of(0, 1) },
    ],
  };
  const declared = { inputs: ['at'], derive: { hour: 'hour(at)', dayofweek: 'dayofweek(at)' }, drop: ['at'] };
  const stored = { ...declared, derive: { dayofweek: 'dayofweek(at)', hour: 'hour(at)' } };
  const plan = fitFeatures(declared, table, { label: 'y' });
  expect(bindFeatures({ ...plan, spec: stored }).encodeTable(table)).toEqual(
    bindFeatures(plan).encodeTable(table),
  );
});
