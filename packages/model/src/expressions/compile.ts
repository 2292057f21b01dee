import type { ColumnType, Row, Scalar } from '@twinloop/kernel';
import type { BinaryNode, CallNode, Expression } from './ast.js';
import { FUNCTIONS } from './functions.js';
import { datePart, zoneOffset, type ZoneOffset } from './timezone.js';

export type Evaluate<Env> = (env: Env) => Scalar;

export interface CompileOptions {
  /** Zone of `hour`, `month`, …: an IANA name, or a function. Default UTC. */
  readonly timezone?: string | ZoneOffset;
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** A number, or NaN for what is missing or text; booleans count 0 and 1. */
function asNumber(value: Scalar): number {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : Number.NaN;
}

/** True, false, or null when missing; numbers are true unless 0; text has no truth. */
function asTruth(value: Scalar): boolean | null {
  if (typeof value === 'boolean') return value;
  return typeof value === 'number' && !Number.isNaN(value) ? value !== 0 : null;
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  // The sign of the divisor, as in Python: -7 % 3 is 2.
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
};

type Comparable = number | string;
const COMPARE: Readonly<Record<string, (a: Comparable, b: Comparable) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function binary<Env>(node: BinaryNode, left: Evaluate<Env>, right: Evaluate<Env>): Evaluate<Env> {
  const arithmetic = ARITHMETIC[node.operator];
  if (arithmetic !== undefined) return env => finite(arithmetic(asNumber(left(env)), asNumber(right(env))));
  const compare = COMPARE[node.operator];
  if (compare !== undefined) {
    return env => {
      const a = left(env);
      const b = right(env);
      if (typeof a === 'string' || typeof b === 'string')
        return typeof a === 'string' && typeof b === 'string' ? compare(a, b) : null;
      const x = asNumber(a);
      const y = asNumber(b);
      return Number.isNaN(x) || Number.isNaN(y) ? null : compare(x, y);
    };
  }
  // Kleene's three values: the decisive operand wins even beside a missing one.
  const decisive = node.operator === 'or';
  return env => {
    const a = asTruth(left(env));
    if (a === decisive) return decisive;
    const b = asTruth(right(env));
    if (b === decisive) return decisive;
    return a === null || b === null ? null : !decisive;
  };
}

function call<Env>(node: CallNode, args: readonly Evaluate<Env>[], offset: () => ZoneOffset): Evaluate<Env> {
  const [first, second, third] = args;
  if (node.name === 'if') {
    return env => {
      const truth = asTruth(first!(env));
      return truth === null ? null : truth ? second!(env) : third!(env);
    };
  }
  if (node.name === 'is_null') {
    return env => {
      const value = first!(env);
      return value === null || Number.isNaN(value);
    };
  }
  if (node.name === 'coalesce') {
    return env => {
      for (const arg of args) {
        const value = arg(env);
        if (value !== null && !Number.isNaN(value)) return value;
      }
      return null;
    };
  }
  const entry = FUNCTIONS.get(node.name)!;
  if (entry.unary !== undefined) {
    const unary = entry.unary;
    return env => finite(unary(asNumber(first!(env))));
  }
  if (entry.datePart !== undefined) {
    const read = datePart(entry.datePart, offset());
    return env => {
      const time = asNumber(first!(env));
      return Number.isNaN(time) ? null : read(time);
    };
  }
  const strict = entry.strict!;
  return env => {
    const values: (number | string | boolean)[] = [];
    for (const arg of args) {
      const value = arg(env);
      if (value === null || Number.isNaN(value)) return null;
      values.push(value);
    }
    const result = strict(values);
    return typeof result === 'number' ? finite(result) : result;
  };
}

/** Compiles over any environment; `column` says how a name is read from it. The one evaluator: rows and tables both end here. */
export function compileOver<Env>(
  expression: Expression,
  column: (name: string) => Evaluate<Env>,
  options: CompileOptions = {},
): Evaluate<Env> {
  let zone: ZoneOffset | undefined;
  const offset = (): ZoneOffset => {
    const { timezone = 'UTC' } = options;
    return (zone ??= typeof timezone === 'string' ? zoneOffset(timezone) : timezone);
  };
  const compile = (node: Expression): Evaluate<Env> => {
    switch (node.kind) {
      case 'literal': {
        const { value } = node;
        return () => value;
      }
      case 'column':
        return column(node.name);
      case 'unary': {
        const operand = compile(node.operand);
        if (node.operator === '-') return env => finite(-asNumber(operand(env)));
        return env => {
          const truth = asTruth(operand(env));
          return truth === null ? null : !truth;
        };
      }
      case 'binary':
        return binary(node, compile(node.left), compile(node.right));
      case 'call':
        return call(node, node.args.map(compile), offset);
    }
  };
  return compile(expression);
}

/**
 * Compiles an expression to a function of a row. Missing (null, NaN, an absent column, the wrong type) propagates
 * through operators and functions, except: `and`/`or` (Kleene), `coalesce`, `is_null`. `if` with a missing condition is
 * missing. What is not finite (x / 0, log(-1)) is missing.
 */
export function compileExpression(
  expression: Expression,
  options: CompileOptions = {},
): (row: Row) => Scalar {
  return compileOver<Row>(expression, name => row => row[name] ?? null, options);
}

/** The type an expression yields, given its columns' types; `null` for a bare `null`. */
export function typeOfExpression(
  expression: Expression,
  column: (name: string) => ColumnType,
): 'number' | 'string' | 'boolean' | null {
  switch (expression.kind) {
    case 'literal':
      return expression.value === null ? null : (typeof expression.value as 'number' | 'string' | 'boolean');
    case 'column': {
      const type = column(expression.name);
      return type === 'time' ? 'number' : type;
    }
    case 'unary':
      return expression.operator === '-' ? 'number' : 'boolean';
    case 'binary':
      return Object.hasOwn(ARITHMETIC, expression.operator) ? 'number' : 'boolean';
    case 'call': {
      const { result } = FUNCTIONS.get(expression.name)!;
      if (result !== 'argument') return result;
      const candidates = expression.name === 'if' ? expression.args.slice(1) : expression.args;
      const types = candidates.map(arg => typeOfExpression(arg, column)).filter(type => type !== null);
      if (types.includes('string')) return 'string';
      return types.includes('number') ? 'number' : (types[0] ?? null);
    }
  }
}
