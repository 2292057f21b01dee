import { DEFAULT_PROJECT, seededRng, type ScoredRows, type Table } from '@twinloop/kernel';
import { trainModel } from '@twinloop/engines';
import { encodeDocument, type FeatureSpec } from '@twinloop/model';
import type { VersionedTrainer } from '@twinloop/loop/building';
import { describe, expect, it } from 'vitest';
import { computeBaselines, liveSeries } from './baselines.js';

const DAY = 864e5;
const FROM = Date.UTC(2024, 2, 1);

/** Trains in this thread. */
function inline(algorithm: 'linear' | 'gbt'): VersionedTrainer {
  const results = new Map<string, ReturnType<typeof trainModel>>();
  return {
    version: '1',
    trainer: {
      name: algorithm,
      start: job => {
        const { task, table, label, parameters, seed } = job;
        if (task === 'multiclass') throw new Error('not here');
        const features = job.features as unknown as FeatureSpec;
        results.set(job.id, trainModel({ algorithm, task, table, label, features, parameters, seed }));
        return Promise.resolve();
      },
      wait: id => {
        const { document, metrics, importance } = results.get(id)!;
        const bytes = encodeDocument(document);
        return Promise.resolve({
          status: 'done',
          result: { format: 'twinloop-model', bytes, metrics, importance, cpuSeconds: 0 },
        });
      },
      stop: () => Promise.resolve(),
      collect: () => Promise.resolve(),
    },
  };
}

/** Five months of hours; the label is 3x, and rises by 50 when the first version ends. */
function rows(): Table {
  const rng = seededRng(3);
  const n = 150 * 24;
  const at = Float64Array.from({ length: n }, (_, i) => Date.UTC(2024, 0, 1) + i * 3_600_000);
  const x = Float64Array.from({ length: n }, () => 10 * rng.next());
  const y = x.map((value, i) => 3 * value + (at[i]! >= FROM ? 50 : 0) + rng.next());
  return {
    rows: n,
    columns: [
      { name: 'at', type: 'time', values: at },
      { name: 'x', type: 'number', values: x },
      { name: 'y', type: 'number', values: y },
    ],
  };
}

describe('baselines of a regression', () => {
  it('are told in RMSE: frozen is off by the jump, its refitted intercept and the retrained ones are not', async () => {
    const trainers = new Map([
      ['linear', inline('linear')],
      ['gbt', inline('gbt')],
    ]);
    const series = await computeBaselines(
      {
        project: DEFAULT_PROJECT,
        task: 'regression',
        loss: 'squared_error',
        table: rows(),
        time: 'at',
        label: 'y',
        arrives: undefined,
        features: { inputs: ['x'] },
        parameters: { gbt: { iterations: 30 } },
        seed: 1,
        from: FROM,
        timezone: 'UTC',
      },
      trainers,
    );
    const mean = Object.fromEntries(series.map(one => [one.name, one.mean!]));
    expect(mean['frozen-linear']).toBeCloseTo(50, 0);
    expect(mean['frozen-gbt']).toBeCloseTo(50, 0);
    // Labels of fourteen days tell the new level to a part of a unit.
    expect(mean['frozen-linear-recalibrated']).toBeLessThan(1);
    expect(mean['monthly-gbt-60d']!).toBeLessThan(mean['frozen-gbt']! * 0.8);
    expect(series[0]!.months.map(month => new Date(month.from).toISOString().slice(0, 7))).toEqual([
      '2024-03',
      '2024-04',
      '2024-05',
    ]);
  }, 60_000);

  it('stand beside the live answers, told in the same figure', () => {
    const at = Float64Array.from([FROM, FROM + 40 * DAY, FROM + 41 * DAY]);
    const scored = {
      ids: ['a', 'b', 'c'],
      predictedAt: at,
      arrivedAt: at,
      label: Float64Array.from([10, 20, 30]),
      score: Float64Array.from([10, 23, 34]),
    } as unknown as ScoredRows;
    const { months, mean } = liveSeries('squared_error', scored, 'UTC');
    expect(months.map(month => month.loss)).toEqual([0, Math.sqrt(12.5)]);
    expect(mean).toBe(Math.sqrt(12.5));
    expect(liveSeries('absolute_error', scored, 'UTC').months[1]!.loss).toBe(3.5);
  });
});
