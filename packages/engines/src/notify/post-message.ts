import { type NotifyResult, TwinloopError } from '@twinloop/kernel';
import type { FetchPolicy } from '../fetch/guarded-fetch.js';
import { guardedPost, type PostRequest } from '../fetch/guarded-post.js';

/** Statuses that may change by themselves; any other one says that this message will never be taken. */
const PASSING = new Set([408, 409, 425, 429]);

/** Posts one message and says what came of it. */
export async function postMessage(
  request: PostRequest,
  policy: Pick<FetchPolicy, 'allow' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<NotifyResult> {
  try {
    const { status } = await guardedPost(request, policy, signal);
    if (status >= 200 && status < 300) return { status: 'delivered', detail: `it answered ${status}` };
    return {
      status: 'failed',
      retryable: status >= 500 || PASSING.has(status),
      reason: `${new URL(request.url).host} answered ${status}`,
    };
  } catch (error) {
    return failure(error);
  }
}

/** Refusals of the guard are final; a connection that failed may succeed later. */
export function failure(error: unknown): NotifyResult {
  if (error instanceof TwinloopError)
    return { status: 'failed', retryable: error.code !== 'fetch_refused', reason: error.message };
  return { status: 'failed', retryable: true, reason: 'the message could not be sent' };
}
