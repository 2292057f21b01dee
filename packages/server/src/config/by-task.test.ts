import type { TwinloopError } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { loadProject } from './load-project.js';

const project = (train: string, rest = ''): string => `
project: p
datasets: { rows: { source: rows.csv, time: at, label: { column: y, unit: minutes } } }
features: { inputs: [a] }
train: { ${train} candidates: { algorithms: [linear] } }
${rest}`;
const config = (train: string, rest?: string) => loadProject(project(train, rest), '.').config;

function findings(
  train: string,
  rest: string,
): readonly { field?: string; hint?: string; message: string }[] {
  try {
    loadProject(project(train, rest), '.');
  } catch (error) {
    return (error as TwinloopError).details;
  }
  return [];
}

const SERVED = 'endpoint: { name: p }\ngates: [{ gate: champion }]';

describe('what depends on the task', () => {
  it('a regression that names nothing is judged by squared error, with tolerances as shares', () => {
    const { endpoint, monitors, gates } = config('task: regression,', SERVED);
    expect(endpoint!.rollout).toMatchObject({ metric: 'squared_error', tolerance: 0.02 });
    expect(monitors.quality).toMatchObject({ metric: 'squared_error', tolerance: 0.25 });
    expect(monitors.calibration.tolerance).toBe(0.1);
    expect(gates[0]).toMatchObject({ gate: 'champion', metric: 'squared_error', tolerance: 0 });
  });

  it('a classification that names nothing is judged by log loss, as ever', () => {
    const { endpoint, monitors, gates } = config('', SERVED);
    expect(endpoint!.rollout).toMatchObject({ metric: 'log_loss', tolerance: 0.002 });
    expect(monitors.quality).toMatchObject({ metric: 'log_loss', tolerance: 0.05 });
    expect(monitors.calibration.tolerance).toBe(0.03);
    expect(gates[0]).toMatchObject({ metric: 'log_loss' });
  });

  it('one named loss is the loss of the whole project; what is named stays', () => {
    const named =
      'endpoint: { name: p, rollout: { metric: absolute_error, tolerance: 0.1 } }\ngates: [{ gate: champion }]';
    const { endpoint, monitors, gates } = config('task: regression,', named);
    expect(endpoint!.rollout).toMatchObject({ metric: 'absolute_error', tolerance: 0.1 });
    expect(monitors.quality.metric).toBe('absolute_error');
    expect(gates[0]).toMatchObject({ metric: 'absolute_error' });
    const watched = config('', `${SERVED}\nmonitors: { quality: { metric: brier } }`);
    expect(watched.endpoint!.rollout.metric).toBe('brier');
  });

  it.each([
    ['task: regression,', 'endpoint: { name: p, rollout: { metric: log_loss } }', 'endpoint.rollout.metric'],
    ['', 'endpoint: { name: p, rollout: { metric: squared_error } }', 'endpoint.rollout.metric'],
    ['task: regression,', `${SERVED}\nmonitors: { quality: { metric: brier } }`, 'monitors.quality.metric'],
    [
      'task: regression,',
      'endpoint: { name: p }\ngates: [{ gate: metric, metric: auc, min: 0.6 }]',
      'gates[0].metric',
    ],
    ['', 'endpoint: { name: p }\ngates: [{ gate: metric, metric: rmse, max: 6 }]', 'gates[0].metric'],
    ['', 'endpoint: { name: p }\ngates: [{ gate: champion, metric: absolute_error }]', 'gates[0].metric'],
  ])('%s %s is refused at %s, once, with what would fit', (train, rest, field) => {
    const found = findings(train, rest);
    expect(found.map(finding => finding.field)).toEqual([field]);
    expect(found[0]!.hint).toMatch(train === '' ? /log_loss/ : /squared_error|rmse/);
  });
});
