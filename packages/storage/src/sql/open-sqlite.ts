import Database from 'libsql';
import { dirname } from 'node:path';
import { storageError } from '../errors.js';

export type Sqlite = InstanceType<typeof Database>;

/** Opens one database file in WAL mode. `synchronous` FULL waits for the disk at every commit, NORMAL at checkpoints. @throws data_directory_unwritable · storage_corrupt */
export function openSqlite(file: string, synchronous: 'FULL' | 'NORMAL'): Sqlite {
  try {
    const database = new Database(file);
    try {
      database.exec('PRAGMA busy_timeout = 5000');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(`PRAGMA synchronous = ${synchronous}`);
      database.exec('PRAGMA foreign_keys = ON');
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  } catch (error) {
    throw storageError(error, dirname(file));
  }
}
