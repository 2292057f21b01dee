import type { ApiError } from './wire/types.js';

export interface ApiProblem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly field?: string;
  readonly details?: NonNullable<ApiError['error']['details']>;
  readonly requestId: string;
  readonly docs: string;
  readonly cause?: unknown;
}

/**
 * What the server answered instead of a result. `code` is one of the error catalogue's, or one of two that only a
 * caller can see: `unreachable` (no answer at all, status 0) and `unexpected_answer` (not this API's error shape).
 */
export class TwinloopApiError extends Error {
  override readonly name = 'TwinloopApiError';
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly field: string | undefined;
  readonly details: NonNullable<ApiError['error']['details']>;
  /** Empty when there was no answer. */
  readonly requestId: string;
  /** The reference page's anchor; empty when there is none. */
  readonly docs: string;

  constructor(problem: ApiProblem) {
    super(problem.message, problem.cause === undefined ? undefined : { cause: problem.cause });
    this.status = problem.status;
    this.code = problem.code;
    this.hint = problem.hint;
    this.field = problem.field;
    this.details = problem.details ?? [];
    this.requestId = problem.requestId;
    this.docs = problem.docs;
  }
}

/** The error of an answer that is not 2xx. */
export async function errorOf(response: Response): Promise<TwinloopApiError> {
  const text = await response.text();
  const body = parsed(text)?.error;
  if (body !== undefined && typeof body.code === 'string' && typeof body.message === 'string') {
    return new TwinloopApiError({ ...body, status: response.status });
  }
  return new TwinloopApiError({
    status: response.status,
    code: 'unexpected_answer',
    message: `The server answered ${response.status} without an error of this API`,
    hint: 'Check the address: a proxy or another program may be answering there.',
    requestId: response.headers.get('x-request-id') ?? '',
    docs: '',
  });
}

/** The error of a request that got no answer. */
export function unreachable(url: string, cause: unknown): TwinloopApiError {
  return new TwinloopApiError({
    status: 0,
    code: 'unreachable',
    message: `No answer from ${new URL(url, 'http://127.0.0.1').origin}`,
    hint: 'Start the server with `twinloop serve`, or check the address.',
    requestId: '',
    docs: '',
    cause,
  });
}

function parsed(text: string): Partial<ApiError> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not JSON: the caller reports the answer as unexpected.
    return undefined;
  }
}
