import type { Column } from '@twinloop/kernel';
import { eachWord } from './words.js';

export interface VocabularyWord {
  readonly word: string;
  /** Weight of the word: rare ones tell more. */
  readonly idf: number;
}

/** Texts that a word must stand in. */
const FEWEST_TEXTS = 3;
/** Words counted at once; beyond it those seen only once so far are forgotten, which bounds memory. */
const MOST_COUNTED = 500_000;
/** So many times the wished number of words, the most frequent, are compared by what they tell of the label. */
const SHORTLIST = 20;
/** More distinct numbers are a quantity, not classes. */
const MOST_CLASSES = 50;

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** In how many of the texts each word stands. */
function documentCounts(texts: readonly (string | null)[]): Map<string, number> {
  let counts = new Map<string, number>();
  for (const text of texts) {
    if (text === null) continue;
    const seen = new Set<string>();
    eachWord(text, word => seen.add(word));
    for (const word of seen) counts.set(word, (counts.get(word) ?? 0) + 1);
    if (counts.size > MOST_COUNTED) counts = new Map([...counts].filter(([, count]) => count > 1));
  }
  return counts;
}

/** What knowing whether a word stands in a text tells of the label, from 0. */
type Usefulness = (present: Float64Array, texts: number) => number;

interface Target {
  /** Index of each row's group; -1 for rows without a label. */
  readonly group: Int32Array;
  readonly groups: number;
  readonly of: Usefulness;
}

/** Mutual information in nats between presence and class, from counts by class. */
function informationOf(totals: Float64Array): Usefulness {
  const n = totals.reduce((sum, count) => sum + count, 0);
  return present => {
    const texts = present.reduce((sum, count) => sum + count, 0);
    let sum = 0;
    for (let g = 0; g < totals.length; g++) {
      for (const [joint, margin] of [
        [present[g]!, texts],
        [totals[g]! - present[g]!, n - texts],
      ] as const) {
        if (joint > 0) sum += (joint / n) * Math.log((joint * n) / (margin * totals[g]!));
      }
    }
    return sum;
  };
}

/** Classes by text or by few numbers; a quantity is cut at its median, which is enough to rank words. */
function targetOf(label: Column | undefined, rows: number): Target | undefined {
  if (label === undefined) return undefined;
  const group = new Int32Array(rows).fill(-1);
  const names = new Map<string | number, number>();
  for (let row = 0; row < rows; row++) {
    const value = label.values[row]!;
    if (value === null || (typeof value === 'number' && Number.isNaN(value))) continue;
    let known = names.get(value);
    if (known === undefined) names.set(value, (known = names.size));
    group[row] = known;
  }
  let groups = names.size;
  if (label.type !== 'string' && groups > MOST_CLASSES) {
    const sorted = label.values.filter(value => !Number.isNaN(value)).sort();
    const median = sorted[sorted.length >> 1]!;
    for (let row = 0; row < rows; row++)
      if (group[row]! >= 0) group[row] = label.values[row]! < median ? 0 : 1;
    groups = 2;
  }
  if (groups < 2) return undefined;
  const totals = new Float64Array(groups);
  for (const g of group) if (g >= 0) totals[g]!++;
  return { group, groups, of: informationOf(totals) };
}

/**
 * The `size` most useful words and pairs of words of some texts, sorted by name: of the frequent ones those whose presence
 * tells most of the label (mutual information; Yang & Pedersen 1997), without a label the most frequent. The weight is the
 * smoothed inverse document frequency `ln((1 + n) / (1 + texts)) + 1` of scikit-learn's TfidfTransformer.
 */
export function fitVocabulary(
  texts: readonly (string | null)[],
  label: Column | undefined,
  size: number,
): readonly VocabularyWord[] {
  const shortlist = [...documentCounts(texts)]
    .filter(([, count]) => count >= FEWEST_TEXTS)
    .sort(([a, n], [b, m]) => m - n || byCodeUnit(a, b))
    .slice(0, SHORTLIST * size);
  const target = targetOf(label, texts.length);
  const chosen = target === undefined ? shortlist : mostUseful(texts, shortlist, target);
  return chosen
    .slice(0, size)
    .map(([word, count]) => ({ word, idf: Math.log((1 + texts.length) / (1 + count)) + 1 }))
    .sort((a, b) => byCodeUnit(a.word, b.word));
}

function mostUseful(
  texts: readonly (string | null)[],
  shortlist: readonly (readonly [string, number])[],
  { group, groups, of }: Target,
): readonly (readonly [string, number])[] {
  const index = new Map(shortlist.map(([word], i) => [word, i]));
  const present = new Float64Array(shortlist.length * groups);
  texts.forEach((text, row) => {
    const g = group[row]!;
    if (text === null || g < 0) return;
    const seen = new Set<number>();
    eachWord(text, word => {
      const i = index.get(word);
      if (i !== undefined) seen.add(i);
    });
    for (const i of seen) present[i * groups + g]!++;
  });
  const tells = shortlist.map((_, i) => of(present.subarray(i * groups, (i + 1) * groups), texts.length));
  return shortlist
    .map((entry, i) => ({ entry, i }))
    .sort((a, b) => tells[b.i]! - tells[a.i]! || a.i - b.i)
    .map(({ entry }) => entry);
}
