import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetQuery } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestTests, parseTests } from '../runtime/building/prediction-tests.js';
import { edgeTest, type EdgeCase } from './edge-test.js';
import { gatePlaces } from './gate-places.js';

describe('where gates stand', () => {
  const text =
    'project: p\ngates:\n  - { gate: metric, metric: auc }\n  # a remark\n  - gate: size\n    max: 5MB\n';
  const gates = [{ gate: 'metric' }, { gate: 'size' }];

  it('each verdict at the line of its gate', () => {
    const verdicts = [
      { kind: 'metric', gate: 'metric auc' },
      { gate: 'size', kind: 'size' },
    ];
    expect(gatePlaces(text, gates, verdicts).map(({ line }) => line)).toEqual([3, 5]);
  });

  it('of a run that was judged by other gates, at the section', () => {
    const verdicts = [{ gate: 'latency' }, { gate: 'size' }];
    expect(gatePlaces(text, gates, verdicts).map(({ line }) => line)).toEqual([3, 3]);
    expect(gatePlaces('project: p\n', [], verdicts).map(({ line }) => line)).toEqual([1, 1]);
  });
});

describe('a request becomes a prediction test', () => {
  const edge = (more: Partial<EdgeCase> = {}): EdgeCase => ({
    prediction: { id: 'p1', score: 0.95, output: null, inputs: { temp: -40 } },
    label: null,
    task: 'binary',
    tolerance: { label: 20, unlabelled: 4 },
    ...more,
  });

  it.each<[string, Partial<EdgeCase>, object]>([
    ['late, as it turned out', { label: 1 }, { min: 0.5 }],
    ['on time', { label: 0 }, { max: 0.5 }],
    ['not known yet: it stays where it is', {}, { min: 0.85, max: 1 }],
    ['so many minutes', { task: 'regression', label: 12 }, { min: -8, max: 32 }],
    ['minutes not known yet', { task: 'regression' }, { min: 0.95 - 4, max: 0.95 + 4 }],
    ['a class', { task: 'multiclass', label: 'billing' }, { class: 'billing' }],
    [
      'a class not known yet',
      { task: 'multiclass', prediction: { id: 'p1', score: 0.6, output: 'access', inputs: {} } },
      { class: 'access', min: 0.5, max: 0.7 },
    ],
  ])('%s', (_case, more, expected) => {
    const test = edgeTest(edge(more), {});
    expect(test).toMatchObject({ kind: 'known', name: 'edge case p1' });
    const { expect: told } = test as Extract<typeof test, { kind: 'known' }>;
    for (const [name, value] of Object.entries(expected))
      if (typeof value === 'number') expect(told[name as 'min']).toBeCloseTo(value, 9);
      else expect(told[name as 'class']).toBe(value);
    expect(Object.keys(told).sort()).toEqual(Object.keys(expected).sort());
  });

  it('with the bounds and the name that were asked for', () => {
    expect(edgeTest(edge({ label: 1 }), { name: 'frost', max: 0.8 })).toEqual({
      kind: 'known',
      name: 'frost',
      inputs: { temp: -40 },
      expect: { max: 0.8 },
    });
    expect(() => edgeTest(edge(), { min: 0.6, max: 0.5 })).toThrowError(/0\.6 to 0\.5 holds nothing/);
  });
});

describe('a file of prediction tests', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'twinloop-tests-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const table = {
    rows: 2,
    columns: [
      { name: 'x', type: 'number' as const, values: Float64Array.of(1, 2) },
      { name: 'expected', type: 'number' as const, values: Float64Array.of(0.1, 0.2) },
    ],
  };
  const ports = () => ({
    directory,
    types: {},
    datasets: { read: async () => table } as unknown as DatasetQuery,
  });
  const parse = (text: string) => parseTests(text, 'tests.yaml', ports());

  it('knows the line of each test, and the rows of each table', async () => {
    const tests = await parse(
      '# remark\n- kind: known\n  name: a\n  inputs: { x: 1 }\n  expect: { min: 0 }\n- { kind: golden, name: b, each: g.csv }\n',
    );
    expect(tests.map(({ line }) => line)).toEqual([2, 6]);
    expect(tests[1]).toMatchObject({
      expected: 'expected',
      tolerance: 0,
      cases: [
        { inputs: { x: 1 }, expected: 0.1, row: 1 },
        { inputs: { x: 2 }, expected: 0.2, row: 2 },
      ],
    });
  });

  it.each<[string, string, RegExp]>([
    ['neither a row nor rows', '- { kind: invariance, name: a, change: { x: 1 } }', /needs `inputs`/],
    ['both', '- { kind: invariance, name: a, rows: 9, inputs: {}, change: { x: 1 } }', /needs `inputs`/],
    ['no change', '- { kind: direction, name: a, rows: 9, expect: up }', /needs `change` or `shift`/],
    ['an unknown kind', '- { kind: magic, name: a }', /must be equal to one of the allowed values/],
  ])('refuses a test with %s, at its line', async (_case, test, message) => {
    const error: unknown = await parse(`\n${test}\n`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'project_invalid' });
    const [finding] = (error as { details: { line: number; message: string }[] }).details;
    expect(finding!.line).toBe(2);
    expect(finding!.message).toMatch(message);
  });

  it('text that is no YAML is unreadable', async () => {
    await expect(parse('- {')).rejects.toMatchObject({ code: 'dataset_unreadable' });
  });

  it('verdicts are cached by what the files and their tables say', async () => {
    const config = { gates: [{ gate: 'predictions', file: 't.yaml' }] } as never;
    await writeFile(join(directory, 't.yaml'), '- { kind: golden, name: b, each: g.csv }\n');
    const before = await digestTests(config, directory);
    expect(before).toMatchObject({ 'g.csv': null });
    await writeFile(join(directory, 'g.csv'), 'x,expected\n1,0.1\n');
    const after = await digestTests(config, directory);
    expect(after['t.yaml']).toBe(before['t.yaml']);
    expect(after['g.csv']).not.toBe(null);
  });
});
