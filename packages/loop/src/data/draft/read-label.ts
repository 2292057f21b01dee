import { formatCount, type DataFinding } from '@twinloop/kernel';
import type { LookedColumn } from './look.js';
import type { LabelValues } from './single-feature.js';
import { MOST_CLASSES, taskOf, type DraftTask } from './suggest.js';

/** Pairs in which the second is what one looks for. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['0', '1'],
  ['false', 'true'],
  ['no', 'yes'],
  ['n', 'y'],
  ['nein', 'ja'],
  ['non', 'oui'],
  ['f', 't'],
  ['good', 'bad'],
  ['negative', 'positive'],
];

export interface ReadLabel {
  readonly task: DraftTask;
  readonly values: LabelValues;
  /** Most frequent first, when there are at most 50. */
  readonly classes: readonly { readonly value: string; readonly rows: number }[] | undefined;
  /** Binary: the value that counts as 1, and those that count as 0. */
  readonly positive?: string;
  readonly negative?: readonly string[];
  /** Whether the file's own values are 0 and 1 (or truth values) already. */
  readonly plain: boolean;
  readonly findings: readonly DataFinding[];
}

function countsOf(texts: readonly (string | null)[]): { value: string; rows: number }[] {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([value, rows]) => ({ value, rows })).sort((a, b) => b.rows - a.rows);
}

function usualPositive(classes: readonly { readonly value: string }[]): string | undefined {
  for (const [negative, positive] of PAIRS) {
    const found = classes.find(({ value }) => value.toLowerCase() === positive);
    if (found !== undefined && classes.some(({ value }) => value.toLowerCase() === negative))
      return found.value;
  }
  return undefined;
}

/**
 * Reads a column as a label. `task` and `positive` are what the person chose; what is absent follows from the values.
 * @param tasks what this release can train
 */
export function readLabel(
  column: LookedColumn,
  chosen: { readonly task?: DraftTask; readonly positive?: string },
  tasks: readonly DraftTask[],
): ReadLabel {
  const { name, texts, numbers, missing } = column;
  const rows = texts.length;
  const all = countsOf(texts);
  const task = chosen.task ?? (chosen.positive === undefined ? taskOf(column) : 'binary');
  const classes = all.length <= MOST_CLASSES ? all : undefined;
  const findings: DataFinding[] = [];
  const add = (level: DataFinding['level'], code: string, message: string, hint: string): void => {
    findings.push({ level, code, column: name, message, hint });
  };
  if (all.length === 0) add('error', 'label_empty', `${name} has no value at all`, 'Choose another label.');
  else if (all.length === 1)
    add(
      'error',
      'label_constant',
      `${name} is ${JSON.stringify(all[0]!.value)} in every row, so there is nothing to learn`,
      'Choose another label, or add rows with other values.',
    );
  else if (missing > 0)
    add(
      'info',
      'label_missing',
      `${formatCount(missing)} of ${formatCount(rows)} rows have no ${name}`,
      'They are kept, and not learned from.',
    );
  if (!tasks.includes(task))
    add(
      'error',
      'task_unsupported',
      `${name} has ${formatCount(all.length)} classes, and this release trains ${tasks.join(' and ')}`,
      'Choose one value as `positive`: it is predicted against the rest.',
    );
  if (task === 'regression') {
    if (numbers === undefined)
      add(
        'error',
        'label_not_number',
        `${name} is text, and an amount is asked for`,
        'Choose the task `binary`, or another label.',
      );
    return {
      task,
      values: { task, values: numbers ?? new Float64Array(rows).fill(Number.NaN), classes: 0 },
      classes,
      plain: true,
      findings,
    };
  }
  if (classes === undefined && !(task === 'binary' && chosen.positive !== undefined))
    add(
      'error',
      'label_classes',
      `${name} has ${formatCount(all.length)} different values, too many for classes`,
      numbers === undefined ? 'Choose another label.' : 'Choose the task `regression`.',
    );
  if (task === 'multiclass') {
    const index = new Map(all.map(({ value }, i) => [value, i]));
    const values = Float64Array.from(texts, text => (text === null ? Number.NaN : index.get(text)!));
    return { task, values: { task, values, classes: all.length }, classes, plain: false, findings };
  }
  return { ...binary(column, all, chosen.positive, add), classes, findings };
}

function binary(
  { name, texts, type }: LookedColumn,
  all: readonly { readonly value: string; readonly rows: number }[],
  chosen: string | undefined,
  add: (level: DataFinding['level'], code: string, message: string, hint: string) => void,
): Omit<ReadLabel, 'classes' | 'findings'> {
  const known = chosen === undefined || all.some(({ value }) => value === chosen);
  if (!known)
    add(
      'error',
      'positive_unknown',
      `${name} never is ${JSON.stringify(chosen)}`,
      `Its values: ${all
        .slice(0, 10)
        .map(({ value }) => value)
        .join(', ')}.`,
    );
  const usual = usualPositive(all);
  const positive = chosen ?? usual ?? all.at(-1)?.value ?? '1';
  const negative = all.filter(({ value }) => value !== positive).map(({ value }) => value);
  if (chosen === undefined && all.length > 2)
    add(
      'error',
      'label_values',
      `${name} has ${formatCount(all.length)} values (${all
        .slice(0, 5)
        .map(({ value, rows }) => `${value}: ${formatCount(rows)}`)
        .join(', ')}${all.length > 5 ? ', …' : ''}) where a yes or no has two`,
      'Name the one that counts as yes, correct the others, or choose multiclass.',
    );
  else if (negative.length > 1)
    add(
      'warning',
      'label_rest',
      `${JSON.stringify(positive)} is predicted against the rest: ${negative.slice(0, 8).join(', ')}${negative.length > 8 ? ', …' : ''}`,
      'If one of them is a slip of the pen, correct it in the file.',
    );
  const isPlain = type === 'boolean' || all.every(({ value }) => value === '0' || value === '1');
  const plain = isPlain && positive.toLowerCase() === (type === 'boolean' ? 'true' : '1');
  if (chosen === undefined && usual === undefined && all.length === 2)
    add(
      'info',
      'positive_guessed',
      `${JSON.stringify(positive)} is taken as yes, for it is the rarer of both`,
      'Choose `positive` to turn it round.',
    );
  const values = Float64Array.from(texts, text => (text === null ? Number.NaN : text === positive ? 1 : 0));
  return {
    task: 'binary',
    values: { task: 'binary', values, classes: 2 },
    positive,
    negative,
    plain,
  };
}
