import { readFileSync } from 'node:fs';
import { type Row, type Schema, seededRng, type Table, tableFromRows, takeRows } from '@twinloop/kernel';
import {
  bindModel,
  decodeDocument,
  encodeDocument,
  type FeatureSpec,
  type ModelDocument,
} from '@twinloop/model';
import { describe, expect, it } from 'vitest';
import { runTrainingJob } from './run-job.js';
import { trainModel } from './train-model.js';

const wine = JSON.parse(readFileSync(new URL('../../golden/wine.json', import.meta.url), 'utf8')) as {
  rows: number[][];
};
const measures = Array.from({ length: 13 }, (_, i) => `m${i}`);
const names = ['barolo', 'grignolino', 'barbera'];
const schema: Schema = [
  ...measures.map(name => ({ name, type: 'number' as const, nullable: true })),
  { name: 'cultivar', type: 'string', nullable: false },
  { name: 'number', type: 'number', nullable: false },
];
const table = tableFromRows(
  schema,
  wine.rows.map((values): Row => {
    const cultivar = values[13]!;
    const row = Object.fromEntries(measures.map((name, i) => [name, values[i]!]));
    return { ...row, cultivar: names[cultivar]!, number: [10, 2, 33][cultivar]! };
  }),
);
const every = (which: number): Table =>
  takeRows(
    table,
    Array.from({ length: table.rows }, (_, i) => i).filter(i => i % 2 === which),
  );
const learn = every(0);
const measure = every(1);

function quality(document: ModelDocument, rows: Table, label: string) {
  const { classes, outputs, predictTable } = bindModel(document);
  const p = predictTable(rows);
  const column = rows.columns.find(({ name }) => name === label)!;
  let loss = 0;
  let right = 0;
  for (let i = 0; i < rows.rows; i++) {
    const own = p.subarray(i * outputs, (i + 1) * outputs);
    const truth = classes.indexOf(String(column.values[i]));
    loss -= Math.log(own[truth]!) / rows.rows;
    if (own.indexOf(Math.max(...own)) === truth) right++;
  }
  return { loss, accuracy: right / rows.rows };
}

const train = (algorithm: 'linear' | 'gbt', more: { label?: string; features?: FeatureSpec } = {}) =>
  trainModel({
    algorithm,
    task: 'multiclass',
    table: learn,
    label: 'cultivar',
    features: { inputs: measures },
    seed: 1,
    ...more,
  });

describe('several classes', () => {
  // scikit-learn 1.9.1: StandardScaler + LogisticRegression(C=1, tol=1e-10), and HistGradientBoostingClassifier with our
  // defaults (60 rounds, 15 leaves, l2 1), learned from the even rows of load_wine() and measured on the odd ones.
  it('linear is the multinomial regression of scikit-learn', () => {
    const { loss, accuracy } = quality(train('linear').document, measure, 'cultivar');
    expect(loss).toBeCloseTo(0.080533, 4);
    expect(accuracy).toBeCloseTo(0.966292, 6);
  });

  it('gbt is as good as the one of scikit-learn', () => {
    const { loss, accuracy } = quality(train('gbt').document, measure, 'cultivar');
    expect(loss).toBeLessThan(0.0925 + 0.02);
    expect(accuracy).toBeGreaterThan(0.966292 - 0.015);
  });

  it.each(['linear', 'gbt'] as const)('%s: probabilities sum to 1, and the document survives', algorithm => {
    const { document } = train(algorithm);
    expect(document.classes).toEqual(['barbera', 'barolo', 'grignolino']);
    const back = decodeDocument(encodeDocument(document));
    const p = bindModel(back).predictTable(measure);
    expect(p).toEqual(bindModel(document).predictTable(measure));
    for (let i = 0; i < measure.rows; i++)
      expect(p[3 * i]! + p[3 * i + 1]! + p[3 * i + 2]!).toBeCloseTo(1, 12);
    const bound = bindModel(document);
    const out = new Float64Array(3);
    const row = Object.fromEntries(measures.map((name, m) => [name, wine.rows[1]![m]!]));
    bound.predictInto(row, out, 0);
    expect([...out]).toEqual([...p.subarray(0, 3)]);
    expect(bound.predictRow(row)).toBe(Math.max(...out));
  });

  it.each(['linear', 'gbt'] as const)('%s is the same to the byte for the same job', algorithm => {
    expect(encodeDocument(train(algorithm).document)).toEqual(encodeDocument(train(algorithm).document));
  });

  it('orders numeric labels by size and names them as text', () => {
    const { document } = train('linear', { label: 'number' });
    expect(document.classes).toEqual(['2', '10', '33']);
    expect(quality(document, measure, 'number').loss).toBeCloseTo(0.080533, 4);
  });

  it('of two classes gives the probabilities of the binary model', () => {
    const two = takeRows(
      learn,
      Array.from({ length: learn.rows }, (_, i) => i).filter(i => wine.rows[2 * i]![13] !== 2),
    );
    const y = two.columns.find(({ name }) => name === 'cultivar')!.values.map(c => (c === 'barolo' ? 1 : 0));
    const flagged = {
      ...two,
      columns: [
        ...two.columns,
        { name: 'y', type: 'number' as const, values: Float64Array.from(y as number[]) },
      ],
    };
    const job = { algorithm: 'linear', features: { inputs: measures }, seed: 1, table: flagged } as const;
    const binary = trainModel({ ...job, task: 'binary', label: 'y', parameters: { l2: 1 } });
    // Two vectors of opposite sign carry half the penalty of one that is their difference.
    const soft = trainModel({ ...job, task: 'multiclass', label: 'cultivar', parameters: { l2: 2 } });
    const one = bindModel(binary.document).predictTable(measure);
    const both = bindModel(soft.document).predictTable(measure);
    one.forEach((p, i) => expect(both[2 * i]!).toBeCloseTo(p, 3));
  });

  it('is done by a job of the kernel', () => {
    const result = runTrainingJob({
      task: 'multiclass',
      parameters: { algorithm: 'gbt', iterations: 5 },
      seed: 1,
      table: learn,
      label: 'cultivar',
      features: { inputs: measures },
    });
    expect(decodeDocument(result.bytes).classes).toHaveLength(3);
    expect(result.metrics.trainLogLoss).toBeLessThan(Math.log(3));
  });

  it('refuses a label of one class, and one that is missing somewhere', () => {
    const one = takeRows(learn, [0, 2, 4]);
    expect(() =>
      trainModel({
        algorithm: 'linear',
        task: 'multiclass',
        table: one,
        label: 'cultivar',
        features: { inputs: measures },
        seed: 1,
      }),
    ).toThrow(expect.objectContaining({ code: 'training_failed' }));
    const missing = tableFromRows(schema, [
      { m0: 1, cultivar: null },
      { m0: 2, cultivar: 'a' },
    ]);
    expect(() =>
      trainModel({
        algorithm: 'gbt',
        task: 'multiclass',
        table: missing,
        label: 'cultivar',
        features: { inputs: ['m0'] },
        seed: 1,
      }),
    ).toThrow(/missing in row 0/);
  });
});

describe('texts', () => {
  const rng = seededRng(3);
  const topics = {
    billing: ['invoice', 'refund', 'charged'],
    access: ['password', 'login', 'locked'],
    outage: ['down', 'slow', 'error'],
  };
  const filler = ['please', 'hello', 'the', 'my', 'today', 'again', 'thanks'];
  const pick = (list: readonly string[]): string => list[Math.floor(rng.next() * list.length)]!;
  const tickets = Array.from({ length: 900 }, (): Row => {
    const team = pick(Object.keys(topics));
    const words = topics[team as keyof typeof topics];
    const message = [
      pick(filler),
      pick(filler),
      pick(words),
      pick(filler),
      rng.next() < 0.5 ? pick(words) : pick(filler),
    ];
    return { message: rng.next() < 0.03 ? null : message.join(' '), hour: Math.floor(rng.next() * 24), team };
  });
  const texts = tableFromRows(
    [
      { name: 'message', type: 'string', nullable: true },
      { name: 'hour', type: 'number', nullable: false },
      { name: 'team', type: 'string', nullable: false },
    ],
    tickets,
  );
  const features: FeatureSpec = { inputs: ['message', 'hour'], text: [{ column: 'message', words: 30 }] };
  const half = Array.from({ length: 450 }, (_, i) => i);
  const job = { task: 'multiclass', table: takeRows(texts, half), label: 'team', features, seed: 1 } as const;

  it.each(['linear', 'gbt'] as const)('%s reads them', algorithm => {
    const { document, importance } = trainModel({ ...job, algorithm });
    const rest = takeRows(
      texts,
      half.map(i => i + 450),
    );
    expect(quality(document, rest, 'team').accuracy).toBeGreaterThan(0.95);
    expect(importance.message).toBeGreaterThan(0.8);
    expect(Object.keys(importance)).toEqual(['hour', 'message']);
  });

  it('keep the words that tell the label, not the most frequent ones', () => {
    const { document } = trainModel({
      ...job,
      features: { ...features, text: [{ column: 'message', words: 9 }] },
      algorithm: 'linear',
    });
    const words = document.features.features.flatMap(f =>
      f.type === 'numeric' && f.text ? [f.text.word] : [],
    );
    expect(words).toEqual(Object.values(topics).flat().sort());
  });

  it('serve binary and regression tasks as well', () => {
    const y = tickets.map(({ team }) => (team === 'outage' ? 1 : 0));
    const flagged: Table = {
      ...texts,
      columns: [...texts.columns, { name: 'y', type: 'number', values: Float64Array.from(y) }],
    };
    for (const task of ['binary', 'regression'] as const) {
      for (const algorithm of ['linear', 'gbt'] as const) {
        const { document } = trainModel({
          algorithm,
          task,
          table: flagged,
          label: 'y',
          features: { ...features, drop: [] },
          seed: 1,
        });
        const p = bindModel(document).predictTable(flagged);
        const mean = (of: number): number => {
          const own = p.filter((_, i) => y[i] === of);
          return own.reduce((a, b) => a + b) / own.length;
        };
        expect(mean(1) - mean(0)).toBeGreaterThan(0.6);
      }
    }
  });
});
