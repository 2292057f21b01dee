import { VirtualClock, type ProjectId, type Entry } from '@twinloop/kernel';
import { emptyLearning, endpointLearning, foldLearning, type LearningState } from '@twinloop/loop/learning';
import { memoryPredictionLog } from '@twinloop/storage';
import { describe, expect, test } from 'vitest';
import { loadProject } from '../../config/load-project.js';
import { caveated, decisive, lookAtLabels } from './labels.js';

const DAY = 864e5;
const project = 'shop' as ProjectId;
const config = (label = '') =>
  loadProject(
    `project: shop
datasets: { cases: { source: cases.csv, time: at, label: { column: late${label} } } }
features: { inputs: [x] }
train: { candidates: { algorithms: [linear] } }
endpoint: { name: late }
`,
    '/nowhere',
  ).config;

/** 20 predictions a day for 60 days; labels a day later unless `missing` says so. */
async function played(missing: (day: number) => boolean) {
  const log = memoryPredictionLog();
  for (let day = 0; day < 60; day++) {
    const at = day * DAY;
    const ids = Array.from({ length: 20 }, (_, i) => `${day}-${i}`);
    await log.appendPredictions(
      ids.map(id => ({
        project,
        id,
        endpoint: 'late',
        variant: 'champion',
        version: 'm',
        role: 'live',
        at,
        score: 0.5,
        inputs: { x: 1 },
        key: null,
        unitKey: null,
        propensities: {},
        latencyMs: 0,
      })),
    );
    if (missing(day)) continue;
    await log.appendOutcomes(
      ids.map(predictionId => ({
        project,
        endpoint: 'late',
        predictionId,
        key: null,
        time: null,
        metric: 'late',
        value: 1,
        at: at + DAY,
        source: 'test',
        revision: 0,
      })),
    );
  }
  return log;
}

/** Looks daily and folds what is said; the days on which a look was written, and its signals. */
async function looks(log: Awaited<ReturnType<typeof played>>, label = '') {
  let learning: LearningState = emptyLearning;
  const written: { day: number; signals: number }[] = [];
  for (let day = 1; day < 60; day++) {
    const clock = new VirtualClock(day * DAY);
    const facts = await lookAtLabels(
      { project, config: config(label), log },
      endpointLearning(learning, 'late'),
      clock.now(),
    );
    for (const fact of facts) learning = foldLearning(learning, fact as unknown as Entry);
    if (facts.length > 0) written.push({ day, signals: facts.length - 1 });
  }
  return written;
}

describe('looks at labels', () => {
  test('write nothing while labels come', async () => {
    expect(await looks(await played(() => false))).toEqual([]);
  });

  test('write nothing at the beginning of a life without labels, then a signal at every look', async () => {
    const written = await looks(await played(() => true));
    expect(written[0]).toEqual({ day: 17, signals: 1 });
    expect(written.every(({ signals }) => signals === 1)).toBe(true);
  });

  test('write one clean look after the last signal, so that a row of looks ends', async () => {
    const written = await looks(await played(day => day >= 20 && day < 32));
    expect(written.filter(({ signals }) => signals === 0)).toHaveLength(1);
    expect(written.at(-1)!.signals).toBe(0);
  });

  test('are not made for labels that never come', async () => {
    expect(await looks(await played(() => true), ', available: never')).toEqual([]);
  });
});

describe('what a rollout is decided on', () => {
  const one = Float64Array.of(1);
  const paired = { ids: ['a'], predictedAt: one, arrivedAt: one, label: one, a: one, b: one };

  test('is nothing with selective labels, unless the project says that they are a fair share', () => {
    expect(decisive(config(), paired)).toBe(paired);
    expect(decisive(config(', available: selective'), paired).ids).toEqual([]);
    expect(decisive(config(', available: selective, decides: true'), paired)).toBe(paired);
    expect(decisive(config(', available: never, decides: true'), paired).ids).toEqual([]);
  });
});

test('figures on selective labels carry their caveat', () => {
  const signal = { sentence: 'log loss 0.70' } as Parameters<typeof caveated>[1] extends
    | readonly (infer S)[]
    | null
    ? S
    : never;
  expect(caveated(config(', available: selective'), [signal])![0]!.sentence).toBe(
    'log loss 0.70 (over acted-on cases only)',
  );
  expect(caveated(config(), [signal])).toEqual([signal]);
});
