import { Readable } from 'node:stream';
import { TwinloopError, type PredictionRecord, type ProjectId } from '@twinloop/kernel';
import { memoryPredictionLog } from '@twinloop/storage';
import { describe, expect, test } from 'vitest';
import { ingest, type RowBody } from './ingest.js';
import { MAX_LINE } from './json-lines.js';
import { outcomeOfRow } from './outcome-row.js';
import { predictionReader, type FieldNames } from './prediction-row.js';
import { takePredictions } from './take-predictions.js';

const project = 'shop' as ProjectId;
const endpoint = 'late';
const NOW = Date.UTC(2024, 0, 10);

/** The bytes cut into pieces of `size`, so that lines and characters are cut too. */
const jsonl = (text: string, size = 7): RowBody => {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return { format: 'jsonl', bytes: Readable.from(pieces) };
};
const lines = (...rows: unknown[]): string => rows.map(row => JSON.stringify(row)).join('\n');

function posted(names: FieldNames = {}) {
  const log = memoryPredictionLog();
  const taken: PredictionRecord[] = [];
  const post = (body: RowBody) =>
    ingest(
      body,
      () => Promise.reject(new Error('no files here')),
      predictionReader({ project, endpoint, timezone: 'UTC', now: NOW, names }),
      (tally, batch) =>
        takePredictions(
          { project, endpoint, log, taken: async records => void taken.push(...records) },
          tally,
          batch,
        ),
    );
  const refused = async (body: RowBody): Promise<TwinloopError> => {
    const error = await post(body).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TwinloopError);
    return error as TwinloopError;
  };
  return { log, taken, post, refused };
}

describe('predictions of another system', () => {
  test('are logged as they were made, with nested or flat inputs', async () => {
    const { taken, post } = posted();
    const tally = await post(
      jsonl(
        lines(
          {
            id: 'a',
            at: '2024-01-09T06:00:00Z',
            version: 'v7',
            score: 0.25,
            inputs: { temp: 3, city: 'Zürich 🛫' },
          },
          { id: 8, at: NOW, class: true, temp: null, night: false, key: 'k' },
        ),
        1,
      ),
    );
    expect(tally).toMatchObject({ rows: 2, accepted: 2, refused: 0 });
    expect(taken[0]).toMatchObject({
      id: 'a',
      at: Date.UTC(2024, 0, 9, 6),
      version: 'v7',
      variant: 'champion',
      score: 0.25,
      inputs: { temp: 3, city: 'Zürich 🛫' },
      propensities: { champion: 1 },
    });
    expect(taken[1]).toMatchObject({
      id: '8',
      version: 'unversioned',
      score: 1,
      key: 'k',
      inputs: { night: false },
    });
  });

  test('may name their columns otherwise', async () => {
    const { taken, post } = posted({ id: 'flight', score: 'p' });
    await post({ format: 'json', value: [{ flight: 'a', p: 0.5, id: 3 }] });
    expect(taken[0]).toMatchObject({ id: 'a', score: 0.5, inputs: { id: 3 } });
  });

  test('sent twice are passed over, whenever they arrive', async () => {
    const { log, post } = posted();
    const row = { id: 'a', score: 0.5, inputs: { temp: 3, gone: null } };
    await post({ format: 'json', value: row });
    const again = await post({ format: 'json', value: [row, row, { ...row, id: 'b' }] });
    expect(again).toMatchObject({ accepted: 1, duplicates: 2 });
    expect((await log.counts(project, endpoint)).live).toBe(2);
  });

  test('with a known id and other content are a conflict; the first stands', async () => {
    const { log, post, refused } = posted();
    await post({ format: 'json', value: { id: 'a', score: 0.5, inputs: { temp: 3 } } });
    for (const change of [
      { score: 0.6 },
      { version: 'w' },
      { inputs: { temp: 4 } },
      { inputs: {} },
      { key: 'k' },
    ]) {
      const error = await refused({
        format: 'json',
        value: { id: 'a', score: 0.5, inputs: { temp: 3 }, ...change },
      });
      expect(error).toMatchObject({
        code: 'prediction_conflict',
        status: 409,
        message: 'Prediction a exists with other content',
      });
    }
    expect((await log.find(project, endpoint, ['a']))[0]!.score).toBe(0.5);
  });

  test('that are wrong are named by line; the others are kept', async () => {
    const { taken, refused } = posted();
    const text = [
      '{"id":"a","score":0.5}',
      'not json',
      '',
      '{"id":"b"}',
      '{"score":1}',
      '{"id":"c","score":1,"at":"yesterday"}',
      '{"id":"d","score":1,"at":"2025-01-01"}',
      '{"id":"e","score":1,"x":{"y":1}}',
      '[1]',
      '{"id":"f","class":"maybe"}',
      `{"id":"g","score":1,"x":"${'y'.repeat(MAX_LINE)}"}`,
      '{"id":"h","score":1}',
    ].join('\n');
    const error = await refused(jsonl(text, 4096));
    expect(error.code).toBe('rows_refused');
    expect(error.message).toBe('9 of 11 row(s) were refused; the other 2 are kept');
    expect(error.details.map(({ line }) => line)).toEqual([2, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(taken.map(({ id }) => id)).toEqual(['a', 'h']);
  });

  test('an empty body is no request', async () => {
    expect((await posted().refused(jsonl('\n\n'))).code).toBe('invalid_request');
  });
});

describe('outcomes by row', () => {
  test('take numbers as ids, and null as absent', () => {
    expect(outcomeOfRow({ id: 7, value: true, key: null })).toEqual({ id: '7', value: true });
  });

  test.each([
    [{ id: 'a' }, 'value'],
    [{ id: 'a', value: 'yes' }, 'value'],
    [{ id: 'a', value: 1, revision: -1 }, 'revision'],
    [{ id: 'a', value: 1, weight: 2 }, 'weight'],
  ])('refuse %j and name the field', (row, field) => {
    expect(() => outcomeOfRow(row)).toThrow(
      expect.objectContaining({ code: 'outcome_invalid', field }) as Error,
    );
  });
});
