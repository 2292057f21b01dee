import { exactInteger } from './datatypes.js';

/** JSON as tensors need it: integers that a double cannot hold stay exact. */
export type WireJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly WireJson[]
  | { readonly [key: string]: WireJson };

/** An integer of 16 digits or more, which `JSON.parse` might round. Digits after a point or before an exponent are fractions and may be; beyond 400 digits nothing is a number of any datatype. */
const BIG_INTEGER = /(?<![\d.])\d{16,400}(?![\d.eE])/;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** The bare words by their first character. */
const WORDS: ReadonlyMap<string, readonly [string, null | boolean | number]> = new Map([
  ['n', ['null', null]],
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['N', ['NaN', Number.NaN]],
  ['I', ['Infinity', Number.POSITIVE_INFINITY]],
  ['-', ['-Infinity', Number.NEGATIVE_INFINITY]],
]);
const MAX_DEPTH = 64;

/**
 * Parses JSON; integers beyond 2^53 come back as bigint. Also reads the bare words `NaN`, `Infinity` and `-Infinity`,
 * which Python clients write and Triton accepts. The ordinary case costs one `JSON.parse` and one scan.
 * @throws SyntaxError
 */
export function parseWireJson(text: string): WireJson {
  if (BIG_INTEGER.test(text)) return new ExactParser(text).parse();
  try {
    return JSON.parse(text) as WireJson;
  } catch (error) {
    if (!text.includes('NaN') && !text.includes('Infinity')) throw error;
    return new ExactParser(text).parse();
  }
}

/** A recursive-descent parser with bounded depth; about twice as slow as `JSON.parse`, so only for texts that need it. */
class ExactParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): WireJson {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #value(depth: number): WireJson {
    if (depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} at position ${this.#at}`);
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#wordOrNumber();
    }
  }

  #object(depth: number): WireJson {
    const members: [string, WireJson][] = [];
    this.#at++;
    if (!this.#take('}')) {
      do {
        this.#skipSpace();
        if (this.#text[this.#at] !== '"') this.#fail();
        const key = this.#string();
        if (!this.#take(':')) this.#fail();
        members.push([key, this.#value(depth + 1)]);
      } while (this.#take(','));
      if (!this.#take('}')) this.#fail();
    }
    // fromEntries defines own properties, so a `__proto__` key stays data, as in JSON.parse.
    return Object.fromEntries(members);
  }

  #array(depth: number): WireJson {
    const items: WireJson[] = [];
    this.#at++;
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) this.#fail();
    return items;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    for (; ; end++) {
      const unit = this.#text.charCodeAt(end);
      if (Number.isNaN(unit)) this.#fail();
      if (unit === 34) break;
      if (unit === 92) end++;
    }
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(start, end + 1)) as string;
  }

  #wordOrNumber(): WireJson {
    const start = this.#at;
    const code = this.#text.charCodeAt(start);
    const word = code >= 48 && code <= 57 ? undefined : WORDS.get(this.#text[start] ?? '');
    if (word !== undefined && this.#text.startsWith(word[0], start)) {
      this.#at += word[0].length;
      return word[1];
    }
    NUMBER.lastIndex = start;
    if (!NUMBER.test(this.#text)) this.#fail();
    this.#at = NUMBER.lastIndex;
    const digits = this.#text.slice(start, this.#at);
    if (digits.length < 16 || digits.length > 400 || /[.eE]/.test(digits)) return Number(digits);
    return exactInteger(BigInt(digits));
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(): never {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end';
    throw new SyntaxError(`unexpected ${found} at position ${this.#at}`);
  }
}
