import { TwinloopApiError } from '@twinloop/client';
import { CATALOGUE, TwinloopError } from '@twinloop/kernel';
import { CommanderError } from 'commander';
import { EXIT, ExitStatus } from './exit.js';

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly hint: string;
  readonly details: TwinloopError['details'];
  readonly requestId?: string;
}

/** Both command lines and servers fail in words; only a defect of ours shows where it happened. */
function problemOf(thrown: unknown): Problem {
  if (thrown instanceof CommanderError) {
    const [message = '', ...more] = thrown.message.replace(/^error: /, '').split('\n');
    const hint = more.length === 0 ? 'Run the command with --help.' : more.join(' ').replace(/^\(|\)$/g, '');
    return { code: 'usage', message, hint, details: [] };
  }
  // The client cannot know the catalogue's word for what only a caller sees.
  if (thrown instanceof TwinloopApiError && thrown.code === 'unreachable') {
    const { hint } = CATALOGUE.server_unreachable;
    return { code: 'server_unreachable', message: thrown.message, hint, details: [] };
  }
  if (thrown instanceof TwinloopError || thrown instanceof TwinloopApiError) {
    const { code, message, field, hint, details } = thrown;
    const requestId = thrown instanceof TwinloopApiError && thrown.status >= 500 ? thrown.requestId : '';
    return {
      code,
      message,
      ...(field === undefined ? {} : { field }),
      hint,
      details,
      ...(requestId === '' ? {} : { requestId }),
    };
  }
  return {
    code: 'internal',
    message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    hint: 'Please report it.',
    details: [],
  };
}

function textOf({ code, message, field, hint, details, requestId }: Problem): string {
  const findings = details.map(finding => {
    const place = finding.line === undefined ? '' : `${finding.line}:${finding.column ?? 1} `;
    const name = finding.field === undefined || finding.field === '' ? '' : `${finding.field}: `;
    return `  ${place}${name}${finding.message}${finding.hint === undefined ? '' : ` (${finding.hint})`}`;
  });
  return [
    `error ${code}: ${message}`,
    ...(field === undefined ? [] : [`field: ${field}`]),
    ...findings,
    `hint: ${hint}`,
    ...(requestId === undefined ? [] : [`request: ${requestId}`]),
  ].join('\n');
}

/** Writes what went wrong (once, with its code and what to do) and returns the status to leave with. */
export function report(thrown: unknown, json: boolean, write: (text: string) => void): number {
  if (thrown instanceof ExitStatus) return thrown.status;
  // Help and version have been printed; help that nobody asked for means that a subcommand is missing.
  if (thrown instanceof CommanderError && /^commander\.(help|version)/.test(thrown.code))
    return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const problem = problemOf(thrown);
  write(`${json ? JSON.stringify({ error: problem }) : textOf(problem)}\n`);
  return problem.code === 'usage' ? EXIT.usage : EXIT.failure;
}

/** Whether the command line asks for JSON; looked at before it is parsed, since parsing may be what fails. */
export function asksForJson(args: readonly string[]): boolean {
  return args.some(
    (arg, i) =>
      arg === '-ojson' ||
      arg === '--output=json' ||
      ((arg === '-o' || arg === '--output') && args[i + 1] === 'json'),
  );
}
