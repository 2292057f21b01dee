import { guardedAddress, type FetchPolicy } from '@twinloop/engines';
import { TwinloopError } from '@twinloop/kernel';
import { queryRows, type PostgresQuery } from '@twinloop/storage';
import type { ReadSecret } from '../process/secrets.js';

export interface QuerySource {
  /** `env:NAME` or `file:/path`: never the connection string itself. */
  readonly url: string;
  readonly query: string;
}

export interface QueryPorts {
  readonly secrets: ReadSecret;
  /** Where relative `file:` references start. */
  readonly directory: string;
  readonly fetch: FetchPolicy;
}

const MOST_ROWS = 20_000_000;

/** @throws query_failed, without repeating what the text is: it may hold a password */
function connectionOf(
  text: string,
  reference: string,
): Omit<PostgresQuery['connection'], 'host'> & { name: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '')
    throw new TwinloopError('query_failed', {
      field: 'postgres',
      values: { reason: `${reference} does not hold postgres://user:password@host:port/database` },
    });
  const mode =
    url.searchParams.get('sslmode') ?? (url.searchParams.get('ssl') === 'true' ? 'verify-full' : 'disable');
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return {
    name,
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username),
    ...(['disable', 'allow', 'prefer'].includes(mode)
      ? {}
      : { tls: { servername: name, verify: mode.startsWith('verify') } }),
  };
}

/**
 * Writes the rows of a query to `file` as JSON Lines. The database's address goes through the guarded fetcher's rules:
 * which inside addresses may be reached is the server's configuration.
 * @returns how many rows
 * @throws secret_missing · fetch_refused · fetch_failed · query_failed
 */
export async function runQuery(source: QuerySource, file: string, ports: QueryPorts): Promise<number> {
  const { name, ...rest } = connectionOf(await ports.secrets(source.url, ports.directory), source.url);
  const host = await guardedAddress(name, ports.fetch);
  return queryRows({
    connection: { ...rest, host },
    query: source.query,
    file,
    limits: { rows: MOST_ROWS, bytes: ports.fetch.maxBytes, timeoutMs: ports.fetch.timeoutMs },
  });
}
