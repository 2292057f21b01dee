import { type Influence, multiclassAuc } from '../classification/multiclass-auc.js';
import { mean } from '../common/moments.js';
import { ascendingOrder } from '../metrics/correlation.js';
import type { CompleteRows, MetricData } from './metric-data.js';
import { metricOf } from './metric-value.js';

/** How far each row moves a metric whose method is `delta`; NaN throughout where the metric is undefined. */
export function influenceOf(name: string, data: MetricData, rows: CompleteRows): Influence {
  if (data.task === 'multiclass')
    return multiclassAuc(rows.labels, rows.scores, data.classes, name === 'auc_ovr' ? 'ovr' : 'ovo');
  if (data.task === 'binary') return averagePrecisionInfluence(rows, metricOf(data, name, rows));
  return explainedShare(rows, metricOf(data, name, rows), name === 'explained_variance');
}

/** Of 1 − E[e²]/Var(y), the errors centred or not. */
function explainedShare({ labels, predictions }: CompleteRows, value: number, centred: boolean): Influence {
  const centre = mean(labels);
  const errors = labels.map((label, i) => label - predictions[i]!);
  const shift = centred ? mean(errors) : 0;
  const squares = errors.map(error => (error - shift) ** 2);
  const spreads = labels.map(label => (label - centre) ** 2);
  const residual = mean(squares);
  const total = mean(spreads);
  // Constant labels: the figure is 0 or 1 by convention and says nothing about its error.
  if (!(total > 0)) return { value, influence: new Float64Array(labels.length).fill(NaN) };
  const share = residual / total;
  return {
    value,
    influence: squares.map((square, i) => (share * (spreads[i]! - total) - (square - residual)) / total),
  };
}

/**
 * Of average precision A/P, A being the sum over positives of their precision T/R: a row at score s moves A by its own
 * precision, and by (y·R − T)/R² for every positive at or below s, whose T and R it enters.
 */
function averagePrecisionInfluence({ labels, scores }: CompleteRows, value: number): Influence {
  const n = labels.length;
  const influence = new Float64Array(n).fill(NaN);
  if (Number.isNaN(value)) return { value, influence };
  const order = ascendingOrder(scores);
  // From the top: R and T of each distinct score.
  const above = new Float64Array(n);
  const positives = new Float64Array(n);
  let tp = 0;
  for (let end = n; end > 0; ) {
    let start = end - 1;
    while (start > 0 && scores[order[start - 1]!] === scores[order[end - 1]!]) start--;
    for (let k = start; k < end; k++) tp += labels[order[k]!]!;
    for (let k = start; k < end; k++) {
      above[k] = n - start;
      positives[k] = tp;
    }
    end = start;
  }
  let inverse = 0;
  let share = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    while (end < n && scores[order[end]!] === scores[order[start]!]) {
      const y = labels[order[end]!]!;
      inverse += y / above[end]!;
      share += (y * positives[end]!) / above[end]! ** 2;
      end++;
    }
    for (let k = start; k < end; k++) {
      const y = labels[order[k]!]!;
      const own = (y * positives[k]!) / above[k]!;
      influence[order[k]!] = (n * (own + y * inverse - share - value * y)) / tp;
    }
    start = end;
  }
  return { value, influence };
}
