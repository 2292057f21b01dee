import type { OutcomeRecord, PredictionRecord, ProjectId } from '@twinloop/kernel';
import type { OpenRollout } from '@twinloop/loop/delivery';
import { memoryPredictionLog } from '@twinloop/storage';
import { describe, expect, it } from 'vitest';
import type { ProjectConfig } from '../../config/project-config.js';
import { ArmStats } from '../serving/arm-stats.js';
import { readRollout } from './read-rollout.js';

const HOUR = 36e5;
const DAY = 24 * HOUR;
const project = 'p' as ProjectId;
const config = {
  datasets: { flights: { label: { column: 'late', available: 'complete' } } },
  train: { dataset: 'flights' },
  endpoint: { name: 'late', rollout: { settle: '1d' } },
} as unknown as ProjectConfig;

const prediction = (id: string, at: number, version: string, role: 'live' | 'shadow'): PredictionRecord => ({
  project,
  id,
  endpoint: 'late',
  variant: version === 'm2' ? 'challenger' : 'champion',
  version,
  role,
  at,
  score: 0.5,
  inputs: role === 'live' ? {} : null,
  key: null,
  unitKey: null,
  propensities: {},
  latencyMs: 1,
});
const outcome = (id: string, at: number): OutcomeRecord => ({
  project,
  endpoint: 'late',
  predictionId: id,
  key: null,
  time: null,
  metric: 'late',
  value: 1,
  at,
  source: 's',
  revision: 0,
});
/** One request an hour for two days; every fourth is answered by the challenger, labels come two hours later but for the last day. */
async function logged() {
  const log = memoryPredictionLog();
  for (let i = 0; i < 48; i++) {
    const [live, shadow] = i % 4 === 0 ? ['m2', 'm1'] : ['m1', 'm2'];
    await log.appendPredictions([
      prediction(`r${i}`, i * HOUR, live, 'live'),
      prediction(`r${i}`, i * HOUR, shadow, 'shadow'),
    ]);
    if (i % 2 === 0) await log.appendOutcomes([outcome(`r${i}`, (i + 2) * HOUR)]);
  }
  return log;
}
const rollout = (stage: OpenRollout['stage']): OpenRollout =>
  ({
    endpoint: 'late',
    champions: ['m1'],
    challenger: 'm2',
    startedAt: 0,
    heardSince: stage.kind === 'shadow' ? null : 0,
    stage,
  }) as unknown as OpenRollout;

describe('readRollout', () => {
  it('counts all answers of a canary, and the coverage of those that have settled', async () => {
    const ports = { project, config, log: await logged() };
    const { coverage, service, paired } = await readRollout(
      ports,
      rollout({ kind: 'canary', step: 0, weight: 0.25, since: 0 }),
      new ArmStats(),
      2 * DAY,
    );
    expect(coverage).toMatchObject([
      { variant: 'champion', predictions: 18, labelled: 6 },
      { variant: 'challenger', predictions: 6, labelled: 6 },
    ]);
    expect(service.map(({ variant, requests }) => [variant, requests])).toEqual([
      ['champion', 36],
      ['challenger', 12],
    ]);
    // Requests without a label are among the pairs, in order of prediction.
    expect(paired.ids).toHaveLength(48);
    expect([...paired.predictedAt]).toEqual(Array.from({ length: 48 }, (_, i) => i * HOUR));
  });

  it('knows no coverage before anything has settled', async () => {
    const ports = { project, config, log: await logged() };
    const { coverage, service } = await readRollout(
      ports,
      rollout({ kind: 'canary', step: 0, weight: 0.25, since: 0 }),
      new ArmStats(),
      DAY,
    );
    expect(coverage.map(({ predictions }) => predictions)).toEqual([0, 0]);
    expect(service.map(({ requests }) => requests)).toEqual([18, 7]);
  });

  it('pairs only what is labelled while the challenger is in the shadow', async () => {
    const ports = { project, config, log: await logged() };
    const { coverage, paired } = await readRollout(
      ports,
      rollout({ kind: 'shadow' }),
      new ArmStats(),
      2 * DAY,
    );
    expect(coverage).toHaveLength(1);
    expect(paired.ids).toHaveLength(23);
  });
});
