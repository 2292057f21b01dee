import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export interface SandboxOptions {
  /** The only files that can be opened, for reading or for `COPY … TO`. */
  readonly files: readonly string[];
  /** Zone of times that carry none (IANA name). Default UTC. */
  readonly timezone?: string | undefined;
  /** Default 512MB. */
  readonly memoryLimit?: string | undefined;
}

export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Runs `work` on an empty database of its own that can open the named files and nothing else: no other path, no
 * network, no extension, no setting. It costs some 15 ms, and nothing one caller does can reach another's.
 */
export async function withSandbox<T>(
  options: SandboxOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: options.memoryLimit ?? '512MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`set timezone = ${sqlText(options.timezone ?? 'UTC')}`);
      await connection.run("set temp_directory = ''");
      await connection.run(`set allowed_paths = [${options.files.map(sqlText).join(', ')}]`);
      await connection.run('set enable_external_access = false');
      await connection.run("set allowed_configs = ['current_transaction_invalidation_policy']");
      await connection.run('set lock_configuration = true');
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
