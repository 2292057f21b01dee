import type { EdgeTestInput } from '@twinloop/client';
import { formatFigure, TwinloopError, type PredictionRecord, type Task } from '@twinloop/kernel';
import type { PredictionTest } from '@twinloop/loop/testing';

/** A request, and what is known about it by now. */
export interface EdgeCase {
  readonly prediction: Pick<PredictionRecord, 'id' | 'score' | 'output' | 'inputs'>;
  /** What turned out to be true: 0 or 1, a number, or a class by name. */
  readonly label: number | string | null;
  readonly task: Task;
  /** Of a regression: how far an answer may lie from the label, and what a tenth of the label's spread is. */
  readonly tolerance: { readonly label: number; readonly unlabelled: number };
}

/** A label's usual error, where the model's hold-out does not tell: a tenth of the value itself. */
const SHARE = 0.1;

/** Of a regression: twice the usual error of the model in service, and a tenth of the label's spread. */
export function usualTolerance(
  metrics: Readonly<Record<string, number>>,
  score: number,
): EdgeCase['tolerance'] {
  const own = Math.abs(score) * SHARE;
  return {
    label: 2 * (metrics['rmse'] ?? own),
    unlabelled: SHARE * (metrics['label_sd'] ?? Math.abs(score)),
  };
}

/** Without a label an answer may move by so much. */
const UNCHANGED = 0.1;

type Expectation = Extract<PredictionTest, { kind: 'known' }>['expect'];

function expectationOf({ prediction, label, task, tolerance }: EdgeCase): Expectation {
  const { score, output } = prediction;
  if (task === 'regression') {
    return typeof label === 'number'
      ? { min: label - tolerance.label, max: label + tolerance.label }
      : { min: score - tolerance.unlabelled, max: score + tolerance.unlabelled };
  }
  const near = { min: Math.max(0, score - UNCHANGED), max: Math.min(1, score + UNCHANGED) };
  if (task === 'multiclass') {
    if (typeof label === 'string') return { class: label };
    return output == null ? near : { class: output, ...near };
  }
  if (label === null) return near;
  return label === 1 ? { min: 0.5 } : { max: 0.5 };
}

/**
 * The prediction test that a request becomes: the right side of one half (or the class, or near the value) where its
 * label has come, else an answer that stays where it is; or the bounds that were asked for.
 * @throws invalid_request for bounds that hold nothing, or a request without inputs
 */
export function edgeTest(edge: EdgeCase, { name, min, max }: EdgeTestInput): PredictionTest {
  const { inputs, id } = edge.prediction;
  const refuse = (field: string, reason: string): never => {
    throw new TwinloopError('invalid_request', { field, values: { reason } });
  };
  if (inputs === null) return refuse('id', `the inputs of ${id} are not in the log`);
  if (min !== undefined && max !== undefined && min > max)
    return refuse('min', `${formatFigure(min)} to ${formatFigure(max)} holds nothing`);
  const asked = min === undefined && max === undefined;
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return {
    kind: 'known',
    name: name ?? `edge case ${id}`,
    inputs,
    expect: asked ? expectationOf(edge) : bounds,
  };
}
