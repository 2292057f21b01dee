import { expect, test } from 'vitest';
import { decision } from '../../live/decision.fixture.js';
import { figuresAsOf } from './as-of.js';

const budget = { used: 0, limit: 12 };
const YEAR = [
  decision(1, 'DatasetVersionRegistered', { dataset: 'flights', rows: 9186 }),
  decision(2, 'RunStarted', { run: 'run-1', trigger: 'apply' }),
  decision(3, 'ModelRegistered', { model: 'late@a', algorithm: 'linear' }, { importance: 'detail' }),
  decision(4, 'RunFinished', { run: 'run-1', status: 'passed', reason: 'all gates pass' }),
  decision(5, 'ModelDeployed', { endpoint: 'late', model: 'late@a', version: 1 }),
  decision(6, 'AlarmRaised', { alarm: 'a1', endpoint: 'late', kind: 'data-drift' }),
  decision(7, 'AnswerDecided', { alarm: 'a1', endpoint: 'late', answer: 'retrain', budget }),
  decision(8, 'RunStarted', { run: 'run-2', trigger: 'alarm' }),
  decision(9, 'ModelRegistered', { model: 'late@b', algorithm: 'gbt' }, { importance: 'detail' }),
  decision(10, 'RunFinished', { run: 'run-2', status: 'passed', reason: 'all gates pass' }),
  decision(11, 'RolloutStarted', { rollout: 'r1', challenger: 'late@b' }),
  decision(12, 'ModelPromoted', { endpoint: 'late', model: 'late@b', version: 2 }),
  decision(13, 'AlarmResolved', { alarm: 'a1' }, { importance: 'detail' }),
];
const asOf = (seq: number) => figuresAsOf(YEAR.slice(0, seq), '365d')!;

test('before the first decision there is nothing to show', () => {
  expect(figuresAsOf([], '365d')).toBeUndefined();
});

test('the first model serves, and its training is no retraining', () => {
  const { endpoint, counts, openAlarms, budget: spent } = asOf(5);
  expect(endpoint?.champion).toMatchObject({ model: 'late@a', algorithm: 'linear', version: 1, since: 5000 });
  expect([counts.retrainings, openAlarms, spent]).toEqual([0, 0, null]);
});

test('an alarm lights its arc until it is resolved', () => {
  expect(asOf(6).arcs).toEqual({ dataDrift: true, modelDrift: false });
  expect(asOf(6).stages.monitor.state).toBe('attention');
  expect(asOf(12).openAlarms).toBe(1);
  expect(asOf(13).arcs).toEqual({ dataDrift: false, modelDrift: false });
});

test('a retraining works, then is tried, then is promoted', () => {
  expect(asOf(8).stages.build).toEqual({ state: 'working', text: 'run-2 running' });
  expect(asOf(8).budget).toEqual({ used: 1, limit: 12, per: '365d' });
  expect(asOf(11).endpoint?.challenger).toMatchObject({ model: 'late@b', algorithm: 'gbt', rollout: 'r1' });
  expect(asOf(11).endpoint?.champion?.model).toBe('late@a');
  expect(asOf(12).endpoint).toMatchObject({ champion: { model: 'late@b', version: 2 }, challenger: null });
  expect(asOf(12).counts).toMatchObject({ promotions: 1, rejections: 0, retrainings: 1 });
});

test('figures that the ledger does not hold are unknown, not zero', () => {
  expect(asOf(13).counts).toMatchObject({ predictions: null, outcomes: null, errors: null });
});

test('the headline is the last sentence of the story', () => {
  expect(asOf(13).headline).toBe('ModelPromoted 12');
});

test('an alarm that is held or answered by a recalibration is not left open', () => {
  const held = [
    ...YEAR.slice(0, 6),
    decision(7, 'AnswerDecided', { alarm: 'a1', endpoint: 'late', answer: 'hold', budget }),
  ];
  expect(figuresAsOf(held, '')!.openAlarms).toBe(0);
});

test('a rollback brings the former model back, under the version it had', () => {
  const broken = [
    ...YEAR,
    decision(14, 'TrafficHeld', { endpoint: 'late', model: 'late@b', answering: 'late@a' }),
    decision(15, 'ModelRolledBack', { endpoint: 'late', model: 'late@b', restored: 'late@a', version: 1 }),
  ];
  expect(figuresAsOf(broken.slice(0, 14), '365d')!.stages.serve.state).toBe('attention');
  const after = figuresAsOf(broken, '365d')!;
  expect(after.endpoint?.champion).toMatchObject({ model: 'late@a', algorithm: 'linear', version: 1 });
  expect(after.stages.serve).toEqual({ state: 'ok', text: 'version 1' });
});
