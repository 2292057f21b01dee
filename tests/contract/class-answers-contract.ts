import { numbers, type PredictionLog, type PredictionRecord } from '@twinloop/kernel';
import { describe, expect, test } from 'vitest';
import { outcome, prediction, project } from './prediction-log-contract.js';

const endpoint = 'delays';
const labels = { project, endpoint, metric: 'late' };

const answer = (
  id: string,
  scores: readonly number[],
  more: Partial<PredictionRecord> = {},
): PredictionRecord =>
  prediction(id, {
    score: Math.max(...scores),
    scores,
    output: ['billing', 'access', 'outage'][scores.indexOf(Math.max(...scores))]!,
    ...more,
  });
const shadow = (id: string, version: string, scores: readonly number[] | null): PredictionRecord =>
  prediction(id, {
    role: 'shadow',
    version,
    score: scores === null ? Number.NaN : Math.max(...scores),
    ...(scores === null ? {} : { scores }),
    inputs: null,
  });

/** Answers of several classes: what every prediction log promises of them. */
export function classAnswersContract(name: string, open: () => Promise<PredictionLog>): void {
  describe(`answers of several classes: ${name}`, () => {
    test('are read as the probability of the class that came, to the last bit', async () => {
      const third = 1 / 3;
      const log = await open();
      await log.appendPredictions([
        answer('a', [0.1 + 0.2, third, 0.7 - third]),
        answer('b', [1e-17, 0.25, 0.75]),
        answer('new class', [0.5, 0.5]),
        answer('unlabelled', [1, 0, 0]),
      ]);
      await log.appendOutcomes([outcome('a', 0), outcome('b', 0), outcome('new class', 2)]);
      const rows = await log.scored(labels);
      expect(rows.ids).toEqual(['a', 'b', 'new class']);
      expect([...rows.score]).toEqual([0.1 + 0.2, 1e-17, 0.005]);
      expect([...rows.label]).toEqual([1, 1, 1]);
      expect([...rows.outcome!]).toEqual([0, 0, 2]);
      await log.close();
    });

    test('in pairs and by version, live or shadow; a failed answer is none', async () => {
      const log = await open();
      await log.appendPredictions([
        answer('a', [0.6, 0.4]),
        shadow('a', 'm@2', [0.3, 0.7]),
        answer('b', [0.2, 0.8], { version: 'm@2' }),
        shadow('b', 'm@1', [0.9, 0.1]),
        answer('c', [0.5, 0.5]),
        shadow('c', 'm@2', null),
      ]);
      await log.appendOutcomes([outcome('a', 1), outcome('b', 0), outcome('c', 1)]);
      const pairs = await log.paired({ ...labels, a: 'm@1', b: 'm@2' });
      expect([pairs.ids, [...pairs.a], [...pairs.b]]).toEqual([
        ['a', 'b'],
        [0.4, 0.9],
        [0.7, 0.2],
      ]);
      expect([[...pairs.label], [...pairs.outcome!]]).toEqual([
        [1, 1],
        [1, 0],
      ]);
      await log.appendPredictions([answer('d', [0.3, 0.7], { at: 9000 }), shadow('d', 'm@2', [0.8, 0.2])]);
      const all = await log.paired({ ...labels, a: 'm@1', b: 'm@2', unlabelled: true });
      expect([all.ids, [...all.a], [...all.b], [...all.label]]).toEqual([
        ['a', 'b', 'd'],
        [0.4, 0.9, 0.7],
        [0.7, 0.2, 0.8],
        [1, 1, Number.NaN],
      ]);
      const second = await log.scored({ ...labels, version: 'm@2' });
      expect([second.ids, [...second.score]]).toEqual([
        ['a', 'b'],
        [0.7, 0.2],
      ]);
      await log.close();
    });

    test('come back to people with their probabilities and the class', async () => {
      const log = await open();
      const one = answer('a', [0.2, 0.5, 0.3]);
      await log.appendPredictions([one]);
      await log.appendOutcomes([outcome('a', 2)]);
      expect(await log.recent(project, endpoint, 1)).toEqual([{ ...one, label: 2 }]);
      const schema = [{ name: 'temp', type: 'number', nullable: true }] as const;
      expect([...numbers(await log.labelled({ ...labels, schema }), '$label')]).toEqual([2]);
      expect([...numbers(await log.inputs({ project, endpoint, schema, predicted: {} }), '$score')]).toEqual([
        0.5,
      ]);
      await log.close();
    });

    test('an endpoint of one score may come to have several classes, and new inputs afterwards', async () => {
      const log = await open();
      await log.appendPredictions([prediction('old', { at: 1 }), shadow('old', 'm@2', null)]);
      await log.flush();
      await log.appendPredictions([
        answer('a', [0.25, 0.75], { at: 2, inputs: { temp: 3, wind: 8, $scores: 1 } }),
        shadow('a', 'm@2', [0.5, 0.5]),
      ]);
      await log.flush();
      await log.appendPredictions([answer('b', [1, 0], { at: 3, inputs: { gust: 9, note: 'x' } })]);
      await log.appendOutcomes([outcome('old', 1), outcome('a', 1), outcome('b', 0)]);
      const rows = await log.scored(labels);
      expect([rows.ids, [...rows.score], [...rows.label], [...rows.outcome!]]).toEqual([
        ['a', 'b', 'old'],
        [0.75, 1, 0.25],
        [1, 1, 1],
        [1, 0, 1],
      ]);
      const schema = ['temp', 'wind', 'gust', '$scores'].map(
        name => ({ name, type: 'number', nullable: true }) as const,
      );
      const inputs = await log.inputs({ project, endpoint, schema, predicted: {} });
      expect(schema.map(({ name }) => [...numbers(inputs, name)])).toEqual([
        [21.5, 3, Number.NaN],
        [Number.NaN, 8, Number.NaN],
        [Number.NaN, Number.NaN, 9],
        [Number.NaN, 1, Number.NaN],
      ]);
      expect((await log.paired({ ...labels, a: 'm@1', b: 'm@2' })).ids).toEqual(['a']);
      expect((await log.recent(project, endpoint, 3)).map(({ output }) => output)).toEqual([
        'billing',
        'access',
        undefined,
      ]);
      await log.close();
    });

    test('of one score have the outcome as their label', async () => {
      const log = await open();
      await log.appendPredictions([prediction('a'), prediction('b')]);
      await log.appendOutcomes([outcome('a', 0), outcome('b', 1)]);
      const rows = await log.scored(labels);
      expect([...rows.label]).toEqual([0, 1]);
      expect([...rows.outcome!]).toEqual([0, 1]);
      await log.close();
    });
  });
}
