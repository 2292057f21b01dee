import { type Json, type Row, type Schema, seededRng, takeRows, tableFromRows } from '@twinloop/kernel';
import { bindModel, decodeDocument, encodeDocument, type FeatureSpec, sigmoid } from '@twinloop/model';
import { describe, expect, it } from 'vitest';
import { trainModel } from './train-model.js';

const schema: Schema = [
  { name: 'at', type: 'time', nullable: false },
  { name: 'x', type: 'number', nullable: true },
  { name: 'noise', type: 'number', nullable: true },
  { name: 'city', type: 'string', nullable: true },
  { name: 'y', type: 'number', nullable: false },
  { name: 'amount', type: 'number', nullable: false },
];
const features: FeatureSpec = { inputs: ['x', 'noise', 'city'] };
const cities = ['ash', 'bay', 'cove', 'dale', 'elm', 'fen'];
/** Effects that no order of the names explains. */
const effect = [2, -2, 1.5, -1.5, 1, -1];

/** Logit = 2·|x| − 1 + effect(city); a missing x counts like a large one. */
function rowsOf(count: number, seed: number): { rows: Row[]; logits: number[] } {
  const rng = seededRng(seed);
  const logits: number[] = [];
  const rows = Array.from({ length: count }, (_, i): Row => {
    const x = rng.next() < 0.1 ? null : rng.next() * 4 - 2;
    const city = Math.floor(rng.next() * 6);
    const logit = 2 * Math.abs(x ?? 2) - 2 + effect[city]!;
    logits.push(logit);
    const y = rng.next() < sigmoid(logit) ? 1 : 0;
    return { at: i * 3_600_000, x, noise: rng.next(), city: cities[city]!, y, amount: 10 * logit };
  });
  return { rows, logits };
}

const { rows } = rowsOf(6000, 1);
const table = tableFromRows(schema, rows);
const fresh = rowsOf(4000, 2);
const freshTable = tableFromRows(schema, fresh.rows);

function train(
  algorithm: 'linear' | 'gbt',
  options: { task?: 'regression'; parameters?: Json; seed?: number } = {},
) {
  const { task, parameters = {}, seed = 5 } = options;
  const label = task === 'regression' ? 'amount' : 'y';
  return trainModel({ algorithm, task: task ?? 'binary', table, label, features, parameters, seed });
}

function auc(y: ArrayLike<number>, score: Float64Array): number {
  const order = Array.from(score.keys()).sort((a, b) => score[a]! - score[b]!);
  let ranks = 0;
  let positives = 0;
  order.forEach((row, rank) => {
    if (y[row] === 1) {
      ranks += rank + 1;
      positives++;
    }
  });
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}

describe('gbt', () => {
  it('comes close to the true model on new rows, with missing values and categories', () => {
    const { document } = train('gbt');
    const y = fresh.rows.map(row => Number(row.y));
    const best = auc(y, Float64Array.from(fresh.logits));
    expect(best - auc(y, bindModel(document).predictTable(freshTable))).toBeLessThan(0.012);
  });

  it('sends missing values where the data says', () => {
    const bound = bindModel(train('gbt').document);
    const at = (x: number | null) => bound.predictRow({ x, noise: 0.5, city: 'cove' });
    expect(at(null)).toBeCloseTo(at(1.95), 0);
    expect(at(null)).toBeGreaterThan(at(0) + 0.3);
  });

  it('gives importance to what matters, summing to 1', () => {
    const { importance } = train('gbt');
    expect(importance.noise).toBeLessThan(0.1);
    expect(Object.values(importance).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it('is the same to the byte for the same job', () => {
    expect(encodeDocument(train('gbt').document)).toEqual(encodeDocument(train('gbt').document));
  });

  it('does squared error', () => {
    const { document, metrics } = train('gbt', { task: 'regression', parameters: { iterations: 150 } });
    const p = bindModel(document).predictTable(freshTable);
    let squares = 0;
    fresh.logits.forEach((logit, i) => (squares += (p[i]! - 10 * logit) ** 2));
    // The labels' variance is about 300.
    expect(squares / p.length).toBeLessThan(3);
    expect(metrics.trainSquaredError).toBeLessThan(3);
  });

  it('weighs rows by age', () => {
    const changed = tableFromRows(schema, [
      ...rows.map(row => ({ ...row, y: 1 - Number(row.y) })),
      ...fresh.rows.map((row, i) => ({ ...row, at: (rows.length + i) * 3_600_000 })),
    ]);
    const y = fresh.rows.map(row => Number(row.y));
    const of = (parameters: Json) =>
      auc(
        y,
        bindModel(
          trainModel({
            algorithm: 'gbt',
            task: 'binary',
            table: changed,
            label: 'y',
            features: { inputs: [...features.inputs, 'at'], drop: [] },
            parameters,
            seed: 1,
          }).document,
        ).predictTable(freshTable),
      );
    expect(of({ decayHalfLifeDays: 20 })).toBeGreaterThan(of({}) + 0.2);
  });
});

describe('linear', () => {
  it('is at the optimum: the gradient of the penalised loss is 0', () => {
    const { document } = train('linear', { parameters: { l2: 3 } });
    const { body } = document;
    if (body.kind !== 'linear') throw new Error('unreachable');
    const p = bindModel(document).predictTable(table);
    let intercept = 0;
    let slope = 0;
    let city = 0;
    const [term] = body.numeric;
    rows.forEach((row, i) => {
      const r = p[i]! - Number(row.y);
      intercept += r;
      if (row.x !== null) slope += (r * (Number(row.x) - term!.mean)) / term!.scale;
      if (row.city === 'ash') city += r;
    });
    expect(intercept).toBeCloseTo(0, 3);
    expect(slope + 3 * term!.weight).toBeCloseTo(0, 3);
    expect(city + 3 * body.categorical[0]!.weights[0]!).toBeCloseTo(0, 3);
  });

  it('is ridge regression on squared error, solved in one step', () => {
    const one = train('linear', { task: 'regression', parameters: { maxIterations: 1 } });
    const many = train('linear', { task: 'regression', parameters: { maxIterations: 50 } });
    expect(one.metrics.trainSquaredError).toBeCloseTo(many.metrics.trainSquaredError!, 6);
  });

  it('ranks features by how far they move the score', () => {
    const { importance } = train('linear');
    expect(importance.city).toBeGreaterThan(0.8);
  });
});

describe('bad jobs', () => {
  const job = { algorithm: 'gbt', task: 'binary', table, label: 'y', features, seed: 1 } as const;
  it.each<[string, () => unknown, string]>([
    [
      'one class',
      () =>
        trainModel({
          ...job,
          table: takeRows(
            table,
            rows.flatMap((r, i) => (r.y === 1 ? [i] : [])),
          ),
        }),
      'training_failed',
    ],
    ['no rows', () => trainModel({ ...job, table: takeRows(table, []) }), 'training_failed'],
    [
      'a label of text',
      () => trainModel({ ...job, label: 'city', features: { inputs: ['x'] } }),
      'training_failed',
    ],
    ['a label that is not 0 or 1', () => trainModel({ ...job, label: 'amount' }), 'training_failed'],
    ['no such label', () => trainModel({ ...job, label: 'nope' }), 'dataset_column_missing'],
    ['an unknown parameter', () => trainModel({ ...job, parameters: { depth: 3 } }), 'invalid_request'],
    [
      'a parameter out of range',
      () => trainModel({ ...job, parameters: { maxBins: 1000 } }),
      'invalid_request',
    ],
    ['the label as an input', () => trainModel({ ...job, features: { inputs: ['y'] } }), 'feature_leak'],
  ])('%s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});

describe('documents', () => {
  it('survive the round trip with the same predictions', () => {
    for (const algorithm of ['linear', 'gbt'] as const) {
      const { document } = train(algorithm);
      const back = decodeDocument(encodeDocument(document));
      expect(encodeDocument(back)).toEqual(encodeDocument(document));
      expect(bindModel(back).predictTable(freshTable)).toEqual(bindModel(document).predictTable(freshTable));
    }
  });
});
