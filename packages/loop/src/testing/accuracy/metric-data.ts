import type { MetricData } from '@twinloop/stats';
import type { GateContext, HeldOut } from '../gate-context.js';

/** The held-out rows as metrics are computed of: of several classes without probabilities, see {@link withProbabilities}. */
export function metricDataOf({ task, labels, candidate, classes }: GateContext): MetricData {
  if (task === 'regression') return { task, labels, predictions: candidate };
  if (task === 'binary') return { task, labels, scores: candidate };
  return {
    task,
    labels: classes?.truth ?? new Float64Array(0),
    predictions: classes?.predicted ?? new Float64Array(0),
    classes: classes?.names.length ?? 0,
  };
}

/** The champion's answers to the same rows. */
export function championDataOf({
  task,
  labels,
  champion,
  classes,
  championPredicted,
}: GateContext): MetricData {
  const scores = champion ?? new Float64Array(labels.length).fill(Number.NaN);
  if (task === 'regression') return { task, labels, predictions: scores };
  if (task === 'binary') return { task, labels, scores };
  return {
    task,
    labels: classes?.truth ?? new Float64Array(0),
    // A class that is not among the names is as wrong as any other.
    predictions: (championPredicted ?? new Float64Array(0)).map((one, row) =>
      one >= 0 ? one : (classes!.truth[row]! + 1) % classes!.names.length,
    ),
    classes: classes?.names.length ?? 0,
  };
}

/** Adds the probabilities of all classes, which only the fit itself can give. */
export async function withProbabilities(
  data: MetricData,
  { rows, ask, width }: HeldOut,
): Promise<MetricData> {
  if (data.task !== 'multiclass') return data;
  const answers = await ask(rows);
  if (width === data.classes) return { ...data, probabilities: answers };
  // Classes that came and that the fit does not know have probability 0.
  const padded = new Float64Array(data.labels.length * data.classes);
  for (let row = 0; row < data.labels.length; row++)
    padded.set(answers.subarray(row * width, (row + 1) * width), row * data.classes);
  return { ...data, probabilities: padded };
}

/** One class against the others: what a metric of one class is computed of. */
export function oneClass({ classes }: GateContext, name: string): MetricData | undefined {
  const index = classes?.names.indexOf(name) ?? -1;
  if (classes === undefined || index < 0) return undefined;
  const is = (values: Float64Array): Float64Array => values.map(value => (value === index ? 1 : 0));
  return { task: 'binary', labels: is(classes.truth), predictions: is(classes.predicted) };
}
