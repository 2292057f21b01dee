import type { BinaryOperator, Expression } from './ast.js';
import { FUNCTIONS } from './functions.js';
import { invalidExpression, tokenize, type Token } from './tokens.js';

/** Longest text and deepest nesting read: both far beyond use, both safe for the call stack. */
const MAX_LENGTH = 10_000;
const MAX_DEPTH = 100;

const BINDING: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '**': 8,
};
const NOT_BINDING = 3;
const MINUS_BINDING = 7;
const COMPARISON = 4;
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const RESERVED = new Set(['and', 'or', 'not']);

/** Precedence climbing (Pratt 1973). `**` is right-associative and binds tighter than unary minus; comparisons do not chain. */
class Parser {
  #index = 0;
  #depth = 0;
  readonly #text: string;
  readonly #tokens: readonly Token[];

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  whole(): Expression {
    const expression = this.#expression(0);
    if (this.#peek().kind !== 'end') this.#unexpected();
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#index]!;
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return token.text === text && token.kind === 'operator';
  }

  #unexpected(): never {
    const token = this.#peek();
    const what = token.kind === 'end' ? 'unexpected end' : `unexpected "${token.text}"`;
    throw invalidExpression(this.#text, token.at, what);
  }

  #expect(text: string): void {
    if (!this.#is(text)) this.#unexpected();
    this.#index++;
  }

  #operator(): BinaryOperator | undefined {
    const token = this.#peek();
    if (token.kind !== 'operator' && token.kind !== 'name') return undefined;
    return Object.hasOwn(BINDING, token.text) ? (token.text as BinaryOperator) : undefined;
  }

  #expression(minimum: number): Expression {
    if (++this.#depth > MAX_DEPTH) throw invalidExpression(this.#text, this.#peek().at, 'nested too deeply');
    let left = this.#prefix();
    let compared = false;
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined) break;
      const binding = BINDING[operator]!;
      if (binding < minimum) break;
      if (binding === COMPARISON && compared)
        throw invalidExpression(
          this.#text,
          this.#peek().at,
          'comparisons do not chain; join them with `and`',
        );
      compared = binding === COMPARISON;
      this.#index++;
      // A right-associative operator lets its right side begin at its own level.
      const right = this.#expression(operator === '**' ? binding - 1 : binding + 1);
      left = Object.freeze({ kind: 'binary', operator, left, right });
    }
    this.#depth--;
    return left;
  }

  #prefix(): Expression {
    const token = this.#next();
    switch (token.kind) {
      case 'number':
        return Object.freeze({ kind: 'literal', value: Number(token.text) });
      case 'string':
        return Object.freeze({ kind: 'literal', value: token.text });
      case 'quoted':
        return Object.freeze({ kind: 'column', name: token.text });
      case 'name':
        return this.#name(token);
      case 'operator':
        if (token.text === '(') {
          const inner = this.#expression(0);
          this.#expect(')');
          return inner;
        }
        if (token.text === '-')
          return Object.freeze({ kind: 'unary', operator: '-', operand: this.#expression(MINUS_BINDING) });
        break;
      case 'end':
        break;
    }
    if (token.kind !== 'end') this.#index--;
    return this.#unexpected();
  }

  #name(token: Token): Expression {
    const literal = LITERALS.get(token.text);
    if (literal !== undefined) return Object.freeze({ kind: 'literal', value: literal });
    if (token.text === 'not')
      return Object.freeze({ kind: 'unary', operator: 'not', operand: this.#expression(NOT_BINDING) });
    if (RESERVED.has(token.text)) throw invalidExpression(this.#text, token.at, `unexpected "${token.text}"`);
    if (!this.#is('(')) return Object.freeze({ kind: 'column', name: token.text });
    return this.#call(token);
  }

  #call(token: Token): Expression {
    const known = FUNCTIONS.get(token.text);
    if (known === undefined)
      throw invalidExpression(this.#text, token.at, `there is no function "${token.text}"`);
    this.#expect('(');
    const args: Expression[] = [];
    if (!this.#is(')')) {
      args.push(this.#expression(0));
      while (this.#is(',')) {
        this.#index++;
        args.push(this.#expression(0));
      }
    }
    this.#expect(')');
    const [least, most] = known.arity;
    if (args.length < least || args.length > most) {
      const wants =
        least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
      throw invalidExpression(
        this.#text,
        token.at,
        `${token.text} takes ${wants} argument(s), not ${args.length}`,
      );
    }
    const problem = known.check?.(args);
    if (problem !== undefined) throw invalidExpression(this.#text, token.at, problem);
    return Object.freeze({ kind: 'call', name: token.text, args: Object.freeze(args) });
  }
}

/**
 * Parses a feature expression: `if(temp < 32, 'ice', 'dry')`, `log1p(distance)`, `` `odd name` % 100 ``.
 * The language is a row's: no loops, no state, no access beyond the columns named.
 * @throws expression_invalid with the 1-based column in `details`
 */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_LENGTH)
    throw invalidExpression(text, MAX_LENGTH, `longer than ${MAX_LENGTH} characters`);
  return new Parser(text).whole();
}
