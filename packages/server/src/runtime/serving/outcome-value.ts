import { TwinloopError, type Task } from '@twinloop/kernel';
import type { ClassBook } from './class-book.js';

/** How a project's labels are told: its task, and which value of a text label counts as 1. */
export interface LabelMeaning {
  readonly task: Task;
  readonly positive?: string;
  /** Those that count as 0; without them all others do. */
  readonly negative?: readonly string[];
}

/**
 * The number under which a reported value is kept: of several classes the class's number in the book (which a new one
 * enters), of a named positive value 1 or 0, else the value itself.
 * @throws outcome_invalid
 */
export function outcomeValue(
  value: number | boolean | string,
  { task, positive, negative }: LabelMeaning,
  book: ClassBook,
  field: string,
): number {
  if (task === 'multiclass') return book.enter(String(value));
  if (typeof value === 'string') {
    if (value === positive) return 1;
    if (positive !== undefined && (negative?.includes(value) ?? true)) return 0;
    throw new TwinloopError('outcome_invalid', {
      field,
      values: { reason: `value "${value.slice(0, 50)}" is text; a number is expected` },
      hint:
        positive !== undefined
          ? `Declared are ${[positive, ...(negative ?? [])].join(', ')}.`
          : 'Text is taken where `train.task` is multiclass, or the label names its `positive` value.',
    });
  }
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new TwinloopError('outcome_invalid', { field, values: { reason: 'value must be a finite number' } });
}
