import { type DataCheck, type Figure, parseDuration, type RowTest } from '@twinloop/kernel';
import type { Expectation, RowExpectation } from '../config.js';

const ROW_RULES: Readonly<Record<RowExpectation['rule'], true>> = {
  nulls: true,
  unique: true,
  range: true,
  length: true,
  set: true,
  pattern: true,
  type: true,
  outliers: true,
  monotonic: true,
  reference: true,
  sql: true,
};

/** Whether a rule says of each row if it breaks it: only such rows can be kept apart. */
export const isRowRule = (rule: Expectation): rule is RowExpectation => Object.hasOwn(ROW_RULES, rule.rule);

/** How many standard deviations from the mean make an outlier, unless the rule says. */
export const OUTLIER_Z = 5;

/** The columns that a rule names in its own fields, those of SQL aside. */
export function columnsOf(rule: Expectation): readonly string[] {
  const by = 'by' in rule && rule.by !== undefined ? [rule.by] : [];
  switch (rule.rule) {
    case 'rows':
    case 'sql':
    case 'sql-value':
      return by;
    case 'schema':
      return [];
    case 'unique':
    case 'reference':
      return [...rule.columns, ...by];
    case 'monotonic':
      return [rule.column, ...(rule.per === undefined ? [] : [rule.per]), ...by];
    case 'freshness':
      return [...(rule.column === undefined ? [] : [rule.column]), ...by];
    case 'distribution':
      return [rule.column];
    default:
      return [rule.column, ...by];
  }
}

/** What a rule is about, as people name it: a column, several, or nothing in particular. */
export function subjectOf(rule: Expectation): string {
  if ('column' in rule && rule.column !== undefined) return rule.column;
  return 'columns' in rule && Array.isArray(rule.columns) ? rule.columns.join(', ') : '';
}

export interface CompileScope {
  /** The dataset's `time`. */
  readonly time?: string;
  /** The stored table of a dataset's newest accepted version. */
  readonly referenced: ReadonlyMap<string, { readonly blob: string }>;
}

/** The check that a rule asks for; undefined when it is judged without one. @throws RangeError with words for people */
export function compileRule(rule: Expectation, scope: CompileScope): DataCheck | undefined {
  const slice = {
    ...('where' in rule && rule.where !== undefined ? { where: rule.where } : {}),
    ...('by' in rule && rule.by !== undefined ? { by: rule.by } : {}),
  };
  if (isRowRule(rule)) return { ...slice, test: rowTest(rule, scope) };
  const figure = figureOf(rule, scope);
  return figure === undefined ? undefined : { ...slice, figure };
}

function rowTest(rule: RowExpectation, { referenced }: CompileScope): RowTest {
  switch (rule.rule) {
    case 'nulls':
      return { kind: 'present', column: rule.column };
    case 'unique':
      return { kind: 'unique', columns: rule.columns };
    case 'range': {
      const { column, min, max, above, below } = rule;
      return {
        kind: 'between',
        column,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(above === undefined ? {} : { above }),
        ...(below === undefined ? {} : { below }),
      };
    }
    case 'length': {
      const { column, min, max } = rule;
      return {
        kind: 'length',
        column,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      };
    }
    case 'set':
      return { kind: 'among', column: rule.column, values: rule.values };
    case 'pattern':
      return { kind: 'matches', column: rule.column, regex: rule.regex };
    case 'type':
      return { kind: 'reads-as', column: rule.column, type: rule.type };
    case 'outliers':
      return { kind: 'near-mean', column: rule.column, z: rule.z ?? OUTLIER_Z };
    case 'monotonic': {
      const { column, direction = 'increasing', strictly = false, per } = rule;
      return { kind: 'ordered', column, direction, strictly, ...(per === undefined ? {} : { per }) };
    }
    case 'reference': {
      const stored = referenced.get(rule.dataset);
      if (stored === undefined) throw new RangeError(`${rule.dataset} has no accepted version to look in`);
      return {
        kind: 'refers',
        columns: rule.columns,
        blob: stored.blob as Extract<RowTest, { kind: 'refers' }>['blob'],
        to: rule.to ?? rule.columns,
      };
    }
    case 'sql':
      return { kind: 'holds', expression: rule.expression };
  }
}

function figureOf(rule: Exclude<Expectation, RowExpectation>, { time }: CompileScope): Figure | undefined {
  switch (rule.rule) {
    case 'rows':
      return { kind: 'rows' };
    case 'statistic':
      return { kind: 'statistic', column: rule.column, of: rule.of };
    case 'sql-value':
      return { kind: 'value', expression: rule.expression };
    case 'freshness': {
      parseDuration(rule.within);
      const column = rule.column ?? time;
      if (column === undefined)
        throw new RangeError('no column dates the rows: the dataset declares no `time`');
      return { kind: 'statistic', column, of: 'max' };
    }
    case 'schema':
    case 'distribution':
      return undefined;
  }
}
