import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from '../sandbox.js';

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

/** `row`: true or false of each row; `aggregate`: one number of them all. */
export type ExpressionKind = 'row' | 'aggregate';

/**
 * Why an expression over `data` is refused, or undefined. It is parsed by DuckDB and must be one plain expression;
 * then it is bound, so that unknown columns and wrong types are known before any data is read.
 */
export async function expressionProblem(
  connection: DuckDBConnection,
  expression: string,
  kind: ExpressionKind,
): Promise<string | undefined> {
  // The line break ends a comment that would swallow what follows.
  const statement = `select (${expression}\n) from data`;
  const problem = problemOf(await serialise(connection, statement), expression);
  if (problem !== undefined) return problem;
  try {
    const type = String((await connection.run(`${statement} limit 0`)).columnType(0));
    if (kind === 'row') {
      if (type !== 'BOOLEAN') return `it gives ${type}, not true or false`;
      await connection.run(`select 1 from data where (${expression}\n) limit 0`);
    } else {
      if (!NUMBER.test(type)) return `it gives ${type}, not a number`;
      // Beside an aggregate, DuckDB refuses what is not one.
      await connection.run(`select count(*), (${expression}\n) from data limit 0`);
    }
  } catch (error) {
    return firstLine(error);
  }
  return undefined;
}

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

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

export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!;
}
