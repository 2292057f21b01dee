import {
  type CheckOptions,
  type ContentHash,
  type DataCheck,
  type ProjectId,
  type Table,
  concatTables,
  numbers,
  strings,
  tableFromRows,
  takeRows,
} from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { type AcceptRequest, acceptVersion } from './accept-version.js';
import { profileOf } from './profile/profile.js';
import { profileSketchFromJson, type ProfileSketchJson, sketchTable } from './profile/profile-sketch.js';
import { quarantineOf } from './quarantine.js';
import { checkInMemory } from './rules/checks.fixture.js';
import { checksOf } from './rules/rule-check.js';
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

const kept = new Map<ContentHash, Table>();
const ports = {
  store: async (table: Table) => {
    const blob = hash(`b${kept.size}`);
    kept.set(blob, table);
    return { version: hash(`v${table.rows}`), blob };
  },
  digest: (text: string) => hash(`d${text.length}`),
  check: async (
    source: { readonly table: Table } | { readonly blob: ContentHash },
    checks: readonly DataCheck[],
    options?: CheckOptions,
  ) => checkInMemory('table' in source ? source.table : kept.get(source.blob)!, checks, {}, options),
  version: async () => undefined,
  column: async () => {
    throw new Error('no rule asks for one');
  },
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
  it('keeps the sketches of the profile, and takes up those of the rows that it continues', async () => {
    const stored: ProfileSketchJson[] = [];
    const keep = async (sketch: ProfileSketchJson) => hash(`s${stored.push(sketch)}`);
    const store = async () => ({ version: hash('v3'), blob: hash('rows') });
    const mine = { ...ports, store, keep };
    const whole = await acceptVersion(mine, request({ rules: [] }));
    await acceptVersion(mine, request({ rules: [], known: sketchTable(takeRows(TABLE, [0, 1])) }));
    expect(whole.record.profile).toMatchObject({ rows: 3, sketch: hash('s1') });
    expect(profileOf(profileSketchFromJson(stored[1]))).toEqual(profileOf(profileSketchFromJson(stored[0])));
    // What is known of other columns, or of more rows, is of no use.
    for (const known of [
      sketchTable(tableFromRows([SCHEMA[0]], [{ id: 'a' }])),
      sketchTable(concatTables([TABLE, TABLE])),
    ])
      expect((await acceptVersion(mine, request({ rules: [], known }))).record.profile).toMatchObject({
        rows: 3,
      });
  });

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

  describe('quarantine', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ id: `c${i}`, at: i, temp: i === 3 ? null : i }));
    rows[7]!.temp = 999;
    rows[9]!.id = 'c8';
    const table = tableFromRows(SCHEMA, rows);
    const rules: AcceptRequest['rules'] = [
      { rule: 'range', column: 'temp', max: 100, quarantine: true },
      { rule: 'unique', columns: ['id'], quarantine: true },
      { rule: 'nulls', column: 'temp', max: 0.03 },
      { rule: 'rows', min: 38 },
    ];

    it('keeps bad rows apart with their reasons; the version is made of the others', async () => {
      const accepted = await acceptVersion(ports, request({ table, rules }));
      const { record, facts, findings } = accepted;
      expect(accepted.table.rows).toBe(38);
      expect(strings(accepted.table, 'id')).not.toContain('c7');
      expect(record).toMatchObject({ rows: 38, status: 'accepted' });
      expect(quarantineOf(record)).toMatchObject({
        rows: 2,
        kept: 38,
        reasons: [
          { rule: 'range', subject: 'temp', count: 1 },
          { rule: 'unique', subject: 'id', count: 1 },
        ],
      });
      const bad = kept.get(quarantineOf(record)!.blob)!;
      expect([...numbers(bad, '$number')]).toEqual([8, 10]);
      expect(strings(bad, '$reasons')).toEqual([
        '{ rule: range, column: temp, max: 100, quarantine: true }',
        '{ rule: unique, columns: [id], quarantine: true }',
      ]);
      expect(findings).toMatchObject([
        { rule: 'range', severity: 'warning', count: 1 },
        { rule: 'unique', severity: 'warning' },
      ]);
      // 1 of 38 is missing; of all 40 rows it would have been as many, and 40 rows there were.
      expect(checksOf(record).map(({ result }) => [result.passed, result.rows])).toEqual([
        [false, 40],
        [false, 40],
        [true, 38],
        [true, 38],
      ]);
      expect(facts.map(({ type }) => type)).toEqual([
        'DatasetVersionRegistered',
        'RowsQuarantined',
        'ExpectationsChecked',
      ]);
      expect(facts[1]!.payload).toMatchObject({ rows: 2, kept: 38 });
    });

    it('other rules are asked of what is left', async () => {
      const { record } = await acceptVersion(
        ports,
        request({ table, rules: [...rules.slice(0, 2), { rule: 'rows', min: 39 }] }),
      );
      expect(record.status).toBe('refused');
      expect(record.findings).toMatchObject([{}, {}, { rule: 'rows', count: 38 }]);
    });

    it('too many bad rows refuse the whole batch', async () => {
      const { record, table: whole } = await acceptVersion(
        ports,
        request({ table, rules, quarantine: { max: 0.04 } }),
      );
      expect(record).toMatchObject({ status: 'refused', rows: 40, quarantine: null });
      expect(whole).toBe(table);
      expect(record.findings).toMatchObject([
        { rule: 'quarantine', severity: 'error' },
        { rule: 'range', severity: 'error' },
        { rule: 'unique', severity: 'error' },
      ]);
    });

    it('may be said of the dataset as a whole, and a rule may say no', async () => {
      const all = await acceptVersion(
        ports,
        request({
          table,
          rules: [
            { rule: 'range', column: 'temp', max: 100 },
            { rule: 'unique', columns: ['id'], quarantine: false, severity: 'warning' },
          ],
          quarantine: { rules: 'all' },
        }),
      );
      expect(quarantineOf(all.record)).toMatchObject({ rows: 1, kept: 39 });
    });

    it('without a bad row there is nothing apart', async () => {
      const { record, facts } = await acceptVersion(
        ports,
        request({ rules: [{ rule: 'range', column: 'temp', max: 100, quarantine: true }] }),
      );
      expect(record.quarantine).toBeNull();
      expect(facts).toHaveLength(2);
    });

    it('a batch of nothing but bad rows is refused, however much may be kept apart', async () => {
      const { record } = await acceptVersion(
        ports,
        request({
          table,
          rules: [{ rule: 'range', column: 'at', min: 99, quarantine: true }],
          quarantine: { max: 1 },
        }),
      );
      expect(record).toMatchObject({ status: 'refused', rows: 40 });
    });
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
