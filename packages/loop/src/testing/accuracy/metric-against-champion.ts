import { formatCount, formatFigure, formatInterval, seededRng, type Verdict } from '@twinloop/kernel';
import {
  type IntervalMethod,
  mcnemarTest,
  metricDefinition,
  metricDifference,
  metricNames,
} from '@twinloop/stats';
import type { MetricGate } from '../config.js';
import { decide } from '../decide.js';
import type { GateContext } from '../gate-context.js';
import { championDataOf, metricDataOf } from './metric-data.js';
import { MIN_ROWS } from './metric-gate.js';

const CONFIDENCE = 0.95;
/** For the metrics whose interval is drawn; equal on every machine. */
const SEED = 13;
const REPLICATES = 400;

const METHODS: Readonly<Partial<Record<IntervalMethod, string>>> = {
  delong: 'DeLong (1988), paired',
  t: 'paired by row, Student t interval',
  delta: 'paired, delta method',
  bootstrap: 'paired bootstrap',
};

/** How much worse the candidate is: positive is worse, whichever way the metric counts. */
interface Loss {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly ours: number;
  readonly theirs: number;
  readonly n: number;
  readonly pValue: number;
  readonly method: string;
}

function measure(metric: string, context: GateContext, confidence: number): Loss {
  const ours = metricDataOf(context);
  const theirs = championDataOf(context);
  const sign = metricDefinition(ours.task, metric).higherIsBetter === true ? -1 : 1;
  const oriented = (interval: readonly [number, number]): Pick<Loss, 'low' | 'high'> => {
    const [a, b] = interval.map(bound => sign * bound) as [number, number];
    return { low: Math.min(a, b), high: Math.max(a, b) };
  };
  const rng = seededRng(SEED);
  const found = metricDifference(metric, ours, theirs, {
    confidence,
    rng: () => rng.next(),
    replicates: REPLICATES,
  });
  const base = { ours: found.a, theirs: found.b };
  if (metric === 'accuracy') {
    const { labels, candidate, champion, classes, championPredicted } = context;
    const side = (scores: Float64Array): Float64Array => scores.map(score => (score >= 0.5 ? 1 : 0));
    const { difference, interval, n, pMid } =
      classes === undefined
        ? mcnemarTest(labels, side(candidate), side(champion!), confidence)
        : mcnemarTest(classes.truth, classes.predicted, championPredicted!, confidence);
    const method = 'paired shares (Bonett & Price 2012), McNemar’s mid-p';
    return { value: sign * difference, ...oriented(interval), n, pValue: pMid, method, ...base };
  }
  return {
    value: sign * found.difference,
    ...oriented(found.interval),
    n: found.n,
    pValue: found.pValue,
    method: METHODS[found.method] ?? found.method,
    ...base,
  };
}

/**
 * Not worse than the champion on the same rows, by more than the tolerance: DeLong for AUC, McNemar for accuracy, the
 * paired difference of losses for their means, the paired bootstrap for the rest. Fails, unless told otherwise, only when
 * the whole interval lies beyond the tolerance, as the champion gate does.
 */
export function metricAgainstChampion(gate: MetricGate, context: GateContext): Verdict {
  const { metric, tolerance = 0, confidence = CONFIDENCE } = gate;
  const { task, labels, champion } = context;
  const name = `metric ${metric} against champion`;
  const unsure = (reason: string): Verdict => ({ gate: name, status: 'inconclusive', reason, evidence: [] });
  if (champion === undefined)
    return {
      gate: name,
      status: 'pass',
      reason: 'first model: there is no champion to compare with',
      evidence: [],
    };
  if (!metricNames(task).includes(metric)) return unsure(`${metric} is no figure of task ${task}`);
  if (labels.length < MIN_ROWS)
    return unsure(
      `only ${formatCount(labels.length)} held-out rows with both scores, ${MIN_ROWS} are needed`,
    );
  const { value, low, high, ours, theirs, n, pValue, method } = measure(metric, context, confidence);
  if (Number.isNaN(value)) return unsure(`${metric} is not defined on these rows`);
  const direction = value === 0 ? 'equal to' : value < 0 ? 'better than' : 'worse than';
  return {
    gate: name,
    status: decide({ value, low, high }, { max: tolerance }, gate.decide ?? 'harm'),
    reason: `${metric} ${formatFigure(ours)} is ${direction} the champion's ${formatFigure(theirs)} over ${formatCount(n)} held-out rows (worse by ${formatFigure(value)} ${formatInterval([low, high])}, ${formatFigure(tolerance)} is tolerated)`,
    evidence: [
      {
        statistic: `loss of ${metric} against the champion`,
        value,
        n,
        ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }),
        threshold: tolerance,
        ...(Number.isNaN(pValue) ? {} : { pValue }),
        method: `${method}, ${formatFigure(confidence * 100)} %`,
      },
    ],
  };
}
