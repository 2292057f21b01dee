import { type Column, type ColumnType, formatCount, formatFigure, formatShare } from '@twinloop/kernel';
import type { Expectation } from './config.js';

/** A rule over the values of one column. `visit` sees each row's value once (null is missing) and says whether it breaks the rule. */
export interface ValueRule {
  visit(value: number | string | null): boolean;
  /** `count` is how often `visit` said yes; undefined when the rule holds all the same. */
  close(count: number, rows: number): string | undefined;
}

type ColumnExpectation = Extract<Expectation, { readonly column: string }>;

function bounds(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `outside ${formatFigure(min)} to ${formatFigure(max)}`;
  return min !== undefined ? `below ${formatFigure(min)}` : `above ${formatFigure(max ?? Number.NaN)}`;
}

function nulls(column: string, max: number): ValueRule {
  return {
    visit: value => value === null,
    close: (count, rows) =>
      count / rows <= max
        ? undefined
        : `${column}: ${formatShare(count / rows)} of ${formatCount(rows)} values are missing, ${formatShare(max)} allowed`,
  };
}

/** Infinite values are outside every range: no bound was meant to let them in. */
function range(column: string, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): ValueRule {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  return {
    visit(value) {
      if (typeof value !== 'number') return value !== null;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
      return !(value >= min && value <= max && Number.isFinite(value));
    },
    close: (count, rows) =>
      count === 0
        ? undefined
        : `${column}: ${formatCount(count)} of ${formatCount(rows)} values lie ${bounds(
            Number.isFinite(min) ? min : undefined,
            Number.isFinite(max) ? max : undefined,
          )} (found ${formatFigure(lowest)} to ${formatFigure(highest)})`,
  };
}

/** The most frequent offenders, for the message: `"LAX" 2, "SFO" 1`. */
function offenders(seen: ReadonlyMap<number | string, number>): string {
  const most = [...seen].sort((a, b) => b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1)).slice(0, 3);
  const listed = most.map(([value, count]) => `${JSON.stringify(value).slice(0, 60)} ${formatCount(count)}`);
  return seen.size > most.length ? `${listed.join(', ')}, …` : listed.join(', ');
}

function counting(
  breaks: (value: number | string) => boolean,
  say: (count: number, rows: number, examples: string) => string,
): ValueRule {
  const seen = new Map<number | string, number>();
  return {
    visit(value) {
      if (value === null || !breaks(value)) return false;
      // A column of unique texts must not be copied into the report: a thousand offenders show the pattern.
      if (seen.size < 1000 || seen.has(value)) seen.set(value, (seen.get(value) ?? 0) + 1);
      return true;
    },
    close: (count, rows) => (count === 0 ? undefined : say(count, rows, offenders(seen))),
  };
}

function set(column: string, values: readonly (string | number)[]): ValueRule {
  const allowed = new Set(values);
  const listed = values.slice(0, 8).join(', ') + (values.length > 8 ? ', …' : '');
  return counting(
    value => !allowed.has(value),
    (count, rows, examples) =>
      `${column}: ${formatCount(count)} of ${formatCount(rows)} values are not one of ${listed} (found ${examples})`,
  );
}

function pattern(column: string, regex: string): ValueRule {
  let compiled: RegExp;
  try {
    compiled = new RegExp(regex, 'u');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { visit: () => true, close: () => `${column}: the rule's expression is not valid: ${reason}` };
  }
  return counting(
    value => !compiled.test(String(value)),
    (count, rows, examples) =>
      `${column}: ${formatCount(count)} of ${formatCount(rows)} values do not match ${regex} (found ${examples})`,
  );
}

const PARSES: Readonly<Record<ColumnType, (text: string) => boolean>> = {
  number: text => text.trim() !== '' && !Number.isNaN(Number(text)),
  boolean: text => /^(true|false|0|1)$/i.test(text.trim()),
  time: text => !Number.isNaN(Date.parse(text)),
  string: () => true,
};
const WORD: Readonly<Record<ColumnType, string>> = {
  number: 'numbers',
  boolean: 'booleans',
  time: 'times',
  string: 'texts',
};

/** For a column that is text where something else was expected, the values that do not parse are the news. */
function type(column: Column, expected: ColumnType): ValueRule {
  const matches = column.type === expected;
  const culprits = counting(
    value => !matches && (column.type !== 'string' || !PARSES[expected](String(value))),
    (count, rows, examples) =>
      column.type === 'string'
        ? `${column.name}: ${formatCount(count)} of ${formatCount(rows)} values are not ${WORD[expected]} (found ${examples})`
        : `${column.name}: holds ${WORD[column.type]} where ${WORD[expected]} are expected`,
  );
  return {
    visit: culprits.visit,
    close: (count, rows) =>
      !matches && count === 0
        ? `${column.name}: is stored as text although its values are ${WORD[expected]}; declare its type under \`datasets\``
        : culprits.close(count, rows),
  };
}

/** The rule that an expectation asks of its column. */
export function valueRule(expectation: ColumnExpectation, column: Column): ValueRule {
  switch (expectation.rule) {
    case 'nulls':
      return nulls(column.name, expectation.max);
    case 'range':
      return range(column.name, expectation.min, expectation.max);
    case 'set':
      return set(column.name, expectation.values);
    case 'pattern':
      return pattern(column.name, expectation.regex);
    case 'type':
      return type(column, expectation.type);
  }
}
