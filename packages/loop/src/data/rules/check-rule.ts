import type { DatasetConfig, DatasetsConfig, Expectation } from '../config.js';
import { isRowRule } from './compile-rule.js';

/** What can be said against a rule before there is data: the field it is about, and the words. */
export interface RuleProblem {
  readonly field: string;
  readonly message: string;
}

/** RE2 has no look-around and no back-references; what else is no pattern is said when it is checked. */
const NOT_RE2 = /\(\?<?[=!]|\\[1-9]/;

/** Whether a declared rule can ever be judged. */
export function ruleProblem(
  rule: Expectation,
  dataset: DatasetConfig,
  datasets: DatasetsConfig,
): RuleProblem | undefined {
  const bounds = boundsProblem(rule);
  if (bounds !== undefined) return bounds;
  switch (rule.rule) {
    case 'pattern':
      if (NOT_RE2.test(rule.regex))
        return {
          field: 'regex',
          message: 'patterns are RE2: they have no look-around and no back-references',
        };
      break;
    case 'reference':
      if (!Object.hasOwn(datasets, rule.dataset))
        return { field: 'dataset', message: `there is no dataset "${rule.dataset}"` };
      if (rule.to !== undefined && rule.to.length !== rule.columns.length)
        return { field: 'to', message: `names ${rule.to.length} columns for ${rule.columns.length}` };
      break;
    case 'freshness':
      if (rule.column === undefined && dataset.time === undefined)
        return {
          field: 'column',
          message: 'the dataset declares no `time`: name the column that dates a row',
        };
      break;
    case 'nulls':
      if (rule.max !== undefined && rule.mostly !== undefined && rule.mostly < 1)
        return { field: 'mostly', message: '`max` and `mostly` say the same: keep one of them' };
      break;
    default:
  }
  if (isRowRule(rule) && rule.quarantine === true && rule.severity === 'warning')
    return { field: 'quarantine', message: 'a rule that only warns keeps no rows apart' };
  return undefined;
}

function boundsProblem(rule: Expectation): RuleProblem | undefined {
  if (!['range', 'length', 'statistic', 'sql-value', 'rows'].includes(rule.rule)) return undefined;
  const { min, max, above, below } = rule as {
    readonly min?: number;
    readonly max?: number;
    readonly above?: number;
    readonly below?: number;
  };
  const low = Math.max(min ?? Number.NEGATIVE_INFINITY, above ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(max ?? Number.POSITIVE_INFINITY, below ?? Number.POSITIVE_INFINITY);
  if (low > high || (low === high && (above === low || below === high)))
    return { field: max === undefined ? 'below' : 'max', message: 'no value lies within these bounds' };
  const open = low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;
  if (open && !(rule.rule === 'rows' && rule.against !== undefined))
    return { field: 'min', message: 'the rule has no bound and always holds' };
  return undefined;
}
