import { describe, expect, it } from 'vitest';
import { checkGates } from './check-gates.js';

const say = (task: string, ...gates: object[]): string[] =>
  checkGates({ gates, train: { task } } as never).map(
    ({ path, message, hint }) => `${path.join('.')}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );

describe('gates and tasks', () => {
  it.each<[string, string, object, RegExp | undefined]>([
    ['any metric of the table', 'binary', { gate: 'metric', metric: 'mcc', min: 0 }, undefined],
    ['a figure of the report', 'binary', { gate: 'metric', metric: 'in_time_auc', min: 0 }, undefined],
    ['a typing error', 'binary', { gate: 'metric', metric: 'acuracy', min: 0 }, /Did you mean "accuracy"/],
    [
      'of another task',
      'regression',
      { gate: 'metric', metric: 'auc', min: 0 },
      /auc is no figure of task regression/,
    ],
    ['nothing asked', 'binary', { gate: 'metric', metric: 'auc' }, /asks for nothing/],
    [
      'no better way',
      'regression',
      { gate: 'metric', metric: 'bias', against: 'champion' },
      /neither better nor worse/,
    ],
    ['recall of all', 'multiclass', { gate: 'metric', metric: 'recall', min: 0 }, /recall is of one class/],
    ['recall of one', 'multiclass', { gate: 'metric', metric: 'recall', class: 'a', min: 0 }, undefined],
    ['a criterion', 'binary', { gate: 'bias', metric: 'equalized_odds_difference', max: 0.1 }, undefined],
    ['a metric by group', 'regression', { gate: 'bias', metric: 'mae', max: 1 }, undefined],
    [
      'yes or no of minutes',
      'regression',
      { gate: 'bias', metric: 'equal_opportunity', max: 1 },
      /Compare an error instead/,
    ],
    [
      'yes or no of classes',
      'multiclass',
      { gate: 'bias', metric: 'equal_opportunity', max: 1 },
      /Say with `class`/,
    ],
    [
      'of one class',
      'multiclass',
      { gate: 'bias', metric: 'equal_opportunity', class: 'a', max: 1 },
      undefined,
    ],
    ['no limit', 'binary', { gate: 'bias', metric: 'equal_opportunity' }, /Add `max`/],
    ['ece of minutes', 'regression', { gate: 'calibration', ece: { max: 0.1 } }, /no probabilities/],
    ['slope of minutes', 'regression', { gate: 'calibration', slope: { min: 0.5 } }, undefined],
    ['flips of minutes', 'regression', { gate: 'robustness', flips: 0.1 }, /no sides to change/],
    ['no bound', 'binary', { gate: 'robustness' }, /asks for nothing/],
    ['fuzz of anything', 'regression', { gate: 'fuzz' }, undefined],
  ])('%s', (_case, task, gate, finding) => {
    const said = say(task, gate);
    if (finding === undefined) expect(said).toEqual([]);
    else expect(said.join('\n')).toMatch(finding);
  });

  it('names the place', () => {
    expect(say('regression', { gate: 'fuzz' }, { gate: 'calibration', ece: { max: 1 } })[0]).toMatch(
      /^gates\.1\.ece: /,
    );
  });
});
