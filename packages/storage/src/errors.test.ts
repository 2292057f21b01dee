import { TwinloopError } from '@twinloop/kernel';
import { expect, test } from 'vitest';
import { storageError } from './errors.js';

test.each([
  ['ENOSPC', 'no space left on device', 'storage_full'],
  ['EDQUOT', 'quota', 'storage_full'],
  ['SQLITE_FULL', 'database or disk is full', 'storage_full'],
  [undefined, 'IO Error: Could not write all bytes to file: No space left on device', 'storage_full'],
  ['EROFS', 'read-only file system', 'data_directory_unwritable'],
  ['EACCES', 'permission denied', 'data_directory_unwritable'],
  ['SQLITE_READONLY_DBMOVED', 'attempt to write a readonly database', 'data_directory_unwritable'],
  [undefined, 'Unable to open connection to local database /x: 14', 'data_directory_unwritable'],
  ['SQLITE_CORRUPT', 'malformed', 'storage_corrupt'],
  ['SQLITE_NOTADB', 'file is not a database', 'storage_corrupt'],
  ['EIO', 'i/o error', 'internal'],
])('%s "%s" is %s', (code, message, expected) => {
  const cause = Object.assign(new Error(message), code === undefined ? {} : { code });
  expect(storageError(cause, '/data')).toMatchObject({ code: expected, cause });
});

test('an error that has a code of the catalogue keeps it', () => {
  const error = new TwinloopError('not_found', { values: { what: 'x' } });
  expect(storageError(error, '/data')).toBe(error);
});
