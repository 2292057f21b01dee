import { readFile, writeFile } from 'node:fs/promises';
import { TwinloopError } from '@twinloop/kernel';

/** Why the system refused, without the words that repeat the path. */
function reasonOf(error: unknown): string {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or directory',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a directory',
    ENOTDIR: 'a part of the path is not a directory',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
  };
  const { code, message } = error as NodeJS.ErrnoException;
  return known[code ?? ''] ?? message;
}

/** The text of a file that the user named. @throws file_unreadable */
export async function readNamedFile(file: string, hint?: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new TwinloopError('file_unreadable', {
      field: file,
      values: { file, reason: reasonOf(error) },
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

/** Writes a file that the user named. @throws file_unwritable */
export async function writeNamedFile(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new TwinloopError('file_unwritable', {
      field: file,
      values: { file, reason: reasonOf(error) },
      cause: error,
    });
  }
}
