import {
  type BrokenRow,
  type CheckOptions,
  type CheckOutcome,
  type ChecksResult,
  type DataCheck,
  MOST_GROUPS,
} from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { columnsOfView, type DataColumn, type DataColumns, numberOf } from './columns.js';
import { exampleOf } from './examples.js';
import { expressionProblem, firstLine } from './guard-expression.js';
import { NUMBERED, type Plan, planCheck, ROW } from './plan-check.js';
import { query } from './query.js';
import { all, re2 } from './row-test-sql.js';

export interface StoredTable {
  readonly relation: string;
  readonly columns: DataColumns;
}

const failed = (problem: string): CheckOutcome => ({ rows: 0, tested: 0, broken: 0, figure: null, problem });

/**
 * Runs checks over the view `data`: one pass for all that are aggregates of the rows as they stand, one more for each
 * grouping, order or reference; then, only for tests that are broken, one that fetches examples.
 */
export async function runChecks(
  connection: DuckDBConnection,
  checks: readonly DataCheck[],
  stored: ReadonlyMap<string, StoredTable>,
  { apart }: CheckOptions = {},
): Promise<ChecksResult> {
  const columns = await columnsOfView(connection, 'data');
  const rows = Number((await query(connection, 'select count(*)::double from data'))[0]![0]);
  const plans = await planAll(connection, checks, columns, stored);
  const outcomes: CheckOutcome[] = new Array(checks.length);
  const batches = new Map<string, number[]>();
  for (const [i, plan] of plans.entries()) {
    if (typeof plan === 'string') outcomes[i] = failed(plan);
    else {
      const key = `${plan.by ?? ''}\n${plan.from}`;
      batches.set(key, [...(batches.get(key) ?? []), i]);
    }
  }
  for (const batch of batches.values()) {
    const some = batch.map(i => plans[i] as Plan);
    let answers: readonly CheckOutcome[];
    try {
      answers = await answer(connection, some);
    } catch {
      // One of them fails on these rows: each on its own tells which.
      answers = [];
      for (const plan of some)
        answers = [
          ...answers,
          ...(await answer(connection, [plan]).catch((error: unknown) => [failed(firstLine(error))])),
        ];
    }
    for (const [k, i] of batch.entries()) outcomes[i] = answers[k]!;
  }
  for (const [i, outcome] of outcomes.entries()) {
    const plan = plans[i]!;
    if (typeof plan !== 'string' && outcome.broken > 0)
      outcomes[i] = { ...outcome, ...(await exampleOf(connection, plan, checks[i]!, columns)) };
  }
  return { rows, outcomes, ...(await rowsApart(connection, plans, outcomes, apart)) };
}

async function planAll(
  connection: DuckDBConnection,
  checks: readonly DataCheck[],
  columns: DataColumns,
  stored: ReadonlyMap<string, StoredTable>,
): Promise<(Plan | string)[]> {
  const named =
    (among: DataColumns) =>
    (name: string): DataColumn => {
      const found = among.get(name);
      if (found === undefined) throw new Error(`no column ${name}`);
      return found;
    };
  const spreads = await spreadsOf(connection, checks, columns);
  const scope = {
    column: named(columns),
    stored: (blob: string) => {
      const { relation, columns: theirs } = stored.get(blob)!;
      return { relation, column: named(theirs) };
    },
    spread: (column: string, where: string | undefined) => {
      const found = spreads.get(JSON.stringify([column, where]));
      if (found === undefined) throw new Error('its mean cannot be found');
      return found;
    },
  };
  const plans: (Plan | string)[] = [];
  for (const check of checks) {
    const problem = await problemIn(connection, check);
    try {
      plans.push(problem ?? planCheck(check, scope));
    } catch (error) {
      plans.push(firstLine(error));
    }
  }
  return plans;
}

/** What a person wrote in SQL or as a pattern is tried before it meets the data. */
async function problemIn(connection: DuckDBConnection, check: DataCheck): Promise<string | undefined> {
  const asked: [string | undefined, 'row' | 'aggregate'][] = [
    [check.where, 'row'],
    ['test' in check && check.test.kind === 'holds' ? check.test.expression : undefined, 'row'],
    ['figure' in check && check.figure.kind === 'value' ? check.figure.expression : undefined, 'aggregate'],
  ];
  for (const [expression, kind] of asked) {
    if (expression === undefined) continue;
    const problem = await expressionProblem(connection, expression, kind);
    if (problem !== undefined) return problem;
  }
  if ('test' in check && check.test.kind === 'matches') {
    const statement = await connection.prepare('select regexp_matches($1, $2)');
    try {
      statement.bind(['', re2(check.test.regex)]);
      await statement.runAndReadAll();
    } catch (error) {
      return firstLine(error);
    }
  }
  return undefined;
}

/** Means and deviations that `near-mean` needs, all in one pass. */
async function spreadsOf(
  connection: DuckDBConnection,
  checks: readonly DataCheck[],
  columns: DataColumns,
): Promise<ReadonlyMap<string, { mean: number; deviation: number }>> {
  const found = new Map<string, { mean: number; deviation: number }>();
  for (const check of checks) {
    if (!('test' in check) || check.test.kind !== 'near-mean') continue;
    const column = columns.get(check.test.column);
    const key = JSON.stringify([check.test.column, check.where]);
    if (column === undefined || column.type === 'string' || found.has(key)) continue;
    const where = check.where === undefined ? undefined : `${check.where}\n`;
    if (where !== undefined && (await expressionProblem(connection, check.where!, 'row')) !== undefined)
      continue;
    const value = numberOf(column);
    const filter = `filter (where ${all(where, `isfinite(${value})`)})`;
    const [row] = await query(
      connection,
      `select favg(${value}) ${filter}, stddev_samp(${value}) ${filter} from data`,
    ).catch(() => []);
    if (row !== undefined)
      found.set(key, { mean: Number(row[0] ?? Number.NaN), deviation: Number(row[1] ?? Number.NaN) });
  }
  return found;
}

/** Checks over one relation and one grouping, in one SELECT; equal aggregates are asked once. */
async function answer(
  connection: DuckDBConnection,
  plans: readonly Plan[],
): Promise<readonly CheckOutcome[]> {
  const { from, by } = plans[0]!;
  const selected = new Map<string, number>();
  const place = (sql: string): number => {
    const known = selected.get(sql);
    if (known !== undefined) return known;
    selected.set(sql, selected.size);
    return selected.size - 1;
  };
  const places = plans.map(plan => [plan.rows, plan.tested, plan.broken, plan.figure].map(place));
  const aggregates = [...selected.keys()].map(sql => `cast(${sql} as double)`);
  const counts = (row: readonly unknown[], at: readonly number[], offset: number) => {
    const [all = 0, tested = 0, broken = 0] = at.slice(0, 3).map(i => Number(row[i + offset] ?? 0));
    const figure = row[at[3]! + offset];
    return {
      rows: all,
      tested,
      broken,
      figure: figure === null || figure === undefined || Number.isNaN(figure) ? null : Number(figure),
    };
  };
  if (by === undefined) {
    const [row] = await query(connection, `select ${aggregates.join(', ')} from ${from}`);
    return places.map(at => counts(row!, at, 0));
  }
  const found = await query(
    connection,
    `select ${by}, ${aggregates.join(', ')} from ${from} group by 1 order by count(*) desc, 1 limit ${MOST_GROUPS + 1}`,
  );
  if (found.length > MOST_GROUPS) return plans.map(() => failed(`there are more than ${MOST_GROUPS} groups`));
  return places.map(at => {
    const groups = found
      .map(row => ({ group: row[0] === null ? null : String(row[0]), ...counts(row, at, 1) }))
      .filter(group => group.rows > 0);
    const sum = (key: 'rows' | 'tested' | 'broken'): number =>
      groups.reduce((total, group) => total + group[key], 0);
    return { rows: sum('rows'), tested: sum('tested'), broken: sum('broken'), figure: null, groups };
  });
}

async function rowsApart(
  connection: DuckDBConnection,
  plans: readonly (Plan | string)[],
  outcomes: readonly CheckOutcome[],
  asked: CheckOptions['apart'],
): Promise<Pick<ChecksResult, 'apart' | 'apartMore'>> {
  const flags: [number, string][] = [];
  for (const i of [...(asked?.checks ?? [])].sort((a, b) => a - b)) {
    const plan = plans[i];
    if (typeof plan === 'object' && plan.flag !== undefined && outcomes[i]!.broken > 0)
      flags.push([i, plan.flag]);
  }
  if (asked === undefined || flags.length === 0) return { apart: [], apartMore: false };
  const names = flags.map((_, k) => `f${k}`);
  const found = await query(
    connection,
    `select "row", ${names.join(', ')} from (select ${ROW}::double as "row", ${flags
      .map(([, flag], k) => `coalesce(${flag}, false) as f${k}`)
      .join(', ')} from ${NUMBERED}) where ${names.join(' or ')} order by 1 limit ${asked.limit + 1}`,
  );
  const apart = found.slice(0, asked.limit).map(
    (row): BrokenRow => ({
      row: Number(row[0]),
      checks: flags.filter((_, k) => row[k + 1] === true).map(([i]) => i),
    }),
  );
  return { apart, apartMore: found.length > asked.limit };
}
