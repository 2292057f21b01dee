import {
  type InvokeContext,
  type ProjectId,
  type Row,
  type Schema,
  seededRng,
  tableFromRows,
} from '@twinloop/kernel';
import { bindModel, type ModelDocument, ONNX_INPUT, toOnnx, withCalibration } from '@twinloop/model';
import { describe, expect, it } from 'vitest';
import { trainModel } from '../trainers/train-model.js';
import { onnxVariant } from './onnx-variant.js';
import { openOnnxSession } from './session.js';

const schema: Schema = [
  { name: 'x', type: 'number', nullable: true },
  { name: 'z', type: 'number', nullable: true },
  { name: 'city', type: 'string', nullable: true },
  { name: 'y', type: 'number', nullable: false },
];
const cities = Array.from({ length: 40 }, (_, i) => `city ${i}`);
const rng = seededRng(21);
const rows = Array.from({ length: 10_000 }, (): Row => {
  const x = rng.next() < 0.1 ? null : rng.next() * 1e-3;
  const city = Math.floor(rng.next() * 41);
  const p = 0.2 + 600 * (x ?? 0) * (city % 2) + (city % 7) * 0.02;
  return { x, z: Math.floor(rng.next() * 5), city: cities[city] ?? null, y: rng.next() < p ? 1 : 0 };
});
const table = tableFromRows(schema, rows);
const model = (algorithm: 'linear' | 'gbt'): ModelDocument => {
  const job = {
    algorithm,
    task: 'binary',
    table,
    label: 'y',
    features: { inputs: ['x', 'z', 'city'] },
    seed: 1,
  } as const;
  return withCalibration(trainModel(job).document, { intercept: -0.2, slope: 0.9 });
};
const context: InvokeContext = {
  signal: new AbortController().signal,
  deadline: 0,
  project: 'default' as ProjectId,
  principal: { kind: 'local' } as unknown as InvokeContext['principal'],
};

describe('ONNX export', () => {
  it.each(['linear', 'gbt'] as const)(
    'of %s equals our evaluator to 1e-6 on 10,000 rows',
    async algorithm => {
      const document = model(algorithm);
      const bound = bindModel(document);
      const x = bound.features.encodeTable(table);
      // Values on the thresholds themselves: `≤` must be `≤` on both sides.
      if (document.body.kind === 'gbt') {
        const on = document.body.trees.flatMap(t =>
          t.threshold.filter((_, i) => t.feature[i] === 0),
        ) as number[];
        on.forEach((threshold, i) => (x[i * 3] = threshold));
        expect(on.length).toBeGreaterThan(50);
      }
      const ours = bound.predictEncoded(x, table.rows);
      const session = await openOnnxSession(toOnnx(document));
      const answer = await session.run({ [ONNX_INPUT]: { type: 'float64', dims: [table.rows, 3], data: x } });
      const theirs = answer.probability!.data as Float64Array;
      let worst = 0;
      ours.forEach((p, i) => (worst = Math.max(worst, Math.abs(p - theirs[i]!))));
      expect(worst).toBeLessThan(1e-6);
      expect(Math.max(...ours) - Math.min(...ours)).toBeGreaterThan(0.2);
      await session.close();
    },
  );

  it.each(['linear', 'gbt'] as const)('of %s for several classes, with words of a text', async algorithm => {
    const tickets = tableFromRows(
      [
        { name: 'text', type: 'string', nullable: true },
        { name: 'x', type: 'number', nullable: true },
        { name: 'city', type: 'string', nullable: true },
        { name: 'team', type: 'string', nullable: false },
      ],
      rows.slice(0, 3000).map((row, i): Row => {
        const team = ['a', 'b', 'c', 'd'][(Number(row.z) + (i % 7 === 0 ? 1 : 0)) % 4]!;
        return { text: `word${row.z} and word${i % 3}`, x: row.x!, city: row.city!, team };
      }),
    );
    const { document } = trainModel({
      algorithm,
      task: 'multiclass',
      table: tickets,
      label: 'team',
      features: { inputs: ['text', 'x', 'city'], text: [{ column: 'text', words: 8 }] },
      parameters: algorithm === 'gbt' ? { iterations: 20 } : {},
      seed: 1,
    });
    const bound = bindModel(document);
    const x = bound.features.encodeTable(tickets);
    const ours = bound.predictEncoded(x, tickets.rows);
    const session = await openOnnxSession(toOnnx(document), { prefer: 'wasm' });
    const dims = [tickets.rows, bound.features.width];
    const answer = await session.run({ [ONNX_INPUT]: { type: 'float64', dims, data: x } });
    expect(answer.probabilities!.dims).toEqual([tickets.rows, 4]);
    const theirs = answer.probabilities!.data as Float64Array;
    let worst = 0;
    ours.forEach((p, i) => (worst = Math.max(worst, Math.abs(p - theirs[i]!))));
    expect(worst).toBeLessThan(1e-6);
    expect(Math.max(...ours)).toBeGreaterThan(0.6);
    await session.close();
  });

  it('writes a model that never split', async () => {
    const { document } = trainModel({
      algorithm: 'gbt',
      task: 'binary',
      table,
      label: 'y',
      features: { inputs: ['z'] },
      parameters: { minSamplesLeaf: 9000 },
      seed: 1,
    });
    const session = await openOnnxSession(toOnnx(document));
    const answer = await session.run({
      [ONNX_INPUT]: { type: 'float64', dims: [2, 1], data: Float64Array.of(1, NaN) },
    });
    const p = bindModel(document).predictEncoded(Float64Array.of(1), 1)[0]!;
    expect(Array.from(answer.probability!.data as Float64Array)).toEqual([
      expect.closeTo(p, 9),
      expect.closeTo(p, 9),
    ]);
  });
});

describe('ONNX sessions', () => {
  it.each([
    ['empty', new Uint8Array()],
    ['text', new TextEncoder().encode('this is not a model')],
    ['cut off', toOnnx(model('linear')).slice(0, 300)],
  ])('refuse %s bytes as model_invalid', async (_, bytes) => {
    await expect(openOnnxSession(bytes)).rejects.toMatchObject({ code: 'model_invalid' });
  });

  it('name the input that is missing, unknown, of the wrong type or shape', async () => {
    const session = await openOnnxSession(toOnnx(model('linear')));
    const good = { type: 'float64' as const, dims: [1, 3], data: Float64Array.of(1, 2, 3) };
    const codeOf = (inputs: Parameters<typeof session.run>[0]) =>
      session.run(inputs).then(
        () => 'none',
        (error: { code: string }) => error.code,
      );
    expect(await codeOf({})).toBe('input_missing');
    expect(await codeOf({ features: good, other: good })).toBe('input_unknown');
    expect(await codeOf({ features: { ...good, type: 'float32', data: Float32Array.of(1, 2, 3) } })).toBe(
      'input_type',
    );
    expect(await codeOf({ features: { ...good, dims: [1, 4] } })).toBe('input_shape');
    expect(await codeOf({ features: good })).toBe('none');
  });
});

describe('ONNX variants', () => {
  it('serve a [n, width] model by named row fields', async () => {
    const document = model('gbt');
    const engine = await onnxVariant(toOnnx(document), { features: ['x', 'z', 'c'] });
    const batch = [
      { x: 0.0005, z: 1, c: 3 },
      { x: null, z: 0, c: null },
    ];
    const result = await engine.invoke({ rows: batch }, context);
    const ours = bindModel(document).predictEncoded(Float64Array.of(0.0005, 1, 3, NaN, 0, NaN), 2);
    expect(result).toMatchObject({ kind: 'result' });
    if (result.kind === 'result') result.scores.forEach((p, i) => expect(p).toBeCloseTo(ours[i]!, 6));
    await expect(engine.invoke({ rows: [{ x: 1, z: 2 }] }, context)).rejects.toMatchObject({
      code: 'input_missing',
      field: 'c',
    });
    await engine.close();
  });

  it('refuse a model whose inputs rows cannot fill', async () => {
    await expect(onnxVariant(toOnnx(model('linear')))).rejects.toMatchObject({ code: 'model_invalid' });
  });
});
