import { type Influence, multiclassAuc } from '../classification/multiclass-auc.js';
import { mean } from '../common/moments.js';
import type { CompleteRows, MetricData } from './metric-data.js';
import { metricOf } from './metric-value.js';

/** How far each row moves a metric whose method is `delta`; NaN throughout where the metric is undefined. */
export function influenceOf(name: string, data: MetricData, rows: CompleteRows): Influence {
  if (data.task === 'multiclass')
    return multiclassAuc(rows.labels, rows.scores, data.classes, name === 'auc_ovr' ? 'ovr' : 'ovo');
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
