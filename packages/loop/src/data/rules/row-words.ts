import {
  type CheckOutcome,
  type ColumnType,
  formatCount,
  formatFigure,
  formatShare,
  type Scalar,
} from '@twinloop/kernel';
import type { RowExpectation } from '../config.js';
import { OUTLIER_Z } from './compile-rule.js';

const WORD: Readonly<Record<ColumnType, string>> = {
  number: 'numbers',
  boolean: 'booleans',
  time: 'times',
  string: 'texts',
};

/** The most frequent offenders: `"LAX" 2, "SFO" 1`. */
function offenders({ examples = [], more = false }: CheckOutcome): string {
  const listed = examples.map(
    ([value, count]: readonly [Scalar, number]) =>
      `${JSON.stringify(value).slice(0, 60)} ${formatCount(count)}`,
  );
  return more ? `${listed.join(', ')}, …` : listed.join(', ');
}

const found = (outcome: CheckOutcome): string =>
  outcome.examples === undefined || outcome.examples.length === 0 ? '' : ` (found ${offenders(outcome)})`;

function bounds({ min, max, above, below }: Extract<RowExpectation, { rule: 'range' }>): string {
  const low = above ?? min;
  const high = below ?? max;
  if (above === undefined && below === undefined) {
    if (low !== undefined && high !== undefined)
      return `outside ${formatFigure(low)} to ${formatFigure(high)}`;
    if (low !== undefined) return `below ${formatFigure(low)}`;
    return high === undefined ? 'beyond any bound' : `above ${formatFigure(high)}`;
  }
  const parts = [
    ...(above !== undefined
      ? [`above ${formatFigure(above)}`]
      : min !== undefined
        ? [`at least ${formatFigure(min)}`]
        : []),
    ...(below !== undefined
      ? [`below ${formatFigure(below)}`]
      : max !== undefined
        ? [`at most ${formatFigure(max)}`]
        : []),
  ];
  return `where they must not: they must be ${parts.join(' and ')}`;
}

/** What the rows that break a rule do, in words: `hour: 2 of 6 values lie outside 0 to 23 (found −1 to 99)`. */
export function rowWords(rule: RowExpectation, outcome: CheckOutcome, type: ColumnType | undefined): string {
  const of = `${formatCount(outcome.broken)} of ${formatCount(outcome.rows)}`;
  switch (rule.rule) {
    case 'nulls': {
      const allowed = rule.max ?? 1 - (rule.mostly ?? 1);
      return `${rule.column}: ${formatShare(outcome.broken / outcome.rows)} of ${formatCount(outcome.rows)} values are missing, ${formatShare(allowed)} allowed`;
    }
    case 'unique':
      return `${rule.columns.join(', ')}: ${of} rows repeat an earlier one${found(outcome)}`;
    case 'range': {
      const ends = outcome.found;
      const said =
        ends === undefined ? found(outcome) : ` (found ${formatFigure(ends[0])} to ${formatFigure(ends[1])})`;
      return `${rule.column}: ${of} values lie ${bounds(rule)}${said}`;
    }
    case 'length': {
      const { min = 0, max } = rule;
      const allowed =
        max === undefined
          ? `at least ${min}`
          : min === max
            ? String(max)
            : min === 0
              ? `at most ${max}`
              : `${min} to ${max}`;
      return `${rule.column}: ${of} values do not have ${allowed} characters${found(outcome)}`;
    }
    case 'set': {
      const listed = rule.values.slice(0, 8).join(', ') + (rule.values.length > 8 ? ', …' : '');
      return `${rule.column}: ${of} values are not one of ${listed}${found(outcome)}`;
    }
    case 'pattern':
      return `${rule.column}: ${of} values do not match ${rule.regex}${found(outcome)}`;
    case 'type':
      return type === 'string'
        ? `${rule.column}: ${of} values are not ${WORD[rule.type]}${found(outcome)}`
        : `${rule.column}: holds ${WORD[type ?? 'string']} where ${WORD[rule.type]} are expected`;
    case 'outliers':
      return `${rule.column}: ${of} values lie ${formatFigure(rule.z ?? OUTLIER_Z)} or more standard deviations from the mean${found(outcome)}`;
    case 'monotonic': {
      const { direction = 'increasing', strictly = false, per } = rule;
      const whose = per === undefined ? '' : ` of the same ${per}`;
      return `${rule.column}: ${of} values are ${direction === 'increasing' ? 'less' : 'greater'}${strictly ? ' than or equal to' : ' than'} the one before${whose}${found(outcome)}`;
    }
    case 'reference':
      return `${rule.columns.join(', ')}: ${of} rows are not found in ${rule.dataset}${found(outcome)}`;
    case 'sql':
      return `${rule.expression}: false for ${of} rows`;
  }
}

/** Numbers, truth values or times that are kept as texts: right values in the wrong type. */
export const storedAsText = (column: string, type: ColumnType): string =>
  `${column}: is stored as text although its values are ${WORD[type]}; declare its type under \`datasets\``;
