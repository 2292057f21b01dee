import {
  formatCount,
  formatFigure,
  formatInterval,
  formatShare,
  type Evidence,
  type Verdict,
} from '@twinloop/kernel';
import { meanInterval, rocAucInterval, wilson } from '@twinloop/stats';
import type { GateConfig } from './config.js';
import type { GateContext } from './gate-context.js';
import { isLoss, lossesOf } from './losses.js';

type MetricGate = Extract<GateConfig, { readonly gate: 'metric' }>;

/** Below that many held-out rows a figure is not evidence. */
export const MIN_ROWS = 50;

const CONFIDENCE = 0.95;

interface Measured {
  readonly interval?: readonly [number, number];
  readonly method: string;
}

/** How sure the figure is, where the field has an interval for it. */
function measure(metric: string, context: GateContext): Measured {
  const { labels, candidate } = context;
  if (metric === 'auc') {
    const { low, high } = rocAucInterval(labels, candidate, CONFIDENCE);
    return { interval: [low, high], method: 'ROC AUC, DeLong interval, 95 %' };
  }
  if (metric === 'accuracy') {
    const right = labels.reduce(
      (sum, label, row) => sum + ((candidate[row]! >= 0.5 ? 1 : 0) === label ? 1 : 0),
      0,
    );
    const [low, high] = wilson(right, labels.length, CONFIDENCE);
    return { interval: [low, high], method: 'share of rows, Wilson interval, 95 %' };
  }
  const loss = metric === 'mae' ? 'absolute_error' : metric;
  if (isLoss(loss)) {
    const { low, high } = meanInterval(lossesOf(loss, labels, candidate), CONFIDENCE);
    return { interval: [low, high], method: 'mean over rows, Student t interval, 95 %' };
  }
  return { method: 'hold-out report' };
}

function boundsInWords({ min, max }: MetricGate): string {
  if (min !== undefined && max !== undefined) return `between ${formatFigure(min)} and ${formatFigure(max)}`;
  return min !== undefined ? `at least ${formatFigure(min)}` : `at most ${formatFigure(max ?? Number.NaN)}`;
}

/** Passes when the point estimate lies within the bounds; its interval is shown beside it. Too few rows, one class, or an undefined figure are inconclusive. */
export function metricGate(gate: MetricGate, context: GateContext): Verdict {
  const { labels, metrics } = context;
  const n = labels.length;
  const value = metrics[gate.metric] ?? Number.NaN;
  const name = `metric ${gate.metric}`;
  const threshold = gate.min ?? gate.max;
  const evidence = ({ interval, method }: Measured): readonly Evidence[] => [
    {
      statistic: gate.metric,
      value,
      n,
      ...(interval === undefined ? {} : { interval }),
      ...(threshold === undefined ? {} : { threshold }),
      method,
    },
  ];
  const unsure = (reason: string): Verdict => ({
    gate: name,
    status: 'inconclusive',
    reason,
    evidence: Number.isFinite(value) ? evidence({ method: 'hold-out report' }) : [],
  });
  if (n < MIN_ROWS) return unsure(`only ${formatCount(n)} held-out rows, ${MIN_ROWS} are needed`);
  if (context.task === 'binary') {
    const positives = labels.reduce((sum, label) => sum + label, 0);
    if (positives === 0 || positives === n) {
      return unsure(
        `all ${formatCount(n)} held-out rows have the same label, so ${gate.metric} says nothing`,
      );
    }
  }
  if (!Number.isFinite(value)) {
    return unsure(`${gate.metric} is not defined here; the report has ${Object.keys(metrics).join(', ')}`);
  }
  const inside =
    value >= (gate.min ?? Number.NEGATIVE_INFINITY) && value <= (gate.max ?? Number.POSITIVE_INFINITY);
  const measured = measure(gate.metric, context);
  const shown = gate.metric === 'accuracy' ? formatShare(value) : formatFigure(value);
  const sure = measured.interval === undefined ? '' : ` ${formatInterval(measured.interval)}`;
  return {
    gate: name,
    status: inside ? 'pass' : 'fail',
    reason: `${gate.metric} is ${shown}${sure} over ${formatCount(n)} held-out rows, ${boundsInWords(gate)} is asked`,
    evidence: evidence(measured),
  };
}
