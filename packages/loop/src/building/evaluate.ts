import {
  classesOf,
  classIndices,
  columnOf,
  formatCount,
  formatFigure,
  formatShare,
  numbers,
  probabilityOfTruth,
  type Table,
  takeRows,
  type Task,
  TwinloopError,
} from '@twinloop/kernel';
import {
  baseRate,
  binaryReport,
  classReport,
  likeliest,
  logLoss,
  moments,
  regressionReport,
} from '@twinloop/stats';
import type { JudgedCandidate, OpenModel } from './ports.js';

/** More values are hardly classes, and each costs a model of its own. */
const MOST_CLASSES = 200;
/** Values that an error names. */
const SHOWN = 10;

/** The rows whose label is known. @throws dataset_column_missing · invalid_request when the label does not fit the task */
export function labelledRows(table: Table, label: string, task: Task): { table: Table; kept: Int32Array } {
  const column = columnOf(table, label);
  if (column === undefined) {
    throw new TwinloopError('dataset_column_missing', {
      field: label,
      values: {
        column: label,
        dataset: 'the rows to train on',
        found: table.columns.map(({ name }) => name).join(', '),
      },
    });
  }
  const wrong = (reason: string, hint?: string): TwinloopError =>
    new TwinloopError('invalid_request', {
      field: label,
      values: { reason: `label ${label} ${reason}` },
      ...(hint === undefined ? {} : { hint }),
    });
  const kept: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    const value = column.values[row]!;
    if (value !== null && !Number.isNaN(value)) kept.push(row);
  }
  const indices = Int32Array.from(kept);
  const labelled = { table: kept.length === table.rows ? table : takeRows(table, indices), kept: indices };
  if (task === 'regression') {
    if (column.type === 'string') throw wrong('is text; numbers are expected');
    const endless = kept.find(row => !Number.isFinite(column.values[row]));
    if (endless === undefined) return labelled;
    throw wrong(`holds ${formatFigure(column.values[endless]!)} where a finite number is expected`);
  }
  const classes = classesOf(column);
  if (task === 'multiclass') {
    if (classes.length <= MOST_CLASSES) return labelled;
    throw wrong(
      `has ${formatCount(classes.length)} values; ${formatCount(MOST_CLASSES)} classes at most are learned`,
      'A quantity is predicted with `task: regression`.',
    );
  }
  if (column.type !== 'string' && column.values.every(v => v === 0 || v === 1 || Number.isNaN(v)))
    return labelled;
  const shown = classes.slice(0, SHOWN).map(name => JSON.stringify(name));
  const told = `${shown.join(', ')}${classes.length > SHOWN ? ', …' : ''}`;
  if (classes.length > 2) {
    throw wrong(
      `has ${formatCount(classes.length)} values (${told}) where a binary task has two`,
      'Declare `task: multiclass` under `train` to predict which of them comes.',
    );
  }
  throw wrong(
    `holds ${told} where 0 or 1 is expected`,
    `Name the value that counts as 1: \`label: { column: ${label}, positive: ${classes.at(-1)} }\`.`,
  );
}

/** A model's answers on labelled rows, as the gates and cards see them. */
export type Answers = Pick<JudgedCandidate, 'labels' | 'scores' | 'classes' | 'metrics'>;

/** Asks a model about labelled rows and measures it, under the names that gates and cards use. @throws invalid_request for a multi-class task whose model does not name its classes */
export async function measure(model: OpenModel, rows: Table, label: string, task: Task): Promise<Answers> {
  const answers = await model.predict(rows);
  if (task !== 'multiclass') {
    const labels = numbers(rows, label);
    const metrics =
      task === 'regression'
        ? { ...regressionReport(labels, answers), label_mean: baseRate(labels), label_sd: deviation(labels) }
        : { ...binaryReport(labels, answers), base_rate: baseRate(labels) };
    return { labels, scores: answers, metrics };
  }
  const { classes } = model;
  if (classes === undefined) {
    throw new TwinloopError('invalid_request', {
      field: 'train.task',
      values: { reason: 'the model does not say which class each of its outputs is' },
      hint: 'Several classes are learned by the trainers linear and gbt.',
    });
  }
  const truth = columnOf(rows, label)!;
  const k = classes.length;
  const names = [...classes, ...classesOf(truth).filter(name => !classes.includes(name))];
  const indices = classIndices(truth, names);
  const report = classReport(indices, answers, k);
  const { n, accuracy, macro_f1 } = report;
  const scores = probabilityOfTruth(answers, classes, truth);
  const labels = new Float64Array(rows.rows).fill(1);
  return {
    labels,
    scores,
    classes: { names, truth: indices, predicted: indices.map((_, row) => likeliest(answers, row * k, k)) },
    metrics: {
      n,
      log_loss: logLoss(labels, scores, 2 ** -52),
      accuracy,
      macro_f1,
      classes: k,
      ...Object.fromEntries(names.map((name, c) => [`recall/${name}`, report.recall[c]!])),
    },
  };
}

/** Tolerances of a regression count in this unit. */
function deviation(labels: Float64Array): number {
  const { n, variance } = moments(labels);
  return n < 2 ? Number.NaN : Math.sqrt(variance);
}

/** `log loss 0.421, AUC 0.702 on 1,837 held-out rows`. */
export function metricsInWords(task: Task, metrics: Readonly<Record<string, number>>): string {
  const figure = (name: string): string => formatFigure(metrics[name] ?? Number.NaN);
  const told =
    task === 'regression'
      ? `RMSE ${figure('rmse')}, R² ${figure('r2')}`
      : task === 'multiclass'
        ? `log loss ${figure('log_loss')}, accuracy ${formatShare(metrics.accuracy ?? Number.NaN)}, macro-F1 ${figure('macro_f1')}`
        : `log loss ${figure('log_loss')}, AUC ${figure('auc')}`;
  return `${told} on ${formatCount(metrics.n ?? 0)} held-out rows`;
}
