import { readFile } from 'node:fs/promises';
import { guardedAddress, type FetchPolicy } from '@twinloop/engines';
import { TwinloopError } from '@twinloop/kernel';
import { queryRows, type PostgresQuery } from '@twinloop/storage';

export interface QuerySource {
  /** `env:NAME` or `file:/path`: never the connection string itself. */
  readonly url: string;
  readonly query: string;
}

export interface QueryPorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: FetchPolicy;
}

const MOST_ROWS = 20_000_000;

async function secret(reference: string, environment: QueryPorts['environment']): Promise<string> {
  const missing = (cause?: unknown): TwinloopError =>
    new TwinloopError('secret_missing', {
      field: 'postgres',
      values: { reference, reason: 'it is not there' },
      cause,
    });
  const [, kind, name] = /^(env|file):(.+)$/.exec(reference) ?? [];
  // What is no reference may be the secret itself: it is not repeated.
  if (kind === undefined)
    throw new TwinloopError('secret_missing', {
      field: 'postgres',
      values: { reference: 'of the connection', reason: 'it is named by no reference' },
      hint: 'Refer to it by `env:NAME` or `file:/path`.',
    });
  if (kind === 'env') {
    const value = environment[name!];
    if (value === undefined || value === '') throw missing();
    return value;
  }
  try {
    return (await readFile(name!, 'utf8')).trim();
  } catch (error) {
    throw missing((error as NodeJS.ErrnoException).code);
  }
}

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
  const { name, ...rest } = connectionOf(await secret(source.url, ports.environment), source.url);
  const host = await guardedAddress(name, ports.fetch);
  return queryRows({
    connection: { ...rest, host },
    query: source.query,
    file,
    limits: { rows: MOST_ROWS, bytes: ports.fetch.maxBytes, timeoutMs: ports.fetch.timeoutMs },
  });
}
