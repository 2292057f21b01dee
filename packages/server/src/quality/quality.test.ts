import { type OutcomeRecord, type PredictionRecord, type ProjectId, seededRng } from '@twinloop/kernel';
import { inputProfile } from '@twinloop/loop/monitoring';
import { memoryPredictionLog } from '@twinloop/storage';
import { beforeAll, describe, expect, it } from 'vitest';
import { biasLimits } from './bias-limits.js';
import { edgeCasesView } from './edge-case-view.js';
import { fairnessView } from './fairness-view.js';
import { type Answers, readAnswers } from './read-answers.js';

const project = 'shop' as ProjectId;
const endpoint = 'late';
const schema = [
  { name: 'origin', type: 'string', nullable: true },
  { name: 'temp', type: 'number', nullable: true },
] as const;

/** Of those who are late, the model finds eight in ten at JFK and three in ten at EWR; two flights of LGA are nothing to go by. */
async function answers(newest?: number): Promise<Answers> {
  const log = memoryPredictionLog();
  const predictions: PredictionRecord[] = [];
  const outcomes: OutcomeRecord[] = [];
  const rng = seededRng(2);
  for (let i = 0; i < 1202; i++) {
    const origin = i >= 1200 ? 'LGA' : i % 2 === 0 ? 'JFK' : 'EWR';
    const late = i % 4 < 2;
    const found = late && i % 20 < (origin === 'JFK' ? 16 : 6);
    const id = `f${String(i).padStart(4, '0')}`;
    predictions.push({
      project,
      id,
      endpoint,
      variant: 'champion',
      version: 'm@1',
      role: 'live',
      at: i,
      score: found ? 0.9 : 0.1,
      inputs: { origin, temp: i === 7 ? 400 : 20 + rng.next() },
      key: null,
      unitKey: null,
      propensities: {},
      latencyMs: 1,
    });
    const rest = { project, endpoint, key: null, time: null, metric: 'late', source: 's', revision: 0 };
    if (i % 10 !== 9) outcomes.push({ ...rest, predictionId: id, value: late ? 1 : 0, at: i + 100 });
  }
  await log.appendPredictions(predictions);
  await log.appendOutcomes(outcomes);
  return readAnswers(log, {
    project,
    endpoint,
    metric: 'late',
    schema,
    predicted: {},
    known: 5000,
    ...(newest === undefined ? {} : { newest }),
  });
}

describe('looks at answers', () => {
  let all: Answers;
  beforeAll(async () => {
    all = await answers();
  });

  it('joins answers to what is known of them', async () => {
    expect(all).toMatchObject({ rows: 1202 });
    expect([all.label[0], all.label[2], all.label[9]]).toEqual([1, 0, NaN]);
    expect([all.arrived[0], all.arrived[9]]).toEqual([100, NaN]);
    const few = await answers(10);
    expect([few.rows, few.ids[0], few.label[0]]).toEqual([10, 'f1192', 1]);
  });

  it('compares groups, holds them against the gates, and leaves small ones out', () => {
    const config = {
      attributes: ['origin'],
      metrics: ['recall', 'false_positive_rate'],
      window: '90d',
      threshold: 0.5,
      minGroup: 50,
    } as const;
    const limits = biasLimits([
      {
        gate: 'bias',
        metric: 'equal_opportunity_difference',
        attributes: ['origin'],
        max: 0.2,
        threshold: 0.5,
        minGroup: 50,
        decide: 'interval',
        confidence: 0.95,
      },
    ]);
    const view = fairnessView(endpoint, config, { from: 0, until: 2000 }, all, limits);
    expect(view.attributes).toHaveLength(1);
    const { groups, disparities } = view.attributes[0]!;
    expect(groups.map(({ group, n }) => [group, n])).toEqual([
      ['EWR', 480],
      ['JFK', 600],
      ['LGA', 2],
    ]);
    const [recall, falsePositives, odds] = disparities;
    expect(recall).toMatchObject({
      title: 'equal opportunity difference',
      between: ['JFK', 'EWR'],
      limit: 0.2,
      status: 'fail',
    });
    expect(recall!.low!).toBeGreaterThan(0.2);
    expect(recall!.sentence).toContain('too small to compare');
    // Nobody is found late who is not: no difference, and no limit was set.
    expect(falsePositives).toMatchObject({ value: 0, limit: null, status: null });
    expect(odds).toMatchObject({ metric: 'equalized_odds', value: recall!.value });
  });

  it('lists what training never saw, strangest first, with the test that it would become', () => {
    const profile = inputProfile(
      { rows: 600, columns: all.inputs.columns.map(half) },
      ['origin', 'temp'],
      seededRng(1),
    )!;
    const view = edgeCasesView({
      endpoint,
      window: { from: 0, until: 2000 },
      limit: 0.99,
      profile,
      answers: all,
      tests: [{ name: 't', prediction: 'f0007', addedAt: 1, by: 'ops', test: {} }],
      testOf: ({ id, label }) => `${id}: ${label}`,
    });
    expect(view.requests).toBe(1202);
    const found = view.cases.find(({ id }) => id === 'f0007')!;
    expect(found).toMatchObject({ tested: true, test: 'f0007: 0', inputs: { origin: 'EWR', temp: 400 } });
    expect(found.reasons[0]!.text).toMatch(/^temp is 400, above 2[01]/);
    expect(view.kinds).toContainEqual({ kind: 'unseen-category', column: 'origin', count: 2 });
    for (let i = 1; i < view.cases.length; i++)
      expect(view.cases[i]!.strangeness).toBeLessThanOrEqual(view.cases[i - 1]!.strangeness);
  });
});

/** The second half of the first 1,200 rows: without LGA, and without the hot day. */
function half(column: Answers['inputs']['columns'][number]): Answers['inputs']['columns'][number] {
  return column.type === 'string'
    ? { ...column, values: column.values.slice(600, 1200) }
    : { ...column, values: column.values.slice(600, 1200) };
}
