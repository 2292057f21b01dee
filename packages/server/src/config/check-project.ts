import { Cron } from 'croner';
import { TwinloopError } from '@twinloop/kernel';
import { ruleProblem } from '@twinloop/loop/data';
import { parseExpression } from '@twinloop/model';
import { parseTime } from '../runtime/zoned-time.js';
import { checkByTask } from './by-task.js';
import { checkChannels } from './check-channels.js';
import { checkClasses } from './check-classes.js';
import { checkGates } from './check-gates.js';
import type { ProjectConfig } from './project-config.js';
import type { ProjectFinding } from './finding.js';
import { suggestion } from './suggestion.js';

export type { ProjectFinding };

/** The dataset that is trained on: the one named, or the only one with a label. */
export function trainingDataset(config: Pick<ProjectConfig, 'train' | 'datasets'>): string | undefined {
  if (config.train.dataset !== undefined) return config.train.dataset;
  const labelled = Object.keys(config.datasets).filter(name => config.datasets[name]!.label !== undefined);
  return labelled.length === 1 ? labelled[0] : undefined;
}

/** The dataset that live rows are held against, and whose label outcomes report: the one trained on, or the only one there is. */
export function referenceDataset(config: ProjectConfig): string | undefined {
  const names = Object.keys(config.datasets);
  return trainingDataset(config) ?? (names.length === 1 ? names[0] : undefined);
}

function validZone(zone: string): boolean {
  try {
    // The list of supported values holds one name of each zone only: Asia/Kolkata is not on it where Asia/Calcutta is.
    return zone.includes('/') || zone === 'UTC'
      ? new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
      : false;
  } catch {
    return false;
  }
}

/** Whether the project says how a model is built. */
export function trains(config: ProjectConfig): boolean {
  return config.train.candidates.algorithms.length > 0;
}

export function servedElsewhere(config: ProjectConfig): boolean {
  return config.endpoint?.served === 'elsewhere';
}

/** A model served elsewhere is held against one dataset, whose label names the outcomes. */
function checkElsewhere(config: ProjectConfig): readonly ProjectFinding[] {
  const reference = referenceDataset(config);
  if (reference === undefined)
    return [
      {
        path: ['datasets'],
        message: 'no dataset to hold predictions against',
        hint: 'Declare `label` on the one that the model was trained on.',
      },
    ];
  if (config.datasets[reference]?.label !== undefined) return [];
  return [
    {
      path: ['datasets', reference],
      message: 'the reference dataset has no label',
      hint: 'Add `label: { column: … }`, with `available: never` if no outcome is ever known.',
    },
  ];
}

/** What a schema cannot say: names that must exist, kinds that this release does not run. */
export function checkProject(config: ProjectConfig): readonly ProjectFinding[] {
  const findings: ProjectFinding[] = [];
  const datasets = Object.keys(config.datasets);
  const known = (path: readonly (string | number)[], name: string): void => {
    if (datasets.includes(name)) return;
    const near = suggestion(name, datasets);
    findings.push({
      path,
      message: `no dataset "${name}"`,
      hint: near === undefined ? `Declared: ${datasets.join(', ')}.` : `Did you mean "${near}"?`,
    });
  };
  const says = (path: readonly (string | number)[], read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      const hint = error instanceof TwinloopError ? error.hint : undefined;
      findings.push({
        path,
        message: error instanceof Error ? error.message : String(error),
        ...(hint === undefined ? {} : { hint }),
      });
    }
  };
  if (!validZone(config.timezone))
    findings.push({
      path: ['timezone'],
      message: `"${config.timezone}" is not an IANA time zone`,
      hint: 'For example Europe/Zurich or UTC.',
    });
  for (const name of Object.keys(config.expectations)) known(['expectations', name], name);
  for (const kind of ['joins', 'aggregates'] as const)
    for (const [i, { dataset }] of config.lookups[kind].entries())
      known(['features', kind, i, 'dataset'], dataset);
  for (const [name, text] of Object.entries(config.features.derive ?? {}))
    says(['features', 'derive', name], () => parseExpression(text));
  for (const [name, dataset] of Object.entries(config.datasets))
    for (const bound of ['from', 'until'] as const) {
      const time = dataset[bound];
      if (time !== undefined && validZone(config.timezone))
        says(['datasets', name, bound], () => parseTime(time, config.timezone));
    }
  const { schedule } = config.policy;
  if (schedule !== undefined)
    says(['policy', 'schedule'], () => new Cron(schedule, { timezone: 'UTC', paused: true }));
  for (const [i, batch] of config.batch.entries()) {
    says(['batch', i, 'schedule'], () => new Cron(batch.schedule, { timezone: 'UTC', paused: true }));
    if (config.batch.findIndex(({ name }) => name === batch.name) < i)
      findings.push({ path: ['batch', i, 'name'], message: `there are two batches "${batch.name}"` });
  }
  for (const [name, rules] of Object.entries(config.expectations))
    for (const [i, rule] of rules.entries()) {
      const dataset = config.datasets[name];
      const problem = dataset && ruleProblem(rule, dataset, config.datasets);
      if (problem !== undefined)
        findings.push({ path: ['expectations', name, i, problem.field], message: problem.message });
    }
  findings.push(...checkChannels(config.notify ?? []));
  const training = trainingDataset(config);
  if (config.endpoint?.served === 'elsewhere') findings.push(...checkElsewhere(config));
  else if (!trains(config))
    findings.push({
      path: [],
      message: '"train" is missing',
      hint: 'Say how a model is built, or that it is served elsewhere: `endpoint: { served: elsewhere }`.',
    });
  if (trains(config) && training === undefined) {
    findings.push({
      path: ['train'],
      message: 'no dataset to train on',
      hint: 'Declare `label` on one dataset, or name it in `train.dataset`.',
    });
  } else if (trains(config) && training !== undefined) {
    known(['train', 'dataset'], training);
    const dataset = config.datasets[training];
    if (dataset !== undefined && dataset.label === undefined)
      findings.push({
        path: ['datasets', training],
        message: 'the training dataset has no label',
        hint: 'Add `label: { column: … }`.',
      });
    if (dataset !== undefined && dataset.time === undefined && dataset.undated !== true)
      findings.push({
        path: ['datasets', training],
        message: 'the training dataset has no time',
        hint: 'Add `time: <column>`; hold-outs are ordered by it. Where no column says it: `time: { order: rows }`.',
      });
  }
  findings.push(...checkClasses(config), ...checkGates(config));
  const algorithms = config.train.candidates.algorithms;
  if (config.train.first !== undefined && !algorithms.includes(config.train.first)) {
    findings.push({
      path: ['train', 'first'],
      message: `"${config.train.first}" is not a candidate`,
      hint: `Candidates: ${algorithms.join(', ')}.`,
    });
  }
  for (const [i, algorithm] of algorithms.entries()) {
    if (!['linear', 'gbt', 'command'].includes(algorithm))
      findings.push({
        path: ['train', 'candidates', 'algorithms', i],
        message: `no trainer "${algorithm}"`,
        hint: 'Trainers: linear, gbt, command.',
      });
    if (algorithm === 'command' && config.train.command === undefined)
      findings.push({ path: ['train'], message: 'candidate "command" needs `train.command`' });
  }
  for (const [name, variant] of Object.entries(config.endpoint?.variants ?? {})) {
    if (variant.kind !== 'model')
      findings.push({
        path: ['endpoint', 'variants', name, 'kind'],
        message: `variants of kind "${variant.kind}" are not served by this release`,
        hint: 'Use kind: model.',
      });
  }
  return [...findings, ...checkByTask(config)];
}

/** Whether applying this project lets the server start a program of the project's own. */
export function runsCommands(config: ProjectConfig): boolean {
  return config.train.test !== undefined || config.train.command !== undefined;
}
