import type { Scalar } from '@twinloop/kernel';
import type { VocabularyWord } from './vocabulary.js';
import { eachWord } from './words.js';

/** Writes a text's columns at `out[at … at + words)`. */
export type TextEncoder = (value: Scalar, out: Float64Array, at: number) => void;

/**
 * Tf-idf of a fitted vocabulary: occurrences times weight, the columns of one text scaled to length 1 (scikit-learn's
 * TfidfVectorizer restricted to the vocabulary). Missing and empty texts, and those of unknown words, are all 0.
 */
export function textEncoder(words: readonly VocabularyWord[]): TextEncoder {
  const index = new Map(words.map(({ word }, i) => [word, i]));
  const weight = Float64Array.from(words, ({ idf }) => idf);
  const size = words.length;
  return (value, out, at) => {
    out.fill(0, at, at + size);
    if (value === null) return;
    let found = false;
    eachWord(String(value), word => {
      const i = index.get(word);
      if (i === undefined) return;
      out[at + i]! += weight[i]!;
      found = true;
    });
    if (!found) return;
    let squares = 0;
    for (let i = at; i < at + size; i++) squares += out[i]! * out[i]!;
    const length = Math.sqrt(squares);
    for (let i = at; i < at + size; i++) out[i]! /= length;
  };
}
