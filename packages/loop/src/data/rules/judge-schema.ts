import type { Table } from '@twinloop/kernel';
import type { Expectation } from '../config.js';
import type { RuleResult } from './judge-rule.js';

/** Holds a table's columns against those declared. Columns that are not listed are a warning at most under `warn`. */
export function judgeSchema(rule: Extract<Expectation, { rule: 'schema' }>, table: Table): RuleResult {
  const { columns, extra = 'allow' } = rule;
  const found = new Map(table.columns.map(({ name, type }) => [name, type]));
  const wrong: string[] = [];
  for (const [name, type] of Object.entries(columns)) {
    const here = found.get(name);
    if (here === undefined) wrong.push(`${name} is not there`);
    else if (here !== type) wrong.push(`${name} is ${here}, not ${type}`);
  }
  const names = table.columns.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) < i))];
  for (const name of twice) wrong.push(`${name} is there twice`);
  const more = names.filter(name => !Object.hasOwn(columns, name)).map(name => `${name} is not declared`);
  if (extra === 'refuse') wrong.push(...more);
  const { rows } = table;
  const said = (words: readonly string[]): string =>
    words.slice(0, 8).join('; ') + (words.length > 8 ? `; and ${words.length - 8} more` : '');
  if (wrong.length > 0) return { passed: false, count: rows, rows, observed: null, message: said(wrong) };
  if (extra === 'warn' && more.length > 0)
    return { passed: false, count: rows, rows, observed: null, message: said(more), severity: 'warning' };
  return { passed: true, count: 0, rows, observed: null, message: null };
}
