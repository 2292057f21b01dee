import { TwinloopError } from '@twinloop/kernel';

export interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'quoted' | 'operator' | 'end';
  readonly text: string;
  /** Offset of its first character. */
  readonly at: number;
}

const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
/** A dot joins the name of a join and its column: `weather.temp`. */
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const OPERATOR = /\*\*|==|!=|<=|>=|[-+*/%<>(),]/y;
const SPACE = /\s+/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** An `expression_invalid` that says where (1-based column). */
export function invalidExpression(expression: string, at: number, reason: string): TwinloopError {
  const where = `${reason} at column ${at + 1}`;
  return new TwinloopError('expression_invalid', {
    values: {
      expression: expression.length > 200 ? `${expression.slice(0, 200)}…` : expression,
      reason: where,
    },
    details: [{ message: reason, column: at + 1 }],
  });
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Reads quoted text; a backslash keeps the next character, as in `'it\'s'`. */
function quoted(text: string, at: number): { readonly value: string; readonly end: number } {
  const quote = text[at]!;
  let value = '';
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i]!;
    if (char === quote) return { value, end: i + 1 };
    if (char === '\\' && i + 1 < text.length) {
      const next = text[++i]!;
      value += ESCAPES[next] ?? next;
    } else value += char;
  }
  throw invalidExpression(text, at, `the ${quote} is not closed`);
}

/** @throws expression_invalid */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const char = text[at]!;
    if (char === "'" || char === '"' || char === '`') {
      const { value, end } = quoted(text, at);
      if (char === '`' && value === '') throw invalidExpression(text, at, 'a column name is empty');
      tokens.push({ kind: char === '`' ? 'quoted' : 'string', text: value, at });
      at = end;
      continue;
    }
    const number = match(NUMBER, text, at);
    const name = number === undefined ? match(NAME, text, at) : undefined;
    const operator = number === undefined && name === undefined ? match(OPERATOR, text, at) : undefined;
    const found = number ?? name ?? operator;
    if (found === undefined) throw invalidExpression(text, at, `unexpected "${char}"`);
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'operator';
    tokens.push({ kind, text: found, at });
    at += found.length;
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}
