import type { RunView, StepReport } from '@twinloop/client';
import { fixed, whole } from '../../format/numbers.js';

/** `5 of 5`; `–` before any gate was judged. */
export function gateCount(run: Pick<RunView, 'verdicts'>): string {
  if (run.verdicts.length === 0) return '–';
  return `${run.verdicts.filter(v => v.status === 'pass').length} of ${run.verdicts.length}`;
}

const FIRST = ['log_loss', 'rmse', 'auc', 'mae', 'r2', 'bias', 'brier', 'ece', 'accuracy'];
const LAST = ['base_rate', 'label_mean', 'label_sd', 'n', 'positives'];

/** The names of all metrics: what models are judged by first, what they were measured on last. */
export function metricNames(metrics: readonly Readonly<Record<string, number>>[]): readonly string[] {
  const place = (name: string): number => {
    if (FIRST.includes(name)) return FIRST.indexOf(name) - FIRST.length;
    return LAST.indexOf(name) + 1;
  };
  return [...new Set(metrics.flatMap(m => Object.keys(m)))].sort((a, b) => place(a) - place(b));
}

/** A metric with four decimals (two from 10 on, where it has the label's unit), a count as it is. */
export function metric(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number.isInteger(value) && Math.abs(value) > 1
    ? whole(value)
    : fixed(value, Math.abs(value) >= 10 ? 2 : 4);
}

export interface StepBar {
  readonly step: StepReport;
  /** Start and width as shares of the whole run. */
  readonly start: number;
  readonly width: number;
}

/** The steps on one time axis, as a build's waterfall. */
export function stepBars(steps: readonly StepReport[]): readonly StepBar[] {
  const from = Math.min(...steps.map(s => s.startedAt));
  const span = Math.max(1, Math.max(...steps.map(s => s.finishedAt)) - from);
  return steps.map(step => ({
    step,
    start: (step.startedAt - from) / span,
    width: (step.finishedAt - step.startedAt) / span,
  }));
}

/** A model's ancestors, nearest first. A parent that is not known ends the line; a circle cannot hold it up. */
export function lineage(model: string, parents: ReadonlyMap<string, string | null>): readonly string[] {
  const line: string[] = [];
  for (
    let at = parents.get(model) ?? null;
    at !== null && at !== model && !line.includes(at);
    at = parents.get(at) ?? null
  ) {
    line.push(at);
  }
  return line;
}
