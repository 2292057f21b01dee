import { CATALOGUE, type ErrorCode } from './error-catalogue.js';

export interface ErrorDetail {
  /** Where in the input: a column, a JSON pointer, a YAML path. */
  readonly field?: string;
  /** Values for the catalogue's `{placeholders}`. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** Overrides the catalogue's hint when the place knows better. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Several findings under one code (a YAML file's errors, a refused dataset's rules). */
  readonly details?: readonly ErrorFinding[];
}

export interface ErrorFinding {
  readonly message: string;
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string;
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** The only error that crosses a door: a stable code, the offending field, and a hint. */
export class TwinloopError extends Error {
  override readonly name = 'TwinloopError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly field: string | undefined;
  readonly hint: string;
  readonly details: readonly ErrorFinding[];

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    const entry = CATALOGUE[code];
    super(fill(entry.message, detail.values ?? {}), { cause: detail.cause });
    this.code = code;
    this.status = entry.status;
    this.field = detail.field;
    this.hint = detail.hint ?? fill(entry.hint, detail.values ?? {});
    this.details = detail.details ?? [];
  }

  toJSON(): {
    code: ErrorCode;
    message: string;
    field?: string;
    hint: string;
    details?: readonly ErrorFinding[];
  } {
    return {
      code: this.code,
      message: this.message,
      ...(this.field === undefined ? {} : { field: this.field }),
      hint: this.hint,
      ...(this.details.length === 0 ? {} : { details: this.details }),
    };
  }
}

/** Turns anything thrown into a {@link TwinloopError}, keeping the cause. */
export function toTwinloopError(thrown: unknown): TwinloopError {
  if (thrown instanceof TwinloopError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new TwinloopError('internal', { values: { reason }, cause: thrown });
}
