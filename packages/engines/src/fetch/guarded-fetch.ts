import { TwinloopError } from '@twinloop/kernel';
import { allowList } from './addresses.js';
import { open, parseUrl, pin, readBody, refused, type Resolve, systemResolve } from './pinned-request.js';

export interface FetchPolicy {
  /** Inside addresses (loopback, private, link-local …) that may be reached: addresses or CIDR blocks. Server configuration, never a project's. */
  readonly allow: readonly string[];
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly maxRedirects: number;
}

export const DEFAULT_FETCH_POLICY: FetchPolicy = {
  allow: [],
  maxBytes: 2 ** 31,
  timeoutMs: 60_000,
  maxRedirects: 5,
};

export interface Fetched {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

/**
 * The one way out of the process. Resolves the name itself, refuses inside addresses that are not allowed, connects to
 * exactly the address it checked (a second DNS answer cannot move it), checks every redirect anew, and bounds size and time.
 */
export async function guardedFetch(
  url: string,
  policy: FetchPolicy = DEFAULT_FETCH_POLICY,
  resolve: Resolve = systemResolve,
): Promise<Fetched> {
  const allowed = allowList(policy.allow);
  const deadline = AbortSignal.timeout(policy.timeoutMs);
  let target = url;
  for (let hop = 0; hop <= policy.maxRedirects; hop++) {
    const parsed = parseUrl(target);
    const address = await pin(parsed.hostname, allowed, resolve, parsed.href);
    const response = await open(parsed, address, deadline, parsed.href);
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if (status >= 300 && status < 400 && location !== undefined) {
      response.destroy();
      target = new URL(location, parsed).href;
      continue;
    }
    if (status < 200 || status >= 300) {
      response.destroy();
      throw new TwinloopError('fetch_failed', { values: { url: target, reason: `it answered ${status}` } });
    }
    return {
      url: target,
      bytes: await readBody(target, response, policy.maxBytes),
      contentType: response.headers['content-type'],
    };
  }
  throw refused(url, `more than ${policy.maxRedirects} redirects`);
}

/**
 * The address of a host to connect to by other means than HTTP, under the same rules: resolved once, inside addresses
 * refused unless allowed. Connect to what is returned, not to the name.
 * @throws fetch_refused · fetch_failed
 */
export async function guardedAddress(
  host: string,
  policy: Pick<FetchPolicy, 'allow'>,
  resolve: Resolve = systemResolve,
): Promise<string> {
  return (await pin(host, allowList(policy.allow), resolve, host)).address;
}
