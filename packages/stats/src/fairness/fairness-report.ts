import type { BinaryConfusion } from '../classification/binary-confusion.js';
import { requireOpenUnit, requireSameLength } from '../common/samples.js';
import { moverDifference } from '../intervals/mover.js';
import { type ConfusionMetric, confusionInterval } from '../metric-table/confusion-interval.js';
import { type IntervalOptions, type MetricInterval, metricDefinition } from '../metric-table/definitions.js';
import { type MetricData, predictionsOf } from '../metric-table/metric-data.js';
import { metricInterval } from '../metric-table/metric-interval.js';
import { metricsByGroup } from '../metric-table/metrics-by-group.js';
import { type Disparity, type DisparityOptions, disparity } from './disparity.js';
import { groupConfusions } from './group-confusions.js';

export interface FairnessOptions extends DisparityOptions, IntervalOptions {}

/** A group against all the other rows. */
export interface GroupToRest {
  /** Figure of the group minus that of the rest. */
  readonly difference: number;
  /** At confidence 1 − α/groups, so that all of them hold together. */
  readonly interval: readonly [low: number, high: number];
}

/** One metric by group. */
export interface MetricDisparity extends Disparity {
  readonly name: string;
  readonly overall: MetricInterval;
  /** By group code, each with its own interval at the asked confidence. */
  readonly groups: readonly MetricInterval[];
  /** By group code; only for metrics of predicted classes. */
  readonly toRest?: readonly GroupToRest[];
  /** Largest |group − overall| of the compared groups (Fairlearn's `difference(method="to_overall")`). */
  readonly differenceToOverall: number;
  /** Smallest of group/overall and overall/group of the compared groups. */
  readonly ratioToOverall: number;
}

/**
 * Metrics by group and their disparities, with intervals: any metric of {@link METRICS} by any attribute. Metrics of
 * predicted classes cost one pass over the rows together. Undefined figures (no rows in the denominator) are NaN and not
 * compared; Fairlearn's convention of 0 is in `metricFrame`.
 * @param groups a code a row, 0 … groupCount − 1, −1 for none (`groupCodes`, `intersectGroups`)
 */
export function fairnessReport(
  names: readonly string[],
  data: MetricData,
  groups: ArrayLike<number>,
  groupCount: number,
  options: FairnessOptions = {},
): MetricDisparity[] {
  requireOpenUnit('confidence', options.confidence ?? 0.95);
  requireSameLength('labels', data.labels, 'groups', groups);
  const isCounted = (name: string): boolean =>
    metricDefinition(data.task, name).needs === 'predictions' && data.task === 'binary';
  const counted = names.some(isCounted)
    ? groupConfusions(data.labels, predictionsOf(data), groups, groupCount)
    : undefined;
  return names.map(name =>
    isCounted(name)
      ? ofConfusions(name as ConfusionMetric, counted!.overall, counted!.groups, options)
      : ofRows(name, data, groups, groupCount, options),
  );
}

function ofConfusions(
  name: ConfusionMetric,
  overall: BinaryConfusion,
  groups: readonly BinaryConfusion[],
  options: FairnessOptions,
): MetricDisparity {
  const { confidence = 0.95 } = options;
  const at = (level: number): MetricInterval[] => groups.map(group => confusionInterval(name, group, level));
  const { figures: own, ...between } = disparity(at, options);
  const whole = confusionInterval(name, overall, confidence);
  const level = 1 - (1 - confidence) / Math.max(1, groups.length);
  const toRest = groups.map(group => {
    const rest = {
      tp: overall.tp - group.tp,
      fp: overall.fp - group.fp,
      tn: overall.tn - group.tn,
      fn: overall.fn - group.fn,
    };
    const a = confusionInterval(name, group, level);
    const b = confusionInterval(name, rest, level);
    return { difference: a.value - b.value, interval: moverDifference(a, b) };
  });
  return {
    name,
    overall: whole,
    groups: own,
    ...between,
    toRest,
    ...toOverall(whole, own, between.compared),
  };
}

function ofRows(
  name: string,
  data: MetricData,
  groups: ArrayLike<number>,
  groupCount: number,
  options: FairnessOptions,
): MetricDisparity {
  const at = (confidence: number): MetricInterval[] =>
    metricsByGroup([name], data, groups, groupCount, { ...options, confidence }).map(
      each => each.metrics[0]!,
    );
  const { figures: own, ...between } = disparity(at, options);
  const whole = metricInterval(name, data, options);
  return { name, overall: whole, groups: own, ...between, ...toOverall(whole, own, between.compared) };
}

function toOverall(
  whole: MetricInterval,
  groups: readonly MetricInterval[],
  compared: readonly number[],
): Pick<MetricDisparity, 'differenceToOverall' | 'ratioToOverall'> {
  if (compared.length === 0) return { differenceToOverall: NaN, ratioToOverall: NaN };
  let difference = 0;
  let ratio = Infinity;
  for (const g of compared) {
    const { value } = groups[g]!;
    difference = Math.max(difference, Math.abs(value - whole.value));
    ratio = Math.min(ratio, value / whole.value, whole.value / value);
  }
  return { differenceToOverall: difference, ratioToOverall: ratio };
}
