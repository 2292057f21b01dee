import {
  type Column,
  columnOf,
  type ExpectationFinding,
  formatCount,
  type Table,
  TwinloopError,
} from '@twinloop/kernel';
import type { Expectation } from './config.js';
import { countRepeats } from './repeats.js';
import { type ValueRule, valueRule } from './value-rules.js';

export interface ExpectationsResult {
  readonly status: 'accepted' | 'refused';
  /** Rules checked. */
  readonly checked: number;
  /** In the order of the rules. */
  readonly findings: readonly ExpectationFinding[];
  /** Different rows that break at least one rule. An `sql` rule says how many rows break it, not which, so this is a lower bound when one does. */
  readonly badRows: number;
}

export interface ExpectationPorts {
  /** Rows for which a boolean SQL expression is false (`DatasetQuery.countViolations`). */
  readonly countViolations: (table: Table, expression: string) => Promise<number>;
}

interface Reading {
  readonly rule: ValueRule;
  readonly index: number;
  readonly rows: number[];
}

/** Reads a column once for all of its rules. */
function readColumn(column: Column, readings: readonly Reading[], rows: number): void {
  const numeric = column.type !== 'string';
  for (let row = 0; row < rows; row++) {
    let value: number | string | null;
    if (numeric) {
      const number = column.values[row]!;
      value = Number.isNaN(number) ? null : number;
    } else value = column.values[row] ?? null;
    for (const reading of readings) if (reading.rule.visit(value)) reading.rows.push(row);
  }
}

function finding(rule: Expectation, count: number, table: Table, message: string): ExpectationFinding {
  const column = 'column' in rule ? rule.column : 'columns' in rule ? rule.columns.join(', ') : undefined;
  return {
    rule: rule.rule,
    ...(column === undefined ? {} : { column }),
    count,
    rows: table.rows,
    severity: rule.severity ?? 'error',
    message,
  };
}

function unknown(rule: Expectation, names: readonly string[], table: Table): ExpectationFinding {
  const found = table.columns.map(column => column.name);
  const listed = found.slice(0, 12).join(', ') + (found.length > 12 ? ', …' : '');
  return finding(rule, table.rows, table, `${names.join(', ')}: no such column; the data has ${listed}`);
}

async function checkSql(rule: Extract<Expectation, { rule: 'sql' }>, table: Table, ports: ExpectationPorts) {
  try {
    const count = await ports.countViolations(table, rule.expression);
    return count === 0
      ? undefined
      : finding(
          rule,
          count,
          table,
          `${rule.expression}: false for ${formatCount(count)} of ${formatCount(table.rows)} rows`,
        );
  } catch (error) {
    // A rule that cannot be evaluated is the rule's fault and is reported as such; a failing store is not.
    if (!(error instanceof TwinloopError) || error.status >= 500) throw error;
    return finding(rule, table.rows, table, `${rule.expression}: cannot be evaluated: ${error.message}`);
  }
}

/**
 * Checks every rule against a table. Rules about one column share one pass over it. A rule that names an unknown
 * column is a finding like any other. Warnings are reported but do not refuse.
 */
export async function checkExpectations(
  table: Table,
  rules: readonly Expectation[],
  ports: ExpectationPorts,
): Promise<ExpectationsResult> {
  const found: (ExpectationFinding | undefined)[] = new Array(rules.length).fill(undefined);
  const bad = new Uint8Array(table.rows);
  let atLeast = 0;
  const byColumn = new Map<Column, Reading[]>();

  for (const [index, rule] of rules.entries()) {
    switch (rule.rule) {
      case 'rows': {
        const { min = 0, max = Number.POSITIVE_INFINITY } = rule;
        if (table.rows >= min && table.rows <= max) break;
        const bound = table.rows < min ? `at least ${formatCount(min)}` : `at most ${formatCount(max)}`;
        found[index] = finding(rule, table.rows, table, `${formatCount(table.rows)} rows, ${bound} expected`);
        break;
      }
      case 'unique': {
        const columns = rule.columns.map(name => columnOf(table, name));
        const missing = rule.columns.filter((_, i) => columns[i] === undefined);
        if (missing.length > 0) found[index] = unknown(rule, missing, table);
        else {
          const count = countRepeats(columns as readonly Column[], table.rows, row => {
            bad[row] = 1;
          });
          if (count > 0) {
            const message = `${rule.columns.join(', ')}: ${formatCount(count)} of ${formatCount(table.rows)} rows repeat an earlier one`;
            found[index] = finding(rule, count, table, message);
          }
        }
        break;
      }
      case 'sql':
        found[index] = await checkSql(rule, table, ports);
        atLeast = Math.max(atLeast, found[index]?.count ?? 0);
        break;
      default: {
        const column = columnOf(table, rule.column);
        if (column === undefined) found[index] = unknown(rule, [rule.column], table);
        else {
          const readings = byColumn.get(column) ?? [];
          readings.push({ rule: valueRule(rule, column), index, rows: [] });
          byColumn.set(column, readings);
        }
      }
    }
  }

  for (const [column, readings] of byColumn) {
    readColumn(column, readings, table.rows);
    for (const { rule, index, rows } of readings) {
      const message = rule.close(rows.length, table.rows);
      if (message === undefined) continue;
      for (const row of rows) bad[row] = 1;
      found[index] = finding(rules[index]!, rows.length, table, message);
    }
  }

  const findings = found.filter(entry => entry !== undefined);
  return {
    status: findings.some(entry => entry.severity === 'error') ? 'refused' : 'accepted',
    checked: rules.length,
    findings,
    badRows: Math.max(
      bad.reduce((sum, flag) => sum + flag, 0),
      Math.min(atLeast, table.rows),
    ),
  };
}
