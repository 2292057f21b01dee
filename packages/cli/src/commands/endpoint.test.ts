import type { EndpointDetail, MonitorsView, RolloutView } from '@twinloop/client';
import { describe, expect, it } from 'vitest';
import { describeEndpoint, describeMonitors } from './endpoint.js';

const rollout: RolloutView = {
  rollout: 'rollout-2',
  champion: 'late@a',
  challenger: 'late@b',
  startedAt: 0,
  endedAt: null,
  strategy: 'shadow',
  metric: 'log_loss',
  steps: [],
  stage: null,
  guardrails: [],
  status: 'open',
  reason: null,
  evidence: {
    statistic: 'mean difference',
    value: 0.0123,
    interval: [-0.001, 0.0256],
    n: 1234,
    method: 'confidence sequence',
  },
  curve: [],
  labelsToDecision: 800,
};
const detail: EndpointDetail = {
  endpoint: 'late',
  champion: { model: 'late@a', version: 3, algorithm: 'linear', since: 0 },
  challenger: { model: 'late@b', algorithm: 'gbt', since: 864e5, rollout: 'rollout-2' },
  loss30d: { metric: 'log_loss', title: 'log loss', value: 0.5, n: 1200, unit: null },
  kind: 'model',
  logging: 'required',
  inputs: [],
  rollout,
  split: [],
  watch: null,
  rollsBackTo: null,
  history: [],
  traffic: { requests: 10_083, p50Ms: 0.06, p99Ms: 4.2, errors: 1 },
  curl: 'curl …',
};

describe('an endpoint in text', () => {
  it('shows who answers, who tries, the evidence and the traffic', () => {
    expect(describeEndpoint(detail).split('\n')).toEqual([
      'endpoint late (model, logging required)',
      'champion   late@a, version 3, linear, since 1970-01-01 00:00Z',
      'challenger late@b, gbt, in shadow since 1970-01-02 00:00Z',
      'evidence   log loss difference 0.012 [−0.001, 0.026] over 1,234 labels',
      '           about 800 more labels to a decision at this effect',
      'traffic    10,083 requests since the start, 1 error, median 0.06 ms, p99 4.20 ms',
      '',
      'curl …',
    ]);
  });

  it('does not show an unbounded interval as numbers', () => {
    const early = {
      ...rollout,
      evidence: { ...rollout.evidence!, interval: [-Infinity, Infinity] as const },
    };
    expect(describeEndpoint({ ...detail, rollout: early })).toContain(
      '0.012 no interval yet over 1,234 labels',
    );
    expect(describeEndpoint({ ...detail, rollout: { ...rollout, evidence: null } })).toContain(
      'no paired labels yet',
    );
  });

  it('says so when nothing is in service', () => {
    const empty = describeEndpoint({ ...detail, champion: null, challenger: null, rollout: null });
    expect(empty).toContain('no model in service');
    expect(empty).not.toContain('challenger');
  });
});

const view: MonitorsView = {
  endpoint: 'late',
  task: 'binary',
  loss: { metric: 'log_loss', title: 'log loss', unit: null },
  reference: { model: 'late@a', rows: 9186 },
  drift: [],
  quality: [],
  baselines: [],
  alarms: [],
};
const shift = {
  feature: 'temp',
  type: 'numeric',
  importance: 0.1,
  effect: 0.53,
  tolerance: 0.1,
  adjustedP: 1e-50,
  n: 2320,
  drifted: true,
  sentence: 'temp moved',
  history: [],
  distribution: { labels: [], reference: [], current: [] },
} as const;

describe('monitors in text', () => {
  it('mark what drifted, and only that is explained', () => {
    const lines = describeMonitors({
      ...view,
      drift: [shift, { ...shift, feature: 'hour', drifted: false, adjustedP: null, sentence: 'hour moved' }],
    }).split('\n');
    expect(lines[0]).toBe('inputs of late against 9,186 training rows of late@a');
    expect(lines[3]).toMatch(/^temp .* <1e-6 +2320 +DRIFT +temp moved$/);
    expect(lines[4]).toMatch(/^hour .* – +2320$/);
  });

  it('keep the newest windows, and name open alarms with their answer', () => {
    const point = {
      from: 0,
      n: 1000,
      loss: 0.5,
      low: 0.4,
      high: 0.6,
      auc: null,
      observed: 0.2,
      predicted: 0.2,
    };
    const text = describeMonitors({
      ...view,
      quality: Array.from({ length: 20 }, (_, i) => ({ ...point, until: i * 6048e5 })),
      alarms: [
        {
          alarm: 'a',
          kind: 'model-drift',
          at: 0,
          sentence: 'log loss rose',
          signals: [],
          answer: 'retrain',
          open: true,
        },
        { alarm: 'b', kind: 'data-drift', at: 0, sentence: 'gone', signals: [], answer: null, open: false },
      ],
    });
    expect(text.match(/1970-\d\d-\d\d 00:00Z +1000/g)).toHaveLength(12);
    expect(text).toContain('1 open alarm\n  1970-01-01 00:00Z  log loss rose → retrain');
    expect(text).not.toContain('gone');
  });

  it('show a regression in the unit of its label', () => {
    const text = describeMonitors({
      ...view,
      task: 'regression',
      loss: { metric: 'rmse', title: 'RMSE', unit: 'minutes' },
      quality: [
        {
          from: 0,
          until: 1,
          n: 900,
          loss: 31.24,
          low: 29.1,
          high: 33.3,
          auc: null,
          observed: 7.25,
          predicted: -1.5,
        },
      ],
      baselines: [{ name: 'loop', title: 'the loop', mean: 31.0004, months: [] }],
    });
    expect(text).toContain('RMSE (minutes)');
    expect(text).toMatch(/900 +31\.24 +\[29\.1\d*, 33\.3\d*\] +– +7\.250 +−1\.500/);
    expect(text).toContain('mean RMSE (minutes) of the months');
  });
});
