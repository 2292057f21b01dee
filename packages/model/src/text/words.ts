/** Characters of a text that are looked at: what a request costs stays bounded. */
export const MAX_TEXT = 100_000;

/** A word is letters, digits and combining marks, apostrophes inside; an emoji is a word of its own. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{Extended_Pictographic}/gu;

/** Parts the two words of a pair; no word holds a blank. */
const PAIR = ' ';

/**
 * The lower-cased words of a text in order, each followed by the pair that it makes with the word before it. Without
 * anything that depends on a locale, so the same text gives the same words on every machine. Linear in its length.
 */
export function eachWord(text: string, visit: (word: string) => void): void {
  const head = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  let previous = '';
  for (const [word] of head.normalize('NFC').toLowerCase().matchAll(WORD)) {
    visit(word);
    if (previous !== '') visit(previous + PAIR + word);
    previous = word;
  }
}
