import type { CheckOutcome, DataCheck, Scalar } from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type DataColumns, valueOf } from './columns.js';
import { NUMBERED, type Plan } from './plan-check.js';
import { all } from './row-test-sql.js';
import { query } from './query.js';

const SHOWN = 3;

/** The most frequent offenders of a broken test, and of a range what was found. */
export async function exampleOf(
  connection: DuckDBConnection,
  plan: Plan,
  check: DataCheck,
  columns: DataColumns,
): Promise<Pick<CheckOutcome, 'examples' | 'more' | 'found'>> {
  const { offender, flag, span } = plan;
  if (offender === undefined || flag === undefined) return {};
  const windowed = / over \(/.test(flag);
  const flagged = windowed
    ? `(select ${offender} as value, ${flag} as broken from ${NUMBERED})`
    : `(select ${offender} as value, ${flag} as broken from data)`;
  const rows = await query(
    connection,
    `select value, count(*)::double from ${flagged} where broken and value is not null group by 1 order by 2 desc, 1 limit ${SHOWN + 1}`,
  );
  const examples = rows.slice(0, SHOWN).map(row => [row[0] as Scalar, Number(row[1])] as const);
  const seen = { examples, more: rows.length > SHOWN };
  if (span !== true || !('test' in check) || check.test.kind !== 'between') return seen;
  const value = valueOf(columns.get(check.test.column)!);
  const where = check.where === undefined ? '' : ` where ${all(`${check.where}\n`)}`;
  const [found] = await query(
    connection,
    `select min(${value})::double, max(${value})::double from data${where}`,
  );
  return { ...seen, found: [Number(found![0]), Number(found![1])] };
}
