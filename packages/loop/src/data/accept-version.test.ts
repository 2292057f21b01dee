import { type ContentHash, type ProjectId, type Table, tableFromRows } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { type AcceptRequest, acceptVersion } from './accept-version.js';
import { compareSchemas, schemaOf } from './schema.js';

const hash = (text: string): ContentHash => text.padEnd(64, '0') as ContentHash;
const SCHEMA = [
  { name: 'id', type: 'string', nullable: false },
  { name: 'at', type: 'time', nullable: true },
  { name: 'temp', type: 'number', nullable: true },
] as const;
const TABLE = tableFromRows(SCHEMA, [
  { id: 'a', at: 2000, temp: 20 },
  { id: 'b', at: 1000, temp: null },
  { id: 'c', at: null, temp: 22 },
]);

const ports = {
  store: async (table: Table) => ({ version: hash(`v${table.rows}`), blob: hash('b') }),
  digest: (text: string) => hash(`d${text.length}`),
  countViolations: async () => 0,
};
const request = (change: Partial<AcceptRequest> = {}): AcceptRequest => ({
  project: 'demo' as ProjectId,
  dataset: 'flights',
  table: TABLE,
  rules: [{ rule: 'nulls', column: 'temp', max: 0.5 }],
  source: 'flights.csv',
  time: 'at',
  at: 5000,
  actor: 'local:me',
  ...change,
});

describe('accepting a version', () => {
  it('records it with schema, profile and span', async () => {
    const { record, facts } = await acceptVersion(ports, request());
    expect(record).toMatchObject({
      version: hash('v3'),
      rows: 3,
      status: 'accepted',
      parent: null,
      createdAt: 5000,
    });
    expect(record.schema.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['at', true],
      ['temp', true],
    ]);
    // A profile travels as JSON: what JSON cannot hold would come back changed.
    expect(JSON.parse(JSON.stringify(record.profile))).toEqual(record.profile);
    expect(facts.map(({ type }) => type)).toEqual(['DatasetVersionRegistered', 'ExpectationsChecked']);
    expect(facts[0]!.payload).toMatchObject({ rows: 3, columns: 3, from: 1000, until: 2000 });
  });

  it('keeps what it refuses', async () => {
    const { record, facts } = await acceptVersion(ports, request({ rules: [{ rule: 'rows', min: 500 }] }));
    expect(record.status).toBe('refused');
    expect(record.findings).toMatchObject([
      { rule: 'rows', count: 3, message: '3 rows, at least 500 expected' },
    ]);
    expect(facts[1]!.payload).toMatchObject({ status: 'refused', checked: 1 });
  });

  it('refuses a column that turned from number to text, and one that vanished; a new one is a warning', async () => {
    const previous = {
      version: hash('v0'),
      schema: [...SCHEMA, { name: 'hour', type: 'number', nullable: false } as const],
    };
    const table = tableFromRows(
      [
        { name: 'id', type: 'string', nullable: false },
        { name: 'at', type: 'time', nullable: false },
        { name: 'temp', type: 'string', nullable: false },
        { name: 'gate', type: 'string', nullable: false },
      ],
      [{ id: 'a', at: 1, temp: 'warm', gate: 'B4' }],
    );
    const { record } = await acceptVersion(ports, request({ table, previous, rules: [] }));
    expect(record.status).toBe('refused');
    expect(record.parent).toBe(hash('v0'));
    expect(record.findings).toMatchObject([
      { column: 'temp', severity: 'error', message: 'temp: was number and is now string' },
      { column: 'hour', severity: 'error', message: 'hour: the column has vanished (it was number)' },
      { column: 'gate', severity: 'warning', message: 'gate: a new column (string)' },
    ]);
  });

  it('reading the same content again is the same version: same keys, no lineage to itself', async () => {
    const once = await acceptVersion(ports, request());
    const again = await acceptVersion(ports, request({ previous: once.record, at: 9000 }));
    expect(again.record.parent).toBeNull();
    expect(again.facts.map(entry => entry.idempotencyKey)).toEqual(
      once.facts.map(entry => entry.idempotencyKey),
    );
  });

  it('an empty table is no version', async () => {
    await expect(acceptVersion(ports, request({ table: tableFromRows(SCHEMA, []) }))).rejects.toMatchObject({
      code: 'dataset_empty',
    });
  });
});

it('schemas that differ in order or in missing values alone do not differ', () => {
  const before = schemaOf(TABLE);
  expect(
    compareSchemas(
      before,
      [...before].reverse().map(column => ({ ...column, nullable: true })),
    ),
  ).toEqual([]);
});

it('nothing present, infinity: the profile says null, not a number', async () => {
  const table: Table = {
    rows: 2,
    columns: [
      { name: 'empty', type: 'number', values: Float64Array.of(Number.NaN, Number.NaN) },
      { name: 'wild', type: 'number', values: Float64Array.of(1, Number.POSITIVE_INFINITY) },
    ],
  };
  const { record } = await acceptVersion(ports, request({ table, rules: [] }));
  expect(JSON.parse(JSON.stringify(record.profile))).toEqual(record.profile);
  expect(record.profile).toMatchObject({
    columns: [
      { missing: 2, distinct: 0, min: null, mean: null },
      { missing: 0, max: null },
    ],
  });
});
