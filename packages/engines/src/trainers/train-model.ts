import {
  classesOf,
  classIndices,
  columnOf,
  type Json,
  type Table,
  type Task,
  TwinloopError,
} from '@twinloop/kernel';
import {
  bindFeatures,
  fitFeatures,
  type FeatureSpec,
  type ModelDocument,
  type PlannedFeature,
} from '@twinloop/model';
import { trainGbt } from './gbt/train-gbt.js';
import { trainLinear } from './linear/train-linear.js';
import { parseParameters, type BuiltinParameters } from './parameters.js';
import type { TrainingSet } from './training-set.js';

export interface TrainModelJob {
  readonly algorithm: 'linear' | 'gbt';
  readonly task: Task;
  /** Raw columns and the label; rows whose label is missing are refused. */
  readonly table: Table;
  readonly label: string;
  readonly features: FeatureSpec;
  /** See `LinearParameters` and `GbtParameters`; what is absent takes its default. */
  readonly parameters?: Json;
  readonly seed: number;
}

export interface TrainedModel {
  readonly document: ModelDocument;
  /** `rows`, and `trainLogLoss` or `trainSquaredError` on the training rows themselves: a lower bound, never an estimate. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly importance: Readonly<Record<string, number>>;
}

interface Labels {
  readonly y: Float64Array;
  readonly classes?: readonly string[];
}

const DAY = 86_400_000;

function failed(reason: string, field?: string): TwinloopError {
  return new TwinloopError('training_failed', {
    values: { run: 'of the model', reason },
    hint: 'Check the training rows: their number, their labels and their times.',
    ...(field === undefined ? {} : { field }),
  });
}

/** Values of the label, or class indices with the classes' names. */
function labelsOf(table: Table, label: string, task: Task): Labels {
  const column = columnOf(table, label);
  if (column === undefined) {
    throw new TwinloopError('dataset_column_missing', {
      field: label,
      values: {
        column: label,
        dataset: 'the training table',
        found: table.columns.map(c => c.name).join(', '),
      },
    });
  }
  if (task === 'multiclass') {
    const classes = classesOf(column);
    const y = classIndices(column, classes);
    const missing = y.indexOf(-1);
    if (missing >= 0) throw failed(`label "${label}" is missing in row ${missing}`, label);
    if (classes.length < 2) throw failed(`label "${label}" has the same value in every row`, label);
    return { y, classes };
  }
  if (column.type === 'string') throw failed(`label "${label}" is text, not a number`, label);
  const { values } = column;
  let positive = 0;
  let other = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) throw failed(`label "${label}" is missing in row ${i}`, label);
    if (value === 1) positive++;
    else if (value !== 0) other++;
  }
  if (task === 'binary') {
    if (other > 0) throw failed(`label "${label}" holds other values than 0 and 1`, label);
    if (positive === 0 || positive === values.length)
      throw failed(`label "${label}" has the same value in every row`, label);
  }
  return { y: values };
}

function decayWeights(table: Table, parameters: BuiltinParameters): Float64Array | undefined {
  const { decayHalfLifeDays: halfLife, decayTime } = parameters;
  if (halfLife === undefined) return undefined;
  const column =
    decayTime === undefined
      ? (columnOf(table, '$at') ?? table.columns.find(c => c.type === 'time'))
      : columnOf(table, decayTime);
  if (column === undefined || column.type === 'string')
    throw failed('decayHalfLifeDays needs a time column; name it with decayTime', 'parameters/decayTime');
  const { values } = column;
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! > newest) newest = values[i]!;
  return Float64Array.from(values, time => {
    if (!Number.isFinite(time)) throw failed(`time column "${column.name}" has missing values`, column.name);
    return 2 ** (-(newest - time) / (halfLife * DAY));
  });
}

function shares(names: readonly string[], amounts: Float64Array): Record<string, number> {
  let total = 0;
  for (const amount of amounts) total += amount;
  const shares: Record<string, number> = {};
  names.forEach((name, i) => (shares[name] = (shares[name] ?? 0) + (total > 0 ? amounts[i]! / total : 0)));
  return shares;
}

const wordOf = (feature: PlannedFeature) => (feature.type === 'numeric' ? feature.text : undefined);

/**
 * Trains a built-in model: fits the encoders, encodes, trains. Pure, synchronous and deterministic: same job, same bytes.
 * @throws training_failed · feature_leak · dataset_column_missing · expression_invalid · invalid_request
 */
export function trainModel(job: TrainModelJob): TrainedModel {
  const { task, table, label, seed } = job;
  const given = (job.parameters ?? {}) as { readonly [key: string]: Json };
  const parameters = parseParameters({ ...given, algorithm: job.algorithm });
  if (table.rows === 0) throw failed('there are no training rows');
  const { y, classes } = labelsOf(table, label, task);
  const plan = fitFeatures(job.features, table, { label });
  if (plan.features.length === 0) throw failed('no word stands in three of the texts');
  const x = bindFeatures(plan).encodeTable(table);
  const weights = decayWeights(table, parameters);
  const set: TrainingSet = {
    x,
    rows: table.rows,
    categories: plan.features.map(f => (f.type === 'categorical' ? f.categories.length : -1)),
    y,
    words: plan.features.filter(feature => wordOf(feature) !== undefined).length,
    ...(weights === undefined ? {} : { weights }),
    task,
    classes: classes?.length ?? 0,
  };
  // The words of a text share its name: people ask what the message tells, not each of its words.
  const names = plan.features.map(feature => wordOf(feature)?.column ?? feature.name);
  const { body, amounts, trainingLoss } = fit(set, parameters, seed);
  const importance = shares(names, amounts);
  const { algorithm, ...recorded } = parameters;
  const document: ModelDocument = {
    format: 'twinloop-model/1',
    task,
    algorithm,
    label,
    ...(classes === undefined ? {} : { classes }),
    features: plan,
    body,
    training: { rows: table.rows, seed, parameters: recorded },
    importance,
  };
  const loss = task === 'regression' ? 'trainSquaredError' : 'trainLogLoss';
  return { document, metrics: { rows: table.rows, [loss]: trainingLoss }, importance };
}

function fit(
  set: TrainingSet,
  parameters: BuiltinParameters,
  seed: number,
): { readonly body: ModelDocument['body']; readonly amounts: Float64Array; readonly trainingLoss: number } {
  if (parameters.algorithm === 'gbt') {
    const { body, gains, trainingLoss } = trainGbt(set, parameters, seed);
    return { body, amounts: gains, trainingLoss };
  }
  const { body, spread, trainingLoss } = trainLinear(set, parameters);
  return { body, amounts: spread, trainingLoss };
}
