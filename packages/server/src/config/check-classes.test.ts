import { describe, expect, it } from 'vitest';
import { loadProject } from './load-project.js';

const yaml = (
  more: { train?: string; gates?: string; tail?: string; label?: string } = {},
): string => `project: tickets
datasets:
  tickets: { source: t.csv, key: id, time: opened, label: { column: team${more.label ?? ''} } }
features: { inputs: [message], text: [{ column: message }] }
train: { task: multiclass, candidates: { algorithms: ${more.train ?? '[linear, gbt]'} } }
gates: ${more.gates ?? '[]'}
endpoint: { name: team, rollout: { metric: log_loss } }
${more.tail ?? ''}`;

const said = (text: string): string => {
  try {
    loadProject(text, '/');
    return '';
  } catch (error) {
    return JSON.stringify((error as { details: unknown }).details);
  }
};

describe('a project of several classes', () => {
  it('is accepted, with 300 words by default, guarded by what can be told of classes', () => {
    const { config } = loadProject(yaml(), '/');
    expect(config.features.text).toEqual([{ column: 'message', words: 300 }]);
    expect(config.endpoint!.rollout.guardrails.calibration).toBe(Number.POSITIVE_INFINITY);
    expect(config.endpoint!.rollout.rollback.hold).toBe(false);
  });

  it.each([
    ['another loss of the rollout', yaml().replace('metric: log_loss', 'metric: brier'), 'brier'],
    [
      'another loss of the champion gate',
      yaml({ gates: '[{ gate: champion, metric: squared_error }]' }),
      'squared_error',
    ],
    [
      'recall of nothing',
      yaml({ gates: '[{ gate: metric, metric: recall, min: 0.5 }]' }),
      'recall is of one class',
    ],
    ['a command', yaml({ train: '[command]' }), 'cannot name the classes'],
    ['a positive value', yaml({ label: ', positive: billing' }), 'none is the positive one'],
    [
      'a class of a binary task',
      yaml({ gates: '[{ gate: metric, metric: auc, class: a }]' }).replace('multiclass', 'binary'),
      'no classes in a binary task',
    ],
  ])('with %s is refused', (_, text, message) => expect(said(text)).toContain(message));
});
