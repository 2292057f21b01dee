import type { Scalar } from '@twinloop/kernel';
import type { Expression } from './ast.js';
import { DATE_PARTS, type DatePart } from './timezone.js';

export interface FunctionEntry {
  readonly arity: readonly [least: number, most: number];
  readonly result: 'number' | 'string' | 'boolean' | 'argument';
  /** Strict functions see no missing value: one missing argument makes the result missing. */
  readonly strict?: (args: readonly (number | string | boolean)[]) => Scalar;
  /** The common case of one number in, one number out, without an array. */
  readonly unary?: (x: number) => number;
  readonly datePart?: DatePart;
  /** What is wrong with the arguments as written, if anything. */
  readonly check?: (args: readonly Expression[]) => string | undefined;
}

const math = (unary: (x: number) => number): FunctionEntry => ({ arity: [1, 1], result: 'number', unary });

const numeric = (value: number | string | boolean): number =>
  typeof value === 'string' ? Number.NaN : Number(value);

const extreme = (pick: (a: number, b: number) => number): FunctionEntry => ({
  arity: [1, Number.POSITIVE_INFINITY],
  result: 'number',
  strict: args => args.map(numeric).reduce(pick),
});

/** Text functions of one or two texts; any other type makes the result missing. */
const text = (
  arity: 1 | 2,
  result: 'number' | 'string' | 'boolean',
  fn: (a: string, b: string) => Scalar,
): FunctionEntry => ({
  arity: [arity, arity],
  result,
  strict: args =>
    args.every(arg => typeof arg === 'string') ? fn(args[0] as string, args[1] as string) : null,
});

function checkEdges(args: readonly Expression[]): string | undefined {
  let previous = Number.NEGATIVE_INFINITY;
  for (const arg of args.slice(1)) {
    const edge =
      arg.kind === 'literal'
        ? arg.value
        : arg.kind === 'unary' && arg.operator === '-' && arg.operand.kind === 'literal'
          ? -Number(arg.operand.value)
          : null;
    if (typeof edge !== 'number' || !(edge > previous)) return 'bucket takes ascending numbers as edges';
    previous = edge;
  }
  return undefined;
}

/**
 * Every function of the language. `if`, `coalesce` and `is_null` look at missing values; all others are strict.
 * A result that is not finite (`log(-1)`, overflow) is missing.
 */
export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = new Map<string, FunctionEntry>([
  ['if', { arity: [3, 3], result: 'argument' }],
  ['coalesce', { arity: [1, Number.POSITIVE_INFINITY], result: 'argument' }],
  ['is_null', { arity: [1, 1], result: 'boolean' }],
  ['floor', math(Math.floor)],
  ['ceil', math(Math.ceil)],
  // Halves go up, as in ECMAScript: round(-0.5) is 0.
  ['round', math(Math.round)],
  ['abs', math(Math.abs)],
  ['log', math(Math.log)],
  ['log1p', math(Math.log1p)],
  ['exp', math(Math.exp)],
  ['sqrt', math(Math.sqrt)],
  ['sin', math(Math.sin)],
  ['cos', math(Math.cos)],
  ['pow', { arity: [2, 2], result: 'number', strict: args => numeric(args[0]!) ** numeric(args[1]!) }],
  ['min', extreme((a, b) => Math.min(a, b))],
  ['max', extreme((a, b) => Math.max(a, b))],
  [
    'bucket',
    {
      arity: [2, Number.POSITIVE_INFINITY],
      result: 'number',
      check: checkEdges,
      strict: args => {
        const x = numeric(args[0]!);
        if (Number.isNaN(x)) return null;
        let index = 0;
        while (index + 1 < args.length && x >= numeric(args[index + 1]!)) index++;
        return index;
      },
    },
  ],
  ['lower', text(1, 'string', a => a.toLowerCase())],
  ['upper', text(1, 'string', a => a.toUpperCase())],
  ['trim', text(1, 'string', a => a.trim())],
  // Code points, so that one emoji counts one.
  ['length', text(1, 'number', a => Array.from(a).length)],
  ['contains', text(2, 'boolean', (a, b) => a.includes(b))],
  ['starts_with', text(2, 'boolean', (a, b) => a.startsWith(b))],
  [
    'concat',
    { arity: [1, Number.POSITIVE_INFINITY], result: 'string', strict: args => args.map(String).join('') },
  ],
  ...DATE_PARTS.map((part): [string, FunctionEntry] => [
    part,
    { arity: [1, 1], result: 'number', datePart: part },
  ]),
]);
