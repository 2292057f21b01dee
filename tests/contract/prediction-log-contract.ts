import type { OutcomeRecord, PredictionLog, PredictionRecord, ProjectId, Schema } from '@twinloop/kernel';
import { numbers, strings } from '@twinloop/kernel';
import { describe, expect, test } from 'vitest';

export const project = 'shop' as ProjectId;
const endpoint = 'delays';

export function prediction(id: string, more: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    project,
    id,
    endpoint,
    variant: 'champion',
    version: 'm@1',
    role: 'live',
    at: 1000,
    score: 0.25,
    inputs: { temp: 21.5, carrier: 'UA', night: false },
    key: null,
    unitKey: null,
    propensities: { champion: 1 },
    latencyMs: 0.5,
    ...more,
  };
}

export function outcome(
  predictionId: string | null,
  value: number,
  more: Partial<OutcomeRecord> = {},
): OutcomeRecord {
  return {
    project,
    endpoint,
    predictionId,
    key: null,
    time: null,
    metric: 'late',
    value,
    at: 2000,
    source: 'test',
    revision: 0,
    ...more,
  };
}

const labels = { project, endpoint, metric: 'late' };
const schema: Schema = [
  { name: 'temp', type: 'number', nullable: true },
  { name: 'carrier', type: 'string', nullable: true },
  { name: 'night', type: 'boolean', nullable: true },
];

export function predictionLogContract(name: string, open: () => Promise<PredictionLog>): void {
  const opened = async (
    predictions: readonly PredictionRecord[],
    outcomes: readonly OutcomeRecord[] = [],
  ): Promise<PredictionLog> => {
    const log = await open();
    await log.appendPredictions(predictions);
    await log.appendOutcomes(outcomes);
    return log;
  };
  const values = (rows: { ids: readonly string[]; label: Float64Array }): Record<string, number> =>
    Object.fromEntries(rows.ids.map((id, i) => [id, rows.label[i]!]));

  describe(`prediction log: ${name}`, () => {
    test('gives only the newest inputs when so many are asked for', async () => {
      const log = await opened(['a', 'b', 'c', 'd'].map((id, i) => prediction(id, { at: 1000 + (i >> 1) })));
      const ids = async (newest: number) =>
        strings(await log.inputs({ project, endpoint, schema, predicted: {}, newest }), '$id');
      expect(await ids(3)).toEqual(['b', 'c', 'd']);
      expect(await ids(0)).toEqual([]);
      expect(await ids(9)).toEqual(['a', 'b', 'c', 'd']);
    });

    test('says what was said of a case: the highest revision, of several the newest; by id and by key apart', async () => {
      const keyed = (value: number, more: object) => outcome(null, value, { key: 'k', time: 5, ...more });
      const log = await opened(
        [prediction('a')],
        [
          outcome('a', 0),
          outcome('a', 1, { at: 3000 }),
          outcome("b'c", 0.5, { revision: 2, at: 1 }),
          outcome("b'c", 0.7, { revision: 1, at: 9000 }),
          outcome('a', 9, { metric: 'delay' }),
          keyed(4, {}),
          keyed(6, { time: 6 }),
        ],
      );
      const cases = [
        { predictionId: 'a', key: null, time: null },
        { predictionId: "b'c", key: null, time: null },
        { predictionId: null, key: 'k', time: 5 },
        { predictionId: null, key: 'k', time: 7 },
        { predictionId: 'k', key: null, time: null },
        ...Array.from({ length: 1200 }, (_, i) => ({ predictionId: `none-${i}`, key: null, time: null })),
        { predictionId: 'a', key: null, time: null },
      ];
      const said = await log.stated({ ...labels, cases });
      expect(said.slice(0, 5)).toEqual([
        { value: 1, revision: 0 },
        { value: 0.5, revision: 2 },
        { value: 4, revision: 0 },
        null,
        null,
      ]);
      expect(said).toHaveLength(cases.length);
      expect(said.at(-1)).toEqual({ value: 1, revision: 0 });
      expect(await log.stated({ ...labels, endpoint: 'nobody', cases: cases.slice(0, 1) })).toEqual([null]);
    });

    test('a dropped project is gone, others stay, and it may start anew', async () => {
      const other = 'other' as ProjectId;
      const log = await opened(
        [prediction('a'), prediction('b', { project: other, inputs: { temp: 2 } })],
        [outcome('a', 1), outcome('b', 1, { project: other })],
      );
      await log.drop(project);
      await log.drop('ghost' as ProjectId);
      const live = async (owner: ProjectId) => (await log.counts(owner, endpoint)).live;
      expect([await live(project), await live(other)]).toEqual([0, 1]);
      expect((await log.scored(labels)).ids).toEqual([]);
      // Another endpoint takes no table of one that is there, and the old name has no memory of its columns.
      await log.appendPredictions([
        prediction('c', { endpoint: 'second', project: other }),
        prediction('a', { inputs: { temp: 'warm' } }),
      ]);
      await log.appendOutcomes([outcome('a', 0)]);
      expect([await live(project), await live(other)]).toEqual([1, 1]);
      expect([...(await log.scored(labels)).label]).toEqual([0]);
      const again = await log.inputs({ project: other, endpoint, schema, predicted: {} });
      expect([...numbers(again, 'temp')]).toEqual([2]);
      await log.close();
    });

    test('inputs come back in order of (at, id) with their types, missing as NaN or null', async () => {
      const log = await opened([
        prediction('b', { at: 5, inputs: { temp: 1, carrier: 'AA', night: true } }),
        prediction('a', {
          at: 5,
          score: 0.75,
          version: 'm@2',
          inputs: { temp: null, carrier: null, night: null },
        }),
        prediction('c', {
          at: 4,
          inputs: { temp: 3, carrier: 'a longer text than twelve bytes, ünicode 🛫' },
        }),
        prediction('d', { at: 6, inputs: {} }),
      ]);
      const table = await log.inputs({ project, endpoint, schema, predicted: { until: 6 } });
      expect(table.rows).toBe(3);
      expect(table.columns.map(column => column.name)).toEqual([
        '$id',
        '$at',
        '$score',
        '$version',
        'temp',
        'carrier',
        'night',
      ]);
      expect(strings(table, '$id')).toEqual(['c', 'a', 'b']);
      expect([...numbers(table, '$at')]).toEqual([4, 5, 5]);
      expect([...numbers(table, '$score')]).toEqual([0.25, 0.75, 0.25]);
      expect(strings(table, '$version')).toEqual(['m@1', 'm@2', 'm@1']);
      expect([...numbers(table, 'temp')]).toEqual([3, Number.NaN, 1]);
      expect(strings(table, 'carrier')).toEqual(['a longer text than twelve bytes, ünicode 🛫', null, 'AA']);
      expect([...numbers(table, 'night')]).toEqual([Number.NaN, Number.NaN, 1]);
      await log.close();
    });

    test('a name that comes in several kinds is read as the type that is asked for', async () => {
      const log = await opened([
        prediction('a', { inputs: { temp: '12.5', carrier: 7, night: '1' } }),
        prediction('b', { inputs: { temp: true, carrier: false, night: 0 } }),
        prediction('c', { inputs: { temp: 'warm', carrier: 'x', night: null } }),
        prediction('d', { inputs: { temp: Number.POSITIVE_INFINITY, carrier: Number.NaN, night: '' } }),
      ]);
      const table = await log.inputs({ project, endpoint, schema, predicted: {} });
      expect([...numbers(table, 'temp')]).toEqual([12.5, 1, Number.NaN, Number.POSITIVE_INFINITY]);
      expect(strings(table, 'carrier')).toEqual(['7', 'false', 'x', null]);
      expect([...numbers(table, 'night')]).toEqual([1, 0, Number.NaN, Number.NaN]);
      await log.close();
    });

    test('columns that appear later are missing in earlier rows, unknown ones everywhere', async () => {
      const log = await opened([prediction('a', { inputs: { temp: 1 } })]);
      await log.flush();
      await log.appendPredictions([prediction('b', { inputs: { temp: 2, wind: 9, dest: 'ORD' } })]);
      const wide: Schema = [
        { name: 'wind', type: 'number', nullable: true },
        { name: 'dest', type: 'string', nullable: true },
        { name: 'ghost', type: 'number', nullable: true },
        { name: 'shade', type: 'string', nullable: true },
      ];
      const table = await log.inputs({ project, endpoint, schema: wide, predicted: {} });
      expect([...numbers(table, 'wind')]).toEqual([Number.NaN, 9]);
      expect(strings(table, 'dest')).toEqual([null, 'ORD']);
      expect([...numbers(table, 'ghost')]).toEqual([Number.NaN, Number.NaN]);
      expect(strings(table, 'shade')).toEqual([null, null]);
      await log.close();
    });

    test('the first record of an id counts: live by id, shadow by id and version', async () => {
      const log = await opened([
        prediction('a', { score: 0.1 }),
        prediction('a', { score: 0.9, at: 1 }),
        prediction('a', { role: 'shadow', version: 'm@2', score: 0.2, inputs: null }),
        prediction('a', { role: 'shadow', version: 'm@2', score: 0.8, inputs: null }),
        prediction('a', { role: 'shadow', version: 'm@3', score: 0.3, inputs: null }),
      ]);
      await log.flush();
      await log.appendPredictions([
        prediction('a', { score: 0.7 }),
        prediction('a', { role: 'shadow', version: 'm@2', score: 0.6, inputs: null }),
      ]);
      expect(await log.counts(project, endpoint)).toEqual({
        live: 1,
        shadow: 2,
        outcomes: 0,
        unknownOutcomes: 0,
      });
      await log.appendOutcomes([outcome('a', 1)]);
      expect([...(await log.scored(labels)).score]).toEqual([0.1]);
      const pairs = await log.paired({ ...labels, a: 'm@1', b: 'm@2' });
      expect([[...pairs.a], [...pairs.b]]).toEqual([[0.1], [0.2]]);
      await log.close();
    });

    test('scored rows are ordered by (arrival, id) and bounded on both times', async () => {
      const log = await opened(
        [
          prediction('a', { at: 10 }),
          prediction('b', { at: 20, score: 0.5, version: 'm@2' }),
          prediction('c', { at: 30 }),
          prediction('unlabelled', { at: 20 }),
        ],
        [outcome('c', 1, { at: 100 }), outcome('b', 0, { at: 100 }), outcome('a', 1, { at: 300 })],
      );
      const all = await log.scored(labels);
      expect(all.ids).toEqual(['b', 'c', 'a']);
      expect([...all.predictedAt]).toEqual([20, 30, 10]);
      expect([...all.arrivedAt]).toEqual([100, 100, 300]);
      expect([...all.label]).toEqual([0, 1, 1]);
      expect([...all.score]).toEqual([0.5, 0.25, 0.25]);
      expect(all.version).toEqual(['m@2', 'm@1', 'm@1']);
      expect((await log.scored({ ...labels, predicted: { from: 20, until: 30 } })).ids).toEqual(['b']);
      expect((await log.scored({ ...labels, arrived: { from: 101 } })).ids).toEqual(['a']);
      expect((await log.scored({ ...labels, arrived: { until: 300 } })).ids).toEqual(['b', 'c']);
      expect((await log.scored({ ...labels, metric: 'revenue' })).ids).toEqual([]);
      await log.close();
    });

    test('the highest revision counts, then the last arrival; a repetition does not move the arrival', async () => {
      const log = await opened(
        ['twice', 'revised', 'changed', 'stale'].map(id => prediction(id)),
        [
          outcome('twice', 1, { at: 10 }),
          outcome('twice', 1, { at: 50 }),
          outcome('revised', 0, { at: 10 }),
          outcome('revised', 1, { at: 20, revision: 1 }),
          outcome('changed', 0, { at: 10 }),
          outcome('changed', 1, { at: 30 }),
          outcome('stale', 1, { at: 5, revision: 2 }),
          outcome('stale', 0, { at: 40, revision: 1 }),
        ],
      );
      const now = await log.scored(labels);
      expect(values(now)).toEqual({ twice: 1, revised: 1, changed: 1, stale: 1 });
      expect([...now.arrivedAt]).toEqual([5, 10, 20, 30]);
      // What was known before 20 does not depend on what was learnt later.
      const then = await log.scored({ ...labels, arrived: { until: 20 } });
      expect(values(then)).toEqual({ twice: 1, revised: 0, changed: 0, stale: 1 });
      expect((await log.counts(project, endpoint)).outcomes).toBe(7);
      await log.close();
    });

    test('a key with a time means the latest prediction of that key at or before it', async () => {
      const log = await opened(
        [
          prediction('monday', { key: 'UA1', at: 100 }),
          prediction('tuesday', { key: 'UA1', at: 200 }),
          prediction('twin', { key: 'UA1', at: 200 }),
          prediction('other', { key: 'AA7', at: 150 }),
        ],
        [
          outcome(null, 1, { key: 'UA1', time: 199, at: 300 }),
          outcome(null, 0, { key: 'UA1', time: 200, at: 301 }),
          outcome(null, 1, { key: 'AA7', time: 149, at: 302 }),
          outcome(null, 1, { key: 'AA7', time: null, at: 303 }),
        ],
      );
      const rows = await log.scored(labels);
      expect(rows.ids).toEqual(['monday', 'twin']);
      expect([...rows.label]).toEqual([1, 0]);
      expect(await log.counts(project, endpoint)).toEqual({
        live: 4,
        shadow: 0,
        outcomes: 4,
        unknownOutcomes: 2,
      });
      await log.close();
    });

    test('an outcome before its prediction is kept and joins when the prediction comes', async () => {
      const log = await opened([], [outcome('late', 1), outcome(null, 1, { key: 'k', time: 5000 })]);
      expect((await log.counts(project, endpoint)).unknownOutcomes).toBe(2);
      expect((await log.scored(labels)).ids).toEqual([]);
      await log.appendPredictions([prediction('late'), prediction('keyed', { key: 'k' })]);
      expect((await log.scored(labels)).ids).toEqual(['keyed', 'late']);
      expect((await log.counts(project, endpoint)).unknownOutcomes).toBe(0);
      await log.close();
    });

    test('pairs hold the requests that both versions answered, live or shadow', async () => {
      const shadow = (id: string, version: string, score: number): PredictionRecord =>
        prediction(id, { role: 'shadow', version, score, inputs: null });
      const log = await opened(
        [
          prediction('a', { score: 0.1 }),
          shadow('a', 'm@2', 0.2),
          prediction('b', { version: 'm@2', score: 0.4 }),
          shadow('b', 'm@1', 0.3),
          prediction('c', { score: 0.5 }),
          shadow('d', 'm@1', 0.5),
          shadow('d', 'm@2', 0.5),
        ],
        ['c', 'b', 'a', 'd'].map((id, i) => outcome(id, i % 2, { at: 10 - i })),
      );
      const pairs = await log.paired({ ...labels, a: 'm@1', b: 'm@2' });
      expect(pairs.ids).toEqual(['a', 'b']);
      expect([...pairs.a]).toEqual([0.1, 0.3]);
      expect([...pairs.b]).toEqual([0.2, 0.4]);
      expect([...pairs.label]).toEqual([0, 1]);
      expect([...pairs.arrivedAt]).toEqual([8, 9]);
      await log.close();
    });

    test('pairs with those still unlabelled come in order of prediction, without a label that is not known yet', async () => {
      const shadow = (id: string): PredictionRecord =>
        prediction(id, { role: 'shadow', version: 'm@2', score: 0.2, inputs: null });
      const log = await opened(
        [
          prediction('late', { at: 3 }),
          shadow('late'),
          prediction('soon', { at: 2 }),
          shadow('soon'),
          prediction('alone', { at: 2 }),
          prediction('never', { at: 1 }),
          shadow('never'),
        ],
        [outcome('soon', 1, { at: 10 }), outcome('late', 0, { at: 20 })],
      );
      const pairs = await log.paired({
        ...labels,
        a: 'm@1',
        b: 'm@2',
        predicted: { from: 1 },
        arrived: { until: 20 },
        unlabelled: true,
      });
      expect(pairs.ids).toEqual(['never', 'soon', 'late']);
      expect([...pairs.label]).toEqual([Number.NaN, 1, Number.NaN]);
      expect([...pairs.arrivedAt]).toEqual([Number.NaN, 10, Number.NaN]);
      await log.close();
    });

    test('the scores of one version are those it gave, live or in shadow; a failed answer is none', async () => {
      const shadow = (id: string, version: string, score: number): PredictionRecord =>
        prediction(id, { role: 'shadow', version, score, inputs: null });
      const log = await opened(
        [
          prediction('a', { score: 0.1 }),
          shadow('a', 'm@2', 0.2),
          prediction('b', { version: 'm@2', score: 0.4 }),
          shadow('b', 'm@1', Number.NaN),
          prediction('c', { score: 0.5 }),
        ],
        ['a', 'b', 'c'].map(id => outcome(id, 1)),
      );
      const second = await log.scored({ ...labels, version: 'm@2' });
      expect([second.ids, [...second.score], second.version]).toEqual([
        ['a', 'b'],
        [0.2, 0.4],
        ['m@2', 'm@2'],
      ]);
      expect((await log.scored({ ...labels, version: 'm@1' })).ids).toEqual(['a', 'c']);
      expect((await log.scored({ ...labels, version: 'm@9' })).ids).toEqual([]);
      expect((await log.paired({ ...labels, a: 'm@2', b: 'm@1' })).ids).toEqual(['a']);
      await log.close();
    });

    test('a training set has the schema, then $id, $at, $arrived, $label, in order of ($at, $id)', async () => {
      const log = await opened(
        [
          prediction('b', { at: 7 }),
          prediction('a', { at: 7, inputs: { temp: 9, carrier: 'DL', night: true } }),
          prediction('c', { at: 3 }),
        ],
        [outcome('a', 1, { at: 20 }), outcome('c', 0, { at: 30 }), outcome('b', 1, { at: 40 })],
      );
      const table = await log.labelled({ ...labels, schema, arrived: { until: 40 } });
      expect(table.columns.map(column => column.name)).toEqual([
        'temp',
        'carrier',
        'night',
        '$id',
        '$at',
        '$arrived',
        '$label',
      ]);
      expect(strings(table, '$id')).toEqual(['c', 'a']);
      expect([...numbers(table, 'temp')]).toEqual([21.5, 9]);
      expect(strings(table, 'carrier')).toEqual(['UA', 'DL']);
      expect([...numbers(table, '$arrived')]).toEqual([30, 20]);
      expect([...numbers(table, '$label')]).toEqual([0, 1]);
      await log.close();
    });

    test('coverage counts live predictions with a label by stretch of time, variant and version', async () => {
      const log = await opened(
        [
          prediction('a', { at: 0 }),
          prediction('b', { at: 9, key: 'case' }),
          prediction('c', { at: 10, version: 'm@2' }),
          prediction('d', { at: 11, version: 'm@2', variant: 'challenger' }),
          prediction('c', { at: 10, version: 'm@3', role: 'shadow', variant: 'challenger', inputs: null }),
          prediction('e', { at: 40 }),
        ],
        [
          outcome('a', 1, { at: 20 }),
          outcome('a', 1, { at: 21, revision: 1 }),
          outcome(null, 0, { key: 'case', time: 12, at: 30 }),
          outcome(null, 1, { key: 'case', time: 12, at: 35, revision: 1 }),
          outcome('d', 1, { metric: 'cancelled', at: 20 }),
          outcome('e', 1, { at: 50 }),
        ],
      );
      const query = { ...labels, predicted: { until: 40 }, every: 10 };
      const row = { variant: 'champion', version: 'm@1', corrected: 0 };
      const others = [
        { from: 10, variant: 'challenger', version: 'm@2', predictions: 1, labelled: 0, corrected: 0 },
        { from: 10, variant: 'champion', version: 'm@2', predictions: 1, labelled: 0, corrected: 0 },
      ];
      expect(await log.coverage(query)).toEqual([
        { ...row, from: 0, predictions: 2, labelled: 2, corrected: 1 },
        ...others,
      ]);
      expect(await log.coverage({ ...query, known: 35 })).toEqual([
        { ...row, from: 0, predictions: 2, labelled: 2 },
        ...others,
      ]);
      expect(await log.coverage({ ...query, known: 30 })).toEqual([
        { ...row, from: 0, predictions: 2, labelled: 1 },
        ...others,
      ]);
      const [first] = await log.coverage({ ...query, predicted: { from: 9 } });
      expect(first).toMatchObject({ from: 9, variant: 'challenger', predictions: 1 });
      expect(await log.coverage({ ...query, endpoint: 'ghost' })).toEqual([]);
      await log.close();
    });

    test('a corrected label replaces the old one in every reading, from the moment it was known', async () => {
      const log = await opened(
        [prediction('a'), prediction('a', { role: 'shadow', version: 'm@2', inputs: null })],
        [outcome('a', 1, { at: 20 }), outcome('a', 0, { at: 30, revision: 1 })],
      );
      const before = { ...labels, arrived: { until: 30 } };
      const pair = { a: 'm@1', b: 'm@2' };
      expect((await log.scored(before)).label).toEqual(Float64Array.of(1));
      expect((await log.scored(labels)).label).toEqual(Float64Array.of(0));
      expect((await log.paired({ ...before, ...pair })).label).toEqual(Float64Array.of(1));
      expect((await log.paired({ ...labels, ...pair })).label).toEqual(Float64Array.of(0));
      expect([...numbers(await log.labelled({ ...before, schema }), '$label')]).toEqual([1]);
      expect([...numbers(await log.labelled({ ...labels, schema }), '$label')]).toEqual([0]);
      await log.close();
    });

    test('recent predictions come newest first with what was received and the label', async () => {
      const one = prediction('one', { key: 'k', unitKey: 'u', propensities: { a: 0.25, b: 0.75 } });
      const log = await opened(
        [one, prediction('two', { at: 2000 }), prediction('three', { at: 1 })],
        [outcome('one', 1)],
      );
      const recent = await log.recent(project, endpoint, 2);
      expect(recent).toEqual([
        { ...prediction('two', { at: 2000 }), label: null },
        { ...one, label: 1 },
      ]);
      await log.close();
    });

    test('live predictions are found by id as they were logged first', async () => {
      const one = prediction('one', { key: 'k', inputs: { temp: 1, night: true } });
      const log = await opened([
        one,
        prediction('two'),
        prediction('one', { role: 'shadow', version: 'm@2', inputs: null }),
        prediction('one', { score: 0.9 }),
      ]);
      expect(await log.find(project, endpoint, ['one', 'ghost', 'one'])).toEqual([one]);
      expect(await log.find(project, endpoint, [])).toEqual([]);
      expect(await log.find(project, 'ghost', ['one'])).toEqual([]);
      await log.close();
    });

    test('projects and endpoints are apart, and an endpoint without rows reads as empty', async () => {
      const log = await opened(
        [
          prediction('a'),
          prediction('a', { endpoint: 'prices' }),
          prediction('b', { project: 'other' as ProjectId }),
        ],
        [outcome('a', 1)],
      );
      expect((await log.counts(project, endpoint)).live).toBe(1);
      expect((await log.scored({ ...labels, endpoint: 'prices' })).ids).toEqual([]);
      expect((await log.inputs({ project, endpoint: 'ghost', schema, predicted: {} })).rows).toBe(0);
      expect((await log.labelled({ ...labels, endpoint: 'ghost', schema })).columns).toHaveLength(7);
      expect(await log.recent(project, 'ghost', 5)).toEqual([]);
      expect((await log.paired({ ...labels, endpoint: 'ghost', a: 'x', b: 'y' })).ids).toEqual([]);
      await log.close();
    });
  });
}
