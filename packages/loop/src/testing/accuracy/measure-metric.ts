import { formatFigure, seededRng } from '@twinloop/kernel';
import {
  lossesOf,
  meanInterval,
  metricDefinition,
  metricInterval,
  metricNames,
  type IntervalMethod,
  type MetricData,
} from '@twinloop/stats';
import type { MetricGate } from '../config.js';
import type { GateContext } from '../gate-context.js';
import { metricDataOf, oneClass, withProbabilities } from './metric-data.js';

export interface Measured {
  readonly value: number;
  /** Absent where no method is sound. */
  readonly interval?: readonly [number, number];
  readonly n: number;
  readonly method: string;
}

/** For the metrics whose interval is drawn; equal on every machine. */
const SEED = 7;
const REPLICATES = 400;

const METHODS: Readonly<Record<IntervalMethod, string>> = {
  wilson: 'share of rows, Wilson interval',
  mover: 'mean of shares, MOVER interval',
  delta: 'delta method',
  delong: 'DeLong interval',
  t: 'mean over rows, Student t interval',
  fisher_z: 'interval on Fisher’s z',
  order_statistics: 'interval of order statistics',
  bootstrap: 'bootstrapped interval',
  none: 'hold-out report',
};

/** Which rows a metric is of, and how sure it is. Undefined for a metric that the task does not have. */
export async function measureMetric(
  { metric, class: of }: Pick<MetricGate, 'metric' | 'class'>,
  context: GateContext,
  confidence: number,
): Promise<Measured | undefined> {
  const words = `${formatFigure(confidence * 100)} %`;
  if (context.task === 'multiclass' && metric === 'log_loss') {
    // The probability of the class that came is all that it needs, and that is at hand.
    const { n, mean, low, high } = meanInterval(
      lossesOf('log_loss', context.labels, context.candidate),
      confidence,
    );
    return { value: mean, interval: [low, high], n, method: `${METHODS.t}, ${words}` };
  }
  const data = of === undefined ? metricDataOf(context) : oneClass(context, of);
  if (data === undefined || !metricNames(data.task).includes(metric)) return undefined;
  return intervalOf(metric, await complete(metric, data, context), confidence, of);
}

async function complete(metric: string, data: MetricData, { held }: GateContext): Promise<MetricData> {
  const scores = metricDefinition(data.task, metric).needs === 'scores';
  return scores && held !== undefined ? withProbabilities(data, held) : data;
}

function intervalOf(metric: string, data: MetricData, confidence: number, of: string | undefined): Measured {
  const rng = seededRng(SEED);
  const found = metricInterval(metric, data, { confidence, rng: () => rng.next(), replicates: REPLICATES });
  const { value, n, interval, method } = found;
  const told = `${METHODS[method]}, ${formatFigure(confidence * 100)} %`;
  return {
    value,
    n,
    ...(Number.isNaN(interval[0]) || Number.isNaN(interval[1]) ? {} : { interval }),
    method: of === undefined ? told : told.replace('of rows', `of the rows of ${of}`),
  };
}
