import { TwinloopError, type Table } from '@twinloop/kernel';
import type { DuckDBConnection } from '@duckdb/node-api';
import { loadTable } from './load-table.js';
import { sqlText, withSandbox } from './sandbox.js';

/** The part of DuckDB's serialised syntax tree that decides whether a statement is one plain expression over `data`. */
interface SelectNode {
  readonly type: string;
  readonly modifiers: readonly unknown[];
  readonly cte_map: { readonly map: readonly unknown[] };
  readonly select_list: readonly unknown[];
  readonly from_table: { readonly type: string; readonly table_name?: string; readonly schema_name?: string };
  readonly where_clause: unknown;
  readonly group_expressions: readonly unknown[];
  readonly having: unknown;
  readonly qualify: unknown;
  readonly sample: unknown;
}
interface Serialised {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node: SelectNode }[];
}

const LIMIT_MS = 30_000;

/** Counts the rows of a table for which a boolean expression is false. @throws expression_invalid */
export async function countViolations(table: Table, expression: string): Promise<number> {
  const invalid = (reason: string, cause?: unknown): TwinloopError =>
    new TwinloopError('expression_invalid', { values: { expression, reason }, cause });
  return withSandbox({ files: [] }, async connection => {
    // The line break ends a comment that would swallow what follows.
    const statement = `select (${expression}\n) from data`;
    const problem = problemOf(await serialise(connection, statement), expression);
    if (problem !== undefined) throw invalid(problem);
    await loadTable(connection, table);
    const timer = setTimeout(() => connection.interrupt(), LIMIT_MS);
    try {
      const type = String((await connection.run(`${statement} limit 0`)).columnType(0));
      if (type !== 'BOOLEAN') throw invalid(`it gives ${type}, not true or false`);
      const result = await connection.runAndReadAll(
        `select count(*)::double from data where (${expression}\n) is false`,
      );
      return result.getRows()[0]![0] as number;
    } catch (error) {
      throw error instanceof TwinloopError ? error : invalid(firstLine(error), error);
    } finally {
      clearTimeout(timer);
    }
  });
}

async function serialise(connection: DuckDBConnection, statement: string): Promise<Serialised> {
  try {
    const result = await connection.runAndReadAll(
      `select json_serialize_sql(${sqlText(statement)})::varchar`,
    );
    return JSON.parse(String(result.getRows()[0]![0])) as Serialised;
  } catch (error) {
    return { error: true, error_message: firstLine(error) };
  }
}

function problemOf(serialised: Serialised, expression: string): string | undefined {
  if (expression.trim() === '') return 'it is empty';
  if (serialised.error) return serialised.error_message ?? 'it cannot be parsed';
  const { statements = [] } = serialised;
  if (statements.length !== 1) return 'it is more than one statement';
  const { node } = statements[0]!;
  const plain =
    node.type === 'SELECT_NODE' &&
    node.select_list.length === 1 &&
    node.from_table.type === 'BASE_TABLE' &&
    node.from_table.table_name === 'data' &&
    !node.from_table.schema_name &&
    node.modifiers.length === 0 &&
    node.cte_map.map.length === 0 &&
    node.where_clause === null &&
    node.group_expressions.length === 0 &&
    node.having === null &&
    node.qualify === null &&
    node.sample === null;
  if (!plain) return 'it is not one expression';
  const forbidden = forbiddenIn(node.select_list[0]);
  return forbidden && `${forbidden} is not allowed in a rule`;
}

/** Rules look at one row: whatever looks elsewhere is named. */
function forbiddenIn(node: unknown): string | undefined {
  if (node === null || typeof node !== 'object') return undefined;
  const { class: kind, function_name: name } = node as { class?: unknown; function_name?: unknown };
  if (kind === 'SUBQUERY') return 'a subquery';
  if (kind === 'WINDOW') return 'a window function';
  if (kind === 'PARAMETER') return 'a parameter';
  if (kind === 'FUNCTION' && OUTSIDE.test(String(name))) return `the function ${String(name)}`;
  for (const child of Object.values(node)) {
    const found = forbiddenIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Functions that read files, settings or the machine, and those that are not the same twice. */
const OUTSIDE =
  /^(read_|glob|getenv|current_setting|getvariable|pg_|query|nextval|currval|random|uuid|gen_random_uuid|now|today|current_|get_current_|transaction_timestamp|version|sleep|json_execute|json_serialize|duckdb_|which_secret|write_log)/i;

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!;
}
