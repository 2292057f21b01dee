import type { Task } from '@twinloop/kernel';
import { comparedRates, CRITERION_NAMES } from '@twinloop/loop/testing';
import { metricDefinition, metricNames } from '@twinloop/stats';
import type { ProjectFinding } from './finding.js';
import type { ProjectConfig } from './project-config.js';
import { suggestion } from './suggestion.js';

type Gate = ProjectConfig['gates'][number];
type Said = Omit<ProjectFinding, 'path'> & { readonly at?: string };

/** Figures of the hold-out report beside the table of metrics. */
const REPORTED: Readonly<Record<Task, readonly string[]>> = {
  binary: ['n', 'base_rate', 'positives', 'in_time_auc'],
  multiclass: ['n', 'classes', 'recall'],
  regression: ['n', 'label_mean', 'label_sd', 'rmse', 'mae', 'r2', 'bias'],
};

function checkMetric(gate: Extract<Gate, { gate: 'metric' }>, task: Task): readonly Said[] {
  const said: Said[] = [];
  if (gate.min === undefined && gate.max === undefined && gate.against === undefined)
    said.push({ message: 'asks for nothing', hint: 'Add `min`, `max`, or `against: champion`.' });
  if (
    gate.against !== undefined &&
    metricNames(task).includes(gate.metric) &&
    metricDefinition(task, gate.metric).higherIsBetter === null
  )
    said.push({
      at: 'metric',
      message: `more of ${gate.metric} is neither better nor worse`,
      hint: 'Give it bounds with `min` and `max`.',
    });
  if (
    gate.against !== undefined &&
    task === 'multiclass' &&
    (gate.class !== undefined || NEED_PROBABILITIES.has(gate.metric))
  )
    said.push({
      at: 'against',
      message: `${gate.metric}${gate.class === undefined ? '' : ' of one class'} is not compared with the champion`,
      hint: 'Compare accuracy or macro_f1, or log_loss with the gate `champion`.',
    });
  if (gate.against === undefined && gate.tolerance !== undefined)
    said.push({
      at: 'tolerance',
      message: 'a tolerance is of a comparison',
      hint: 'Add `against: champion`.',
    });
  if (gate.class !== undefined && task !== 'multiclass')
    said.push({
      at: 'class',
      message: `there are no classes in a ${task} task`,
      hint: 'Declare `task: multiclass` under `train`.',
    });
  const own = gate.class === undefined ? task : 'binary';
  const names = [...metricNames(own), ...REPORTED[task]];
  if (task === 'multiclass' && gate.class === undefined && ONE_CLASS.has(gate.metric)) {
    said.push({
      message: `${gate.metric} is of one class`,
      hint: 'Add `class: <name>`, or use macro_f1 for all of them.',
    });
  } else if (!names.includes(gate.metric)) said.push(unknownMetric(gate.metric, names, task));
  return said;
}

/** Of several classes: both models may know other ones, and their probabilities cannot be laid side by side. */
const NEED_PROBABILITIES: ReadonlySet<string> = new Set(['log_loss', 'auc_ovr', 'auc_ovo']);
const ONE_CLASS: ReadonlySet<string> = new Set(['recall', 'precision', 'f1']);

function unknownMetric(metric: string, names: readonly string[], task: Task): Said {
  const near = suggestion(metric, names);
  return {
    at: 'metric',
    message: `${metric} is no figure of task ${task}`,
    hint: `${near === undefined ? '' : `Did you mean "${near}"? `}The figures of ${task}: ${names.join(', ')}.`,
  };
}

function checkBias(gate: Extract<Gate, { gate: 'bias' }>, task: Task): readonly Said[] {
  const said: Said[] = [];
  if (gate.max === undefined && gate.min === undefined)
    said.push({ message: 'asks for nothing', hint: 'Add `max` (a difference) or `min` (a ratio).' });
  if (gate.class !== undefined && task !== 'multiclass')
    said.push({ at: 'class', message: `there are no classes in a ${task} task` });
  const own = gate.class === undefined ? task : 'binary';
  const names = metricNames(own);
  const foreign = comparedRates(gate.metric).find(({ rate }) => !names.includes(rate));
  if (foreign === undefined) return said;
  if (CRITERION_NAMES.some(name => gate.metric.startsWith(name)))
    return [
      ...said,
      {
        at: 'metric',
        message: `${gate.metric} compares answers that are yes or no; task ${task} has none`,
        hint:
          task === 'multiclass'
            ? 'Say with `class` which answer counts as positive.'
            : 'Compare an error instead: mae, rmse or bias.',
      },
    ];
  return [...said, unknownMetric(gate.metric, [...names, ...CRITERION_NAMES], task)];
}

function checkCalibration(gate: Extract<Gate, { gate: 'calibration' }>, task: Task): readonly Said[] {
  const said: Said[] = [];
  if (gate.ece === undefined && gate.slope === undefined && gate.intercept === undefined)
    said.push({ message: 'asks for nothing', hint: 'Add bounds for `ece`, `slope` or `intercept`.' });
  if (task === 'regression' && gate.ece !== undefined)
    said.push({
      at: 'ece',
      message: 'a regression has no probabilities to be calibrated',
      hint: 'Bound its `slope` and `intercept`.',
    });
  return said;
}

function checkRobustness(gate: Extract<Gate, { gate: 'robustness' }>, task: Task): readonly Said[] {
  if (gate.loss === undefined && gate.flips === undefined)
    return [
      { message: 'asks for nothing', hint: 'Bound `loss` (its rise) or `flips` (a share of the answers).' },
    ];
  if (task === 'regression' && gate.flips !== undefined)
    return [{ at: 'flips', message: 'numbers have no sides to change', hint: 'Bound the rise of `loss`.' }];
  return [];
}

function check(gate: Gate, task: Task): readonly Said[] {
  switch (gate.gate) {
    case 'metric':
      return checkMetric(gate, task);
    case 'bias':
      return checkBias(gate, task);
    case 'calibration':
      return checkCalibration(gate, task);
    case 'robustness':
      return checkRobustness(gate, task);
    default:
      return [];
  }
}

/** Gates that do not fit the task, or that ask for nothing. Columns are known when data is there: the gate itself says which are missing. */
export function checkGates({
  gates,
  train,
}: Pick<ProjectConfig, 'gates' | 'train'>): readonly ProjectFinding[] {
  return gates.flatMap((gate, i) =>
    check(gate, train.task).map(({ at, ...rest }) => ({
      path: ['gates', i, ...(at === undefined ? [] : [at])],
      ...rest,
    })),
  );
}
