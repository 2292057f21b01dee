/** `strictly`: each present value is greater than the one before; `weakly`: none is less; null: neither, or below two. */
export type Rising = 'strictly' | 'weakly' | null;

export interface NumberTraits {
  /** All present values are whole numbers. */
  readonly whole: boolean;
  readonly rising: Rising;
}

export interface TextTraits {
  /** Code points of the shortest and the longest present text; null without one. */
  readonly lengths: readonly [shortest: number, longest: number] | null;
  /**
   * A pattern that every present text matches, when all are built of the same kinds of characters in the same order:
   * `^[A-Z]{2}\d{3,4}$`; else null.
   */
  readonly pattern: string | null;
}

/** {@link NumberTraits} of a part, as far as the whole needs them. Plain JSON but for infinities. */
export interface NumberState {
  readonly whole: boolean;
  /** Of no value or one: `strictly`. */
  readonly rising: Rising;
  /** First and last present value; null without one. */
  readonly ends: readonly [first: number, last: number] | null;
}

export function numberState(values: Float64Array): NumberState {
  let whole = true;
  let rising: Rising = 'strictly';
  let first = Number.NaN;
  let before = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(first)) first = value;
    if (whole && !Number.isInteger(value)) whole = false;
    if (value === before && rising === 'strictly') rising = 'weakly';
    else if (value < before) rising = null;
    before = value;
  }
  return { whole, rising, ends: Number.isNaN(first) ? null : [first, before] };
}

/** Of the rows of `a` and then those of `b`. */
export function mergeNumberStates(a: NumberState, b: NumberState): NumberState {
  if (a.ends === null) return b;
  if (b.ends === null) return a;
  const [last, next] = [a.ends[1], b.ends[0]];
  const rising: Rising =
    a.rising === null || b.rising === null || next < last
      ? null
      : a.rising === 'strictly' && b.rising === 'strictly' && next > last
        ? 'strictly'
        : 'weakly';
  return { whole: a.whole && b.whole, rising, ends: [a.ends[0], b.ends[1]] };
}

export const numberTraits = ({ whole, rising }: NumberState, present: number): NumberTraits => ({
  whole: whole && present > 0,
  rising: present < 2 ? null : rising,
});

type Kind = 'upper' | 'lower' | 'digit' | (string & {});
interface Run {
  readonly kind: Kind;
  least: number;
  most: number;
}

/** {@link TextTraits} of a part, as far as the whole needs them. Plain JSON. */
export interface TextState {
  readonly lengths: readonly [shortest: number, longest: number] | null;
  /** The runs that all texts have; empty without a text, null when they differ in kind. */
  readonly runs: readonly Readonly<Run>[] | null;
}

/** Characters that stand for themselves in a code. */
const JOINT = '-_./: ';
/** More runs than this are a sentence, not a code. */
const MOST_RUNS = 12;

function kindOf(code: number): Kind | undefined {
  if (code >= 48 && code <= 57) return 'digit';
  if (code >= 65 && code <= 90) return 'upper';
  if (code >= 97 && code <= 122) return 'lower';
  const character = String.fromCharCode(code);
  return JOINT.includes(character) ? character : undefined;
}

/** One pass; it stops looking for a pattern at the first text that differs in kind. */
export function textState(values: readonly (string | null)[]): TextState {
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  let runs: Run[] | null | undefined;
  let last: string | null = null;
  for (const value of values) {
    if (value === null || value === last) continue;
    last = value;
    // UTF-16 units are code points but for surrogate pairs.
    let length = value.length;
    if (/[\uD800-\uDBFF]/.test(value)) length = Array.from(value).length;
    if (length < shortest) shortest = length;
    if (length > longest) longest = length;
    if (runs === null) continue;
    const here = runsOf(value);
    if (here === undefined) runs = null;
    else if (runs === undefined) runs = here;
    else runs = merged(runs, here);
  }
  return {
    lengths: shortest <= longest ? [shortest, longest] : null,
    runs: runs === undefined ? [] : runs,
  };
}

export function mergeTextStates(a: TextState, b: TextState): TextState {
  if (a.lengths === null) return b;
  if (b.lengths === null) return a;
  return {
    lengths: [Math.min(a.lengths[0], b.lengths[0]), Math.max(a.lengths[1], b.lengths[1])],
    runs:
      a.runs === null || b.runs === null
        ? null
        : merged(
            a.runs.map(run => ({ ...run })),
            b.runs,
          ),
  };
}

export const textTraits = ({ lengths, runs }: TextState): TextTraits => ({
  lengths,
  pattern: runs === null || !isCode(runs) ? null : patternOf(runs),
});

function runsOf(text: string): Run[] | undefined {
  const runs: Run[] = [];
  for (let i = 0; i < text.length; i++) {
    const kind = kindOf(text.charCodeAt(i));
    if (kind === undefined) return undefined;
    const run = runs.at(-1);
    if (run?.kind === kind) {
      run.least++;
      run.most++;
    } else if (runs.length === MOST_RUNS) return undefined;
    else runs.push({ kind, least: 1, most: 1 });
  }
  return runs.length === 0 ? undefined : runs;
}

function merged(runs: Run[], here: readonly Readonly<Run>[]): Run[] | null {
  if (runs.length !== here.length) return null;
  for (const [i, run] of runs.entries()) {
    const { kind, least, most } = here[i]!;
    if (run.kind !== kind) return null;
    run.least = Math.min(run.least, least);
    run.most = Math.max(run.most, most);
  }
  return runs;
}

/** Words in lower case are no codes: the next one may be written otherwise. */
const isCode = (runs: readonly Readonly<Run>[]): boolean =>
  runs.some(({ kind }) => kind === 'digit' || kind === 'upper');

const CLASS: Readonly<Record<string, string>> = { upper: '[A-Z]', lower: '[a-z]', digit: '[0-9]' };

function patternOf(runs: readonly Readonly<Run>[]): string {
  const parts = runs.map(({ kind, least, most }) => {
    const one = CLASS[kind] ?? (kind === '.' ? '[.]' : kind);
    if (least !== most) return `${one}{${least},${most}}`;
    return least === 1 ? one : `${one}{${least}}`;
  });
  return `^${parts.join('')}$`;
}
