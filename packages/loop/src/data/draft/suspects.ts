import { formatCount, formatFigure } from '@twinloop/kernel';
import { SUSPICIOUS_AUC } from '@twinloop/model';
import { isCounter, type LookedColumn } from './look.js';
import { binned, separation, type LabelValues, type Separation } from './single-feature.js';

export interface Suspect {
  readonly columns: readonly string[];
  readonly kind: 'sum' | 'affine' | 'equal' | 'alone' | 'presence' | 'counter';
  readonly evidence: string;
  readonly sentence: string;
}

export interface Suspicion {
  readonly suspects: readonly Suspect[];
  /** How well each column alone tells the label, from 0 (not at all) to 1. */
  readonly strength: ReadonlyMap<string, number>;
}

/** Enough rows to see a column that knows the answer; a bound on what the search costs. */
const ROWS = 20_000;
const FEWEST_ROWS = 50;
/** So many numeric columns are tried in pairs. */
const PAIRED = 80;
const ALONE: Readonly<Record<Separation['measure'], number>> = {
  AUC: SUSPICIOUS_AUC,
  'R²': 0.95,
  accuracy: 0.95,
};
/** A rule that holds in all rows but a slip. */
const HOLDS = 0.995;

const agrees = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** Rows in which `said` is the label, of those in which both are there. */
function agreement(label: Float64Array, said: (row: number) => number): { right: number; of: number } {
  let right = 0;
  let of = 0;
  for (let row = 0; row < label.length; row++) {
    const value = said(row);
    if (Number.isNaN(value) || Number.isNaN(label[row]!)) continue;
    of++;
    if (agrees(value, label[row]!)) right++;
    // Most guesses are wrong at once.
    else if (of < 50 && right < of / 2 && of > 4) return { right, of };
  }
  return { right, of };
}

const exact = ({ right, of }: { right: number; of: number }, rows: number): boolean =>
  of >= Math.min(FEWEST_ROWS, rows) && of >= rows / 2 && right >= HOLDS * of;

const inWords = ({ right, of }: { right: number; of: number }): string =>
  `${formatCount(right)} of ${formatCount(of)} rows`;

/** The line through the first two rows that differ: y = a + b x. */
function line(x: Float64Array, y: Float64Array): { a: number; b: number } | undefined {
  let first = -1;
  for (let row = 0; row < x.length; row++) {
    if (Number.isNaN(x[row]!) || Number.isNaN(y[row]!)) continue;
    if (first < 0) first = row;
    else if (x[row] !== x[first]) {
      const b = (y[row]! - y[first]!) / (x[row]! - x[first]!);
      return b === 0 ? undefined : { a: y[first]! - b * x[first]!, b };
    }
  }
  return undefined;
}

/**
 * Looks for columns that know the answer: alone, by being there at all, as an affine copy, or as two that add up to
 * it. A suspect is a question to a person, not a verdict: some features are that good.
 * @param label the label's name and values; amounts for regression, 0 and 1 for binary, class numbers else
 */
export function findSuspects(
  columns: readonly LookedColumn[],
  label: LabelValues & { readonly name: string; readonly texts: readonly (string | null)[] },
  rowNumbers: Float64Array,
): Suspicion {
  const step = Math.max(1, Math.ceil(rowNumbers.length / ROWS));
  const thin = (column: LookedColumn): LookedColumn =>
    step === 1
      ? column
      : {
          ...column,
          texts: column.texts.filter((_, i) => i % step === 0),
          ...(column.numbers === undefined
            ? {}
            : { numbers: column.numbers.filter((_, i) => i % step === 0) }),
        };
  const values = step === 1 ? label.values : label.values.filter((_, i) => i % step === 0);
  const texts = step === 1 ? label.texts : label.texts.filter((_, i) => i % step === 0);
  const y: LabelValues = { task: label.task, values, classes: label.classes };
  const suspects: Suspect[] = [];
  const strength = new Map<string, number>();
  const told = new Set<string>();
  const add = (suspect: Suspect): void => {
    suspects.push(suspect);
    for (const column of suspect.columns) told.add(column);
  };

  for (const whole of columns) {
    if (isCounter(whole, rowNumbers)) {
      add({
        columns: [whole.name],
        kind: 'counter',
        evidence: `${whole.texts[0]} to ${whole.texts.at(-1)}`,
        sentence: `${whole.name} only counts the rows, so it says when a row was written and nothing of the case.`,
      });
      continue;
    }
    const column = thin(whole);
    const same = texts.length >= FEWEST_ROWS && texts.every((text, row) => text === column.texts[row]);
    if (same) {
      strength.set(whole.name, 1);
      add({
        columns: [whole.name],
        kind: 'equal',
        evidence: `${formatCount(texts.length)} of ${formatCount(texts.length)} rows`,
        sentence: `${whole.name} is the same as ${label.name}.`,
      });
      continue;
    }
    if (values.length < FEWEST_ROWS) continue;
    if (whole.missing > 0 && whole.missing < whole.texts.length) {
      const presence = separation(binned(column, 'presence'), y);
      if (presence.value >= ALONE[presence.measure]) {
        strength.set(whole.name, presence.value);
        add({
          columns: [whole.name],
          kind: 'presence',
          evidence: `${presence.measure} ${presence.value.toFixed(3)}`,
          sentence: `${whole.name} is filled in only for some values of ${label.name}: whether it is there tells the answer.`,
        });
        continue;
      }
    }
    const { numbers } = column;
    const through = numbers === undefined || label.task === 'multiclass' ? undefined : line(numbers, values);
    if (numbers !== undefined && through !== undefined) {
      const fits = agreement(values, row => through.a + through.b * numbers[row]!);
      if (exact(fits, values.length)) {
        strength.set(whole.name, 1);
        add({
          columns: [whole.name],
          kind: 'affine',
          evidence: inWords(fits),
          sentence: `${label.name} = ${formatFigure(through.a)} + ${formatFigure(through.b)} × ${whole.name}.`,
        });
        continue;
      }
    }
    const alone = separation(binned(column), y);
    strength.set(whole.name, alone.measure === 'AUC' ? 2 * alone.value - 1 : alone.value);
    if (alone.value >= ALONE[alone.measure])
      add({
        columns: [whole.name],
        kind: 'alone',
        evidence: `${alone.measure} ${alone.value.toFixed(3)}`,
        sentence: `${whole.name} alone nearly tells ${label.name}; is it known at the time of the request?`,
      });
  }
  if (label.task === 'regression') {
    const numeric = columns
      .filter(({ numbers, type, distinct }) => numbers !== undefined && type === 'number' && distinct > 1)
      .filter(
        ({ name }) => !suspects.some(({ kind, columns: own }) => kind !== 'alone' && own.includes(name)),
      )
      .sort((a, b) => (strength.get(b.name) ?? 0) - (strength.get(a.name) ?? 0))
      .slice(0, PAIRED)
      .map(thin);
    for (const pair of pairs(numeric, values, label.name)) {
      // What is named as a part of the sum need not be named again by itself.
      for (let i = suspects.length - 1; i >= 0; i--)
        if (suspects[i]!.kind === 'alone' && pair.columns.includes(suspects[i]!.columns[0]!))
          suspects.splice(i, 1);
      add(pair);
    }
  }
  return { suspects, strength };
}

function* pairs(numeric: readonly LookedColumn[], y: Float64Array, label: string): Generator<Suspect> {
  for (let i = 0; i < numeric.length; i++)
    for (let j = i + 1; j < numeric.length; j++) {
      const [a, b] = [numeric[i]!, numeric[j]!];
      for (const [sa, sb] of [
        [1, 1],
        [1, -1],
        [-1, 1],
      ] as const) {
        const fits = agreement(y, row => sa * a.numbers![row]! + sb * b.numbers![row]!);
        if (!exact(fits, y.length)) continue;
        const [first, second] = sa > 0 ? [a.name, b.name] : [b.name, a.name];
        const sign = sa > 0 && sb > 0 ? '+' : '−';
        const names = sign === '+' ? [first, second].sort() : [first, second];
        yield {
          columns: names,
          kind: 'sum',
          evidence: inWords(fits),
          sentence: `${names.join(` ${sign} `)} = ${label}: together they are the answer.`,
        };
      }
    }
}
