import { requireSameLength } from '../common/samples.js';
import { type IntervalOptions, metricDefinition, type MetricInterval } from './definitions.js';
import { groupOrder } from './group-order.js';
import { type CompleteRows, completeRows, type MetricData, predictionsOf } from './metric-data.js';
import { intervalOfRows } from './metric-interval.js';

/** Metrics of one group (or slice) of the rows. */
export interface GroupMetrics {
  /** Its code. */
  readonly group: number;
  /** Rows with this code, complete or not. */
  readonly rows: number;
  /** In the order asked. */
  readonly metrics: readonly MetricInterval[];
}

/**
 * Metrics with intervals by group. `groups` has a code a row, 0 … groupCount − 1, or −1 for rows of no group; a group without
 * rows has the metrics of no rows. Rows are put together by one counting sort, whatever the number of groups. Intervals are
 * each group's own: for comparisons between groups see `disparity`.
 * @throws RangeError as metricInterval, for a code outside, or when lengths differ
 */
export function metricsByGroup(
  names: readonly string[],
  data: MetricData,
  groups: ArrayLike<number>,
  groupCount: number,
  options: IntervalOptions = {},
): GroupMetrics[] {
  requireSameLength('labels', data.labels, 'groups', groups);
  const { order, starts } = groupOrder(groups, groupCount);
  const sorted = gather(data, order, names);
  // Each kind of column is completed once a group, however many metrics need it.
  return Array.from({ length: groupCount }, (_, group) => {
    const part = slice(sorted, starts[group]!, starts[group + 1]!);
    const complete = new Map<string, CompleteRows>();
    const metrics = names.map(name => {
      const { needs } = metricDefinition(data.task, name);
      const rows = complete.get(needs) ?? completeRows(part, needs);
      complete.set(needs, rows);
      return intervalOfRows(name, part, rows, options);
    });
    return { group, rows: starts[group + 1]! - starts[group]!, metrics };
  });
}

function gathered(values: ArrayLike<number>, order: Uint32Array, width = 1): Float64Array {
  const out = new Float64Array(order.length * width);
  for (let i = 0; i < order.length; i++)
    for (let c = 0; c < width; c++) out[i * width + c] = values[order[i]! * width + c]!;
  return out;
}

/** The columns that the metrics need, in the order of the groups. */
function gather(data: MetricData, order: Uint32Array, names: readonly string[]): MetricData {
  const needed = new Set(names.map(name => metricDefinition(data.task, name).needs));
  const labels = gathered(data.labels, order);
  const predictions = needed.has('predictions') ? gathered(predictionsOf(data), order) : undefined;
  if (data.task === 'regression')
    return { task: 'regression', labels, predictions: predictions ?? gathered(data.predictions, order) };
  const given = predictions === undefined ? {} : { predictions };
  if (data.task === 'binary')
    return needed.has('scores') && data.scores !== undefined
      ? { task: 'binary', labels, scores: gathered(data.scores, order), ...given }
      : { task: 'binary', labels, ...given };
  const { classes, probabilities } = data;
  return needed.has('scores') && probabilities !== undefined
    ? {
        task: 'multiclass',
        labels,
        classes,
        probabilities: gathered(probabilities, order, classes),
        ...given,
      }
    : { task: 'multiclass', labels, classes, ...given };
}

function slice(data: MetricData, start: number, end: number): MetricData {
  const cut = (values: ArrayLike<number>, width = 1): Float64Array =>
    (values as Float64Array).subarray(start * width, end * width);
  const labels = cut(data.labels);
  if (data.task === 'regression') return { task: 'regression', labels, predictions: cut(data.predictions) };
  const predictions = data.predictions === undefined ? {} : { predictions: cut(data.predictions) };
  if (data.task === 'binary')
    return data.scores === undefined
      ? { task: 'binary', labels, ...predictions }
      : { task: 'binary', labels, scores: cut(data.scores), ...predictions };
  const { classes, probabilities } = data;
  return probabilities === undefined
    ? { task: 'multiclass', labels, classes, ...predictions }
    : { task: 'multiclass', labels, classes, probabilities: cut(probabilities, classes), ...predictions };
}
