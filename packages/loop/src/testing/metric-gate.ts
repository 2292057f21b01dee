import {
  formatCount,
  formatFigure,
  formatInterval,
  formatShare,
  type Evidence,
  type Verdict,
} from '@twinloop/kernel';
import { isLoss, lossesOf, meanInterval, rocAucInterval, wilson } from '@twinloop/stats';
import type { GateConfig } from './config.js';
import type { GateContext } from './gate-context.js';

type MetricGate = Extract<GateConfig, { readonly gate: 'metric' }>;

/** Below that many held-out rows a figure is not evidence. */
export const MIN_ROWS = 50;

const CONFIDENCE = 0.95;

interface Measured {
  readonly interval?: readonly [number, number];
  /** Rows that it rests on, when not all. */
  readonly n?: number;
  readonly method: string;
}

/** How sure the figure is, where the field has an interval for it. */
function measure({ metric, class: of }: MetricGate, context: GateContext): Measured {
  const { labels, candidate, classes } = context;
  if (classes !== undefined && (metric === 'accuracy' || metric === 'recall')) {
    const own = metric === 'recall' ? classes.names.indexOf(of ?? '') : -1;
    const asked = classes.truth.map((truth, row) =>
      own >= 0 && truth !== own ? -1 : truth === classes.predicted[row] ? 1 : 0,
    );
    const rows = asked.reduce((sum, right) => sum + (right < 0 ? 0 : 1), 0);
    const right = asked.reduce((sum, one) => sum + (one === 1 ? 1 : 0), 0);
    const [low, high] = wilson(right, rows, CONFIDENCE);
    const method = `share of ${own < 0 ? 'rows' : `the rows of ${of}`}, Wilson interval, 95 %`;
    return { interval: [low, high], n: rows, method };
  }
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
  if (metric === 'rmse') {
    const { low, high } = meanInterval(lossesOf('squared_error', labels, candidate), CONFIDENCE);
    return {
      interval: [Math.sqrt(Math.max(0, low)), Math.sqrt(high)],
      method: 'root of the mean over rows, Student t interval, 95 %',
    };
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
  const key = gate.class === undefined ? gate.metric : `${gate.metric}/${gate.class}`;
  const value = metrics[key] ?? Number.NaN;
  const title = gate.class === undefined ? gate.metric : `${gate.metric} of ${gate.class}`;
  const name = `metric ${title}`;
  const threshold = gate.min ?? gate.max;
  const evidence = ({ interval, method, n: own }: Measured): readonly Evidence[] => [
    {
      statistic: title,
      value,
      n: own ?? n,
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
  if (context.classes !== undefined) {
    const [first] = context.classes.truth;
    if (context.classes.truth.every(truth => truth === first))
      return unsure(`all ${formatCount(n)} held-out rows have the same label, so ${title} says nothing`);
  }
  if (!Number.isFinite(value)) {
    return unsure(`${title} is not defined here; the report has ${Object.keys(metrics).join(', ')}`);
  }
  const inside =
    value >= (gate.min ?? Number.NEGATIVE_INFINITY) && value <= (gate.max ?? Number.POSITIVE_INFINITY);
  const measured = measure(gate, context);
  const shown =
    gate.metric === 'accuracy' || gate.metric === 'recall' ? formatShare(value) : formatFigure(value);
  const sure = measured.interval === undefined ? '' : ` ${formatInterval(measured.interval)}`;
  return {
    gate: name,
    status: inside ? 'pass' : 'fail',
    reason: `${title} is ${shown}${sure} over ${formatCount(measured.n ?? n)} held-out rows, ${boundsInWords(gate)} is asked`,
    evidence: evidence(measured),
  };
}
