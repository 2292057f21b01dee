#!/usr/bin/env node
import { TwinloopApiError } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import { CommanderError } from 'commander';
import { EXIT, ExitStatus } from './exit.js';
import { program } from './program.js';

/** Every failure leaves with its code, what happened and what to do; stack traces stay inside. */
function report(thrown: unknown, json: boolean): number {
  if (thrown instanceof ExitStatus) return thrown.status;
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const known = thrown instanceof TwinloopError || thrown instanceof TwinloopApiError;
  const error = known
    ? {
        code: thrown.code,
        message: thrown.message,
        hint: thrown.hint,
        field: thrown.field,
        details: thrown.details,
      }
    : {
        code: 'internal',
        message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
        hint: 'Please report it.',
        field: undefined,
        details: [],
      };
  if (json) {
    process.stderr.write(`${JSON.stringify({ error })}\n`);
  } else {
    process.stderr.write(`error ${error.code}: ${error.message}\n`);
    for (const { message, field, line, column, hint } of error.details) {
      const place = line === undefined ? '' : `${line}:${column ?? 1} `;
      process.stderr.write(
        `  ${place}${field === undefined ? '' : `${field}: `}${message}${hint === undefined ? '' : ` (${hint})`}\n`,
      );
    }
    process.stderr.write(`hint: ${error.hint}\n`);
  }
  if (error.code === 'usage') return EXIT.usage;
  return EXIT.failure;
}

const args = process.argv.slice(2);
const json = args.some(
  (arg, i) =>
    arg === '-ojson' ||
    ((arg === '-o' || arg === '--output') && args[i + 1] === 'json') ||
    arg === '--output=json',
);
try {
  await program().parseAsync(process.argv);
} catch (thrown) {
  process.exitCode = report(thrown, json);
}
