import { TwinloopError, toTwinloopError } from '@twinloop/kernel';

const FULL = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)/;
const UNWRITABLE = /^(EROFS|EACCES|EPERM|ENOTDIR|SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM)/;
const DAMAGED = /^(SQLITE_CORRUPT|SQLITE_NOTADB)/;
/** DuckDB, and libsql when it opens a file, report the operating system's errors in prose only. */
const FULL_TEXT = /no space left|disk is full|out of disk|failed to offload data block/i;
const UNWRITABLE_TEXT =
  /read-only file ?system|permission denied|unable to open connection to local database/i;

/** The catalogue's error for what an adapter's parts threw while they worked in `directory`. */
export function storageError(thrown: unknown, directory: string): TwinloopError {
  if (thrown instanceof TwinloopError) return thrown;
  const code = String((thrown as { code?: unknown } | null)?.code ?? '');
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (FULL.test(code) || FULL_TEXT.test(reason)) {
    return new TwinloopError('storage_full', { values: { reason }, cause: thrown });
  }
  if (UNWRITABLE.test(code) || UNWRITABLE_TEXT.test(reason)) {
    return new TwinloopError('data_directory_unwritable', { values: { directory, reason }, cause: thrown });
  }
  if (DAMAGED.test(code)) {
    return new TwinloopError('storage_corrupt', { values: { reason }, cause: thrown });
  }
  return toTwinloopError(thrown);
}
