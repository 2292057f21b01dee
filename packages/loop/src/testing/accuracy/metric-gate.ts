import {
  formatCount,
  formatFigure,
  formatInterval,
  formatShare,
  type Evidence,
  type Verdict,
} from '@twinloop/kernel';
import type { MetricGate } from '../config.js';
import { decide } from '../decide.js';
import type { GateContext } from '../gate-context.js';
import { measureMetric, type Measured } from './measure-metric.js';

/** Below that many held-out rows a figure is not evidence. */
export const MIN_ROWS = 50;

const CONFIDENCE = 0.95;
const SHARES: ReadonlySet<string> = new Set(['accuracy', 'recall', 'precision', 'specificity', 'error_rate']);

function boundsInWords({ min, max }: MetricGate): string {
  if (min !== undefined && max !== undefined) return `between ${formatFigure(min)} and ${formatFigure(max)}`;
  return min !== undefined ? `at least ${formatFigure(min)}` : `at most ${formatFigure(max ?? Number.NaN)}`;
}

/** Whether all labels are the same: then a classifier's figures say nothing. */
function oneLabel({ task, labels, classes }: GateContext): boolean {
  if (task === 'regression') return false;
  const values = classes?.truth ?? labels;
  return values.every(value => value === values[0]);
}

/**
 * Passes when the figure lies within the bounds; its interval is shown beside it, and decides when the gate says so. The
 * figure is that of the hold-out report; others of the table of metrics are computed here. Too few rows, one class, or an
 * undefined figure are inconclusive.
 */
export async function metricGate(gate: MetricGate, context: GateContext): Promise<Verdict> {
  const { labels, metrics } = context;
  const n = labels.length;
  const key = gate.class === undefined ? gate.metric : `${gate.metric}/${gate.class}`;
  const title = gate.class === undefined ? gate.metric : `${gate.metric} of ${gate.class}`;
  const name = `metric ${title}`;
  const threshold = gate.min ?? gate.max;
  const reported = metrics[key] ?? Number.NaN;
  const unsure = (reason: string): Verdict => ({ gate: name, status: 'inconclusive', reason, evidence: [] });
  if (n < MIN_ROWS) return unsure(`only ${formatCount(n)} held-out rows, ${MIN_ROWS} are needed`);
  if (oneLabel(context))
    return unsure(`all ${formatCount(n)} held-out rows have the same label, so ${title} says nothing`);
  const measured: Measured = (await measureMetric(gate, context, gate.confidence ?? CONFIDENCE)) ?? {
    value: reported,
    n,
    method: 'hold-out report',
  };
  const value = Number.isFinite(reported) ? reported : measured.value;
  if (!Number.isFinite(value))
    return unsure(`${title} is not defined here; the report has ${Object.keys(metrics).join(', ')}`);
  const { interval } = measured;
  const [low, high] = interval ?? [Number.NaN, Number.NaN];
  const shown = SHARES.has(gate.metric) ? formatShare(value) : formatFigure(value);
  const sure = interval === undefined ? '' : ` ${formatInterval(interval)}`;
  const evidence: Evidence = {
    statistic: title,
    value,
    n: measured.n,
    ...(interval === undefined ? {} : { interval }),
    ...(threshold === undefined ? {} : { threshold }),
    method: measured.method,
  };
  return {
    gate: name,
    status: decide({ value, low, high }, gate, gate.decide ?? 'estimate'),
    reason: `${title} is ${shown}${sure} over ${formatCount(measured.n)} held-out rows, ${boundsInWords(gate)} is asked`,
    evidence: [evidence],
  };
}
