import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ErrorFinding, TwinloopError } from '@twinloop/kernel';
import type { SecretUse } from '../config/check-channels.js';

/** Reads a secret by its reference; relative files start at `directory`. @throws secret_missing */
export type ReadSecret = (reference: string, directory: string) => Promise<string>;

const LONGEST = 65_536;

/** Secrets are read when they are used, so that a changed one is taken up without a restart. */
export function secretReader(environment: Readonly<Record<string, string | undefined>>): ReadSecret {
  return async (reference, directory) => {
    const missing = (reason: string): TwinloopError =>
      new TwinloopError('secret_missing', { values: { reference, reason } });
    const name = reference.slice(reference.indexOf(':') + 1);
    let secret: string | undefined;
    if (reference.startsWith('env:')) {
      secret = environment[name];
      if (secret === undefined) throw missing('the variable is not set');
    } else {
      const file = resolve(directory, name);
      try {
        if ((await stat(file)).size > LONGEST) throw missing(`the file is larger than ${LONGEST} bytes`);
        secret = (await readFile(file, 'utf8')).trim();
      } catch (error) {
        if (error instanceof TwinloopError) throw error;
        throw missing(`the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
      }
    }
    if (secret === '') throw missing('it is empty');
    return secret;
  };
}

/** Refuses a project whose secrets are not there, naming each by its path. @throws secret_missing */
export async function checkSecrets(
  uses: readonly SecretUse[],
  read: ReadSecret,
  directory: string,
): Promise<void> {
  const findings: ErrorFinding[] = [];
  let first: { readonly use: SecretUse; readonly error: TwinloopError } | undefined;
  for (const use of uses) {
    try {
      await read(use.reference, directory);
    } catch (error) {
      if (!(error instanceof TwinloopError)) throw error;
      first ??= { use, error };
      findings.push({ message: error.message, field: use.field, hint: error.hint });
    }
  }
  if (first === undefined) return;
  const { reference } = first.use;
  const reason = first.error.message.slice(`${reference} holds no secret: `.length);
  throw new TwinloopError('secret_missing', {
    field: first.use.field,
    values: { reference, reason },
    details: findings,
  });
}
