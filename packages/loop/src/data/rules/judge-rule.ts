import {
  type CheckCounts,
  type CheckOutcome,
  type EpochMs,
  formatCount,
  formatDuration,
  formatFigure,
  formatShare,
  parseDuration,
  type Schema,
} from '@twinloop/kernel';
import type { Expectation, RowExpectation, TableExpectation } from '../config.js';
import { isRowRule } from './compile-rule.js';
import { rowWords, storedAsText } from './row-words.js';

/** What a rule said of one version. */
export interface RuleResult {
  readonly passed: boolean;
  /** Rows that break it; of rules about the whole table 0 or all rows. */
  readonly count: number;
  readonly rows: number;
  /** What was observed, where the rule is about one figure. */
  readonly observed: number | null;
  readonly message: string | null;
  /** Where it is not the rule's own. */
  readonly severity?: 'warning';
}

export interface JudgeScope {
  readonly schema: Schema;
  readonly rows: number;
  /** Row counts of the last accepted versions, newest first. */
  readonly history: readonly number[];
  /** The time of the check. */
  readonly at: EpochMs;
}

export const failed = (rows: number, message: string, observed: number | null = null): RuleResult => ({
  passed: false,
  count: rows,
  rows,
  observed,
  message,
});

/** A rule whose check could not be evaluated is broken, and says why. */
function evaluationFailed(rule: Expectation, problem: string, rows: number): RuleResult {
  if (rule.rule === 'pattern')
    return failed(rows, `${rule.column}: the rule's expression is not valid: ${problem}`);
  const name =
    'expression' in rule ? rule.expression : 'column' in rule ? (rule.column ?? rule.rule) : rule.rule;
  return failed(rows, `${name}: cannot be evaluated: ${problem}`);
}

/** Holds what was counted against the rule. */
export function judgeRule(rule: Expectation, outcome: CheckOutcome, scope: JudgeScope): RuleResult {
  if (outcome.problem !== undefined) return evaluationFailed(rule, outcome.problem, scope.rows);
  const broken = isRowRule(rule)
    ? (counts: CheckCounts) => rowBroken(rule, { ...outcome, ...counts }, scope)
    : (counts: CheckCounts) => figureBroken(rule, counts, scope);
  const { groups } = outcome;
  if (groups === undefined) {
    const message = broken(outcome);
    const { figure, rows } = outcome;
    const count = isRowRule(rule) ? outcome.broken : message === undefined ? 0 : rows;
    const shown = rule.rule === 'freshness' && figure !== null ? scope.at - figure : figure;
    return { passed: message === undefined, count, rows, observed: shown, message: sliced(rule, message) };
  }
  const bad = groups.flatMap(group => {
    const message = broken(group);
    return message === undefined ? [] : [{ group, message }];
  });
  // The worst is the one with the largest share of broken rows; of figures, the largest group.
  bad.sort((a, b) => b.group.broken / (b.group.tested || 1) - a.group.broken / (a.group.tested || 1));
  const [worst] = bad;
  const counted = bad.reduce((sum, { group }) => sum + (isRowRule(rule) ? group.broken : group.rows), 0);
  const by = 'by' in rule ? rule.by : undefined;
  return {
    passed: worst === undefined,
    count: counted,
    rows: outcome.rows,
    observed: worst?.group.figure ?? null,
    message: sliced(
      rule,
      worst &&
        `${worst.message} where ${by} is ${worst.group.group ?? 'missing'} (${bad.length} of ${groups.length} groups)`,
    ),
  };
}

function sliced(rule: Expectation, message: string | undefined): string | null {
  if (message === undefined) return null;
  return 'where' in rule && rule.where !== undefined ? `${message}, where ${rule.where}` : message;
}

function rowBroken(rule: RowExpectation, outcome: CheckOutcome, { schema }: JudgeScope): string | undefined {
  const { rows, tested, broken } = outcome;
  const type = 'column' in rule ? schema.find(({ name }) => name === rule.column)?.type : undefined;
  if (rule.rule === 'type' && broken === 0 && type === 'string' && rule.type !== 'string' && tested > 0)
    return storedAsText(rule.column, rule.type);
  if (broken === 0) return undefined;
  if (rule.rule === 'nulls' && rule.max !== undefined)
    return broken / rows <= rule.max ? undefined : rowWords(rule, outcome, type);
  const { mostly = 1 } = rule;
  if ((tested - broken) / tested >= mostly) return undefined;
  const words = rowWords(rule, outcome, type);
  return mostly === 1 || rule.rule === 'nulls' ? words : `${words}; ${formatShare(1 - mostly)} may`;
}

function figureBroken(rule: TableExpectation, counts: CheckCounts, scope: JudgeScope): string | undefined {
  const { figure, rows } = counts;
  switch (rule.rule) {
    case 'rows':
      return rowsBroken(rule, rows, scope);
    case 'freshness': {
      const within = parseDuration(rule.within);
      if (figure === null) return `no row has a time, and the newest must not be older than ${rule.within}`;
      const age = scope.at - figure;
      return age <= within
        ? undefined
        : `the newest row is ${formatDuration(roughly(age))} old, ${rule.within} allowed`;
    }
    case 'statistic':
    case 'sql-value': {
      const name = rule.rule === 'statistic' ? `${rule.column}: the ${NAMES[rule.of]}` : rule.expression;
      const { min, max } = rule;
      if (figure === null) return `${name} is undefined`;
      if ((min === undefined || figure >= min) && (max === undefined || figure <= max)) return undefined;
      const bound =
        min !== undefined && max !== undefined
          ? `${formatFigure(min)} to ${formatFigure(max)}`
          : min !== undefined
            ? `at least ${formatFigure(min)}`
            : `at most ${formatFigure(max!)}`;
      return `${name} is ${formatFigure(figure)}, ${bound} expected`;
    }
    default:
      return undefined;
  }
}

/** To the minute, above an hour. */
const roughly = (ms: number): number =>
  ms < 36e5 ? Math.round(ms / 1000) * 1000 : Math.round(ms / 6e4) * 6e4;

const NAMES = {
  mean: 'mean',
  median: 'median',
  stdev: 'standard deviation',
  min: 'least value',
  max: 'greatest value',
  sum: 'sum',
  distinct: 'number of different values',
  'unique-share': 'share of different values',
} as const;

function rowsBroken(
  rule: Extract<TableExpectation, { rule: 'rows' }>,
  rows: number,
  { history }: JudgeScope,
): string | undefined {
  const { min = 0, max = Number.POSITIVE_INFINITY, against, within = 0.5, last = 5 } = rule;
  if (rows < min) return `${formatCount(rows)} rows, at least ${formatCount(min)} expected`;
  if (rows > max) return `${formatCount(rows)} rows, at most ${formatCount(max)} expected`;
  if (against === undefined || history.length === 0) return undefined;
  const past = history.slice(0, last).sort((a, b) => a - b);
  const middle = (past[(past.length - 1) >> 1]! + past[past.length >> 1]!) / 2;
  if (Math.abs(rows - middle) <= within * middle) return undefined;
  return `${formatCount(rows)} rows, ${formatCount(Math.ceil(middle * (1 - within)))} to ${formatCount(Math.floor(middle * (1 + within)))} expected: the last ${past.length === 1 ? 'version' : `${past.length} versions`} had ${formatCount(middle)}${past.length === 1 ? '' : ' (median)'}`;
}
