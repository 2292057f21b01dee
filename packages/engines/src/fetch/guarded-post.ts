import { TwinloopError } from '@twinloop/kernel';
import { allowList, isInside } from './addresses.js';
import type { FetchPolicy } from './guarded-fetch.js';
import { open, parseUrl, pin, refused, type Resolve, systemResolve } from './pinned-request.js';

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Posted {
  readonly status: number;
  /** From `retry-after`, when it was given in seconds. */
  readonly retryAfterS: number | undefined;
}

/**
 * Posts once, under the rules of the guarded fetcher: the address is checked and pinned, the time is bounded. A redirect is not
 * followed: a body with its signature would go where nobody checked. Of the answer only the head is read, so that
 * its size does not matter. Errors name the host alone, since the rest of an address may be a secret.
 * @throws fetch_refused · fetch_failed
 */
export async function guardedPost(
  { url, headers, body }: PostRequest,
  policy: Pick<FetchPolicy, 'allow' | 'timeoutMs'>,
  signal: AbortSignal,
  resolve: Resolve = systemResolve,
): Promise<Posted> {
  const allowed = allowList(policy.allow);
  const target = hidden(url);
  const shown = target.host;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(policy.timeoutMs)]);
  const address = await inTime(pin(target.hostname, allowed, resolve, shown), deadline, shown);
  const response = await open(target, address, deadline, shown, {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    body,
  });
  const status = response.statusCode ?? 0;
  const { location, 'retry-after': after } = response.headers;
  response.on('error', () => undefined).destroy();
  if (status >= 300 && status < 400) {
    throw refused(
      shown,
      `it redirects ${await whither(location, target, allowed, resolve)}; posts are not redirected`,
    );
  }
  const seconds = Number(after);
  return { status, retryAfterS: after !== undefined && Number.isFinite(seconds) ? seconds : undefined };
}

/** As {@link parseUrl}, with errors that do not repeat the address. */
function hidden(url: string): URL {
  try {
    return parseUrl(url);
  } catch (error) {
    if (error instanceof TwinloopError)
      throw refused('the address of the channel', 'it is no http or https URL without credentials');
    throw error;
  }
}

/** Where a redirect leads, as far as it may be said. */
async function whither(
  location: string | undefined,
  from: URL,
  allowed: (address: string) => boolean,
  resolve: Resolve,
): Promise<string> {
  if (location === undefined || !URL.canParse(location, from.href)) return 'to no address';
  const { hostname, host } = new URL(location, from);
  try {
    const { address } = await pin(hostname, () => true, resolve, host);
    return isInside(address) && !allowed(address) ? `to ${host}, an inside address` : `to ${host}`;
  } catch {
    return `to ${host}`;
  }
}

/** A name server that hangs is cut off like everything else. */
function inTime<T>(work: Promise<T>, signal: AbortSignal, shown: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(new TwinloopError('fetch_failed', { values: { url: shown, reason: 'it took too long' } }));
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
