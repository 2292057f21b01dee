import type { DuckDBConnection } from '@duckdb/node-api';

/** One query may take so long; a rule that never ends is the rule's problem. */
const LIMIT_MS = 30_000;

/** The rows of a query, which is interrupted when it takes too long. */
export async function query(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly (readonly unknown[])[]> {
  const timer = setTimeout(() => connection.interrupt(), LIMIT_MS);
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    clearTimeout(timer);
  }
}
