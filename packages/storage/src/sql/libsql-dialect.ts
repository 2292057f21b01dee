import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { Sqlite } from './open-sqlite.js';

/** Kysely over an open libsql database: one connection, taken in turns. The database stays its opener's to close. */
export function libsqlDialect(database: Sqlite): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => libsqlDriver(database),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function libsqlDriver(database: Sqlite): Driver {
  const connection = libsqlConnection(database);
  const queue: ((connection: DatabaseConnection) => void)[] = [];
  let taken = false;
  const run = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: async () => {},
    acquireConnection: () =>
      new Promise(resolve => {
        if (taken) queue.push(resolve);
        else {
          taken = true;
          resolve(connection);
        }
      }),
    releaseConnection: async () => {
      const next = queue.shift();
      if (next === undefined) taken = false;
      else next(connection);
    },
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    destroy: async () => {},
  };
}

/** Statements are prepared once a text: Kysely's texts are few, and preparing costs more than running. */
const PREPARED_LIMIT = 200;

function libsqlConnection(database: Sqlite): DatabaseConnection {
  const prepared = new Map<string, ReturnType<Sqlite['prepare']>>();
  const prepare = (sql: string): ReturnType<Sqlite['prepare']> => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      if (prepared.size >= PREPARED_LIMIT) prepared.clear();
      prepared.set(sql, statement);
    }
    return statement;
  };
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const statement = prepare(query.sql);
      const parameters = [...query.parameters];
      // `.all`, never `.get`: libsql's `.get` adds a `_metadata` member to the row.
      if (statement.reader) return { rows: statement.all(parameters) as R[] };
      const { changes, lastInsertRowid } = statement.run(parameters);
      return {
        rows: [],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      };
    },
    async *streamQuery(): AsyncIterableIterator<never> {
      throw new Error('streaming is not used with the embedded store');
    },
  };
}
