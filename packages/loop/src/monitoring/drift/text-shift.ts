import { categoricalDrift, numericDrift, type DriftResult } from '@twinloop/stats';
import { percent } from '../format.js';
import { type Shift, shiftOf } from './shift.js';
import { numberWords } from './words.js';

/** What a column of texts looked like; the row is the unit, since words of one text go together. */
export interface TextReference {
  readonly name: string;
  readonly type: 'text';
  /**
   * Rows by word of the second half of the rows, for the words that are most frequent in the first half (every other row):
   * counted where they were chosen, they would look more frequent than they are.
   */
  readonly words: Readonly<Record<string, number>>;
  /** Rows that `words` were counted in. */
  readonly wordRows: number;
  /**
   * Of the second half: for each row the share of its words that the first half does not know, and how many words it has.
   * Known words are learnt on other rows than they are tested on, else every new text would look strange.
   */
  readonly unknown: readonly number[];
  readonly lengths: readonly number[];
  /** The words that are known: all of the first half, at most 20,000. */
  readonly vocabulary: readonly string[];
  readonly rows: number;
}

const FREQUENT = 200;
const LARGEST_VOCABULARY = 20_000;
/** Rows kept for the shares and lengths of the second half. */
const KEPT = 2000;

/** Lower-cased runs of letters and digits. */
export function wordsOf(text: string | null): readonly string[] {
  return text?.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A string column is text when its rows have four words on average and hardly ever repeat. */
export function isText(values: readonly (string | null)[]): boolean {
  const some = values.filter(value => value !== null).slice(0, 500);
  if (some.length < 20) return false;
  const words = some.reduce((sum, text) => sum + wordsOf(text).length, 0);
  return words / some.length >= 4 && new Set(some).size > some.length / 2;
}

export function textReference(name: string, values: readonly (string | null)[]): TextReference {
  const counts = new Map<string, number>();
  values.forEach((text, row) => {
    if (row % 2 === 0)
      for (const word of new Set(wordsOf(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  });
  const ranked = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, LARGEST_VOCABULARY);
  const known = new Set(ranked.map(([word]) => word));
  const others = values.filter((_, row) => row % 2 === 1);
  const words: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const [word] of ranked.slice(0, FREQUENT)) words[word] = 0;
  const split = others.map(wordsOf);
  for (const row of split) for (const word of new Set(row)) if (word in words) words[word]!++;
  const step = Math.max(1, Math.ceil(others.length / KEPT));
  const kept = split.filter((_, row) => row % step === 0);
  return {
    name,
    type: 'text',
    words,
    wordRows: others.length,
    unknown: kept.map(words => unknownShare(words, known)),
    lengths: kept.map(words => words.length),
    vocabulary: ranked.map(([word]) => word),
    rows: values.length,
  };
}

function unknownShare(words: readonly string[], known: ReadonlySet<string>): number {
  return words.length === 0 ? 0 : words.filter(word => !known.has(word)).length / words.length;
}

/**
 * Three tests of a text column, in rows: the frequent words, each by the share of rows that have it (the most significant
 * one, Bonferroni), the share of unknown words, and the number of words.
 */
export function textShift(
  reference: TextReference,
  texts: readonly (string | null)[],
  tolerance: number,
): readonly Shift[] {
  const { name } = reference;
  const known = new Set(reference.vocabulary);
  const rows = texts.map(wordsOf);
  const having = new Map<string, number>();
  for (const words of rows)
    for (const word of new Set(words))
      if (Object.hasOwn(reference.words, word)) having.set(word, (having.get(word) ?? 0) + 1);
  let best: DriftResult | undefined;
  let which = '';
  const frequent = Object.keys(reference.words);
  for (const word of frequent) {
    const before = reference.words[word]!;
    const now = having.get(word) ?? 0;
    const drift = categoricalDrift([before, reference.wordRows - before], [now, rows.length - now], {
      tolerance,
    });
    if (best === undefined || drift.pValue < best.pValue) [best, which] = [drift, word];
  }
  const shifts: Shift[] = [];
  if (best !== undefined) {
    const before = reference.words[which]! / reference.wordRows;
    const now = (having.get(which) ?? 0) / Math.max(1, rows.length);
    const words = `“${which}” in ${percent(before)} → ${percent(now)} of the texts`;
    shifts.push(
      shiftOf(
        { subject: `${name} words`, kind: 'text', column: name },
        { ...best, pValue: Math.min(1, best.pValue * frequent.length) },
        { moved: `${name} moved: ${words}`, still: `${name}: ${words}` },
      ),
    );
  }
  for (const [subject, before, now] of [
    [`${name} unknown words`, reference.unknown, rows.map(words => unknownShare(words, known))],
    [`${name} length`, reference.lengths, rows.map(words => words.length)],
  ] as const) {
    const drift = numericDrift(before, now, { tolerance });
    shifts.push(shiftOf({ subject, kind: 'text', column: name }, drift, numberWords(subject, drift)));
  }
  return shifts;
}
