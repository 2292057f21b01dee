import { TwinloopError } from '@twinloop/kernel';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import Cursor from 'pg-cursor';

export interface PostgresQuery {
  /** What a connection string says, taken apart, with the address that was checked as `host`. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
    /** The certificate's name; absent: no TLS. */
    readonly tls?: { readonly servername: string; readonly verify: boolean };
  };
  /** One SELECT. */
  readonly query: string;
  /** Where the rows go, one JSON object a line. */
  readonly file: string;
  readonly limits: { readonly rows: number; readonly bytes: number; readonly timeoutMs: number };
}

const BATCH = 1000;
/** After the server's own statement timeout. */
const GRACE_MS = 5000;
const [BOOL, INT8, INT2, INT4, FLOAT4, FLOAT8, NUMERIC, OID] = [16, 20, 21, 23, 700, 701, 1700, 26];
const NUMBERS = new Set([INT8, INT2, INT4, FLOAT4, FLOAT8, NUMERIC, OID]);

/** Values as JSON has them; everything else stays Postgres's own text, dates and times too (ISO, in UTC). */
function parserOf(oid: number): (text: string) => unknown {
  if (NUMBERS.has(oid)) return text => Number(text);
  return oid === BOOL ? text => text === 't' : text => text;
}

function failed(error: unknown, secret: string): TwinloopError {
  if (error instanceof TwinloopError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const reason = secret === '' ? message : message.replaceAll(secret, '…');
  // No cause: a driver's error object holds its configuration.
  return new TwinloopError('query_failed', { values: { reason: reason.slice(0, 500) } });
}

/**
 * Runs one query in a read-only transaction and writes its rows through a cursor, so that memory holds one batch.
 * The last statement is a rollback: nothing that the query did stays.
 * @returns how many rows were written
 * @throws query_failed, also for more rows or bytes than the limits
 */
export async function queryRows({ connection, query, file, limits }: PostgresQuery): Promise<number> {
  const { tls, ...rest } = connection;
  const socket = new Socket();
  // The driver's own query timeout outlives a cursor and keeps the process from ending; this one is taken back.
  const deadline = setTimeout(
    () => socket.destroy(new Error('the query took too long')),
    limits.timeoutMs + GRACE_MS,
  );
  const client = new pg.Client({
    ...rest,
    ssl: tls === undefined ? false : { servername: tls.servername, rejectUnauthorized: tls.verify },
    connectionTimeoutMillis: Math.min(limits.timeoutMs, 30_000),
    statement_timeout: limits.timeoutMs,
    stream: () => socket,
    application_name: 'twinloop',
    types: { getTypeParser: (oid: number) => parserOf(oid) },
  });
  // A connection that breaks later is told by the query that waits for it.
  client.on('error', () => undefined);
  const out = createWriteStream(file, { mode: 0o600 });
  let rows = 0;
  let bytes = 0;
  try {
    await client.connect();
    await client.query("set time zone 'UTC'; set datestyle = 'ISO, YMD'; begin transaction read only");
    const cursor = client.query(new Cursor<Record<string, unknown>>(query));
    for (;;) {
      const batch = await cursor.read(BATCH);
      if (batch.length === 0) break;
      rows += batch.length;
      const text = `${batch.map(row => JSON.stringify(row)).join('\n')}\n`;
      bytes += Buffer.byteLength(text);
      if (rows > limits.rows || bytes > limits.bytes)
        throw new TwinloopError('query_failed', {
          values: { reason: `it gives more than ${limits.rows} rows or ${limits.bytes} bytes` },
          hint: 'Ask for less: fewer columns, or a later time.',
        });
      if (!out.write(text)) await once(out, 'drain');
    }
    await cursor.close();
    await client.query('rollback');
    return rows;
  } catch (error) {
    throw failed(error, connection.password);
  } finally {
    out.end();
    await finished(out).catch(() => undefined);
    await client.end().catch(() => undefined);
    clearTimeout(deadline);
  }
}
