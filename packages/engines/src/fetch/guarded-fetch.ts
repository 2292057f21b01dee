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
  const named = new URL(`http://${host.includes(':') ? `[${host}]` : host}/`);
  return (await pin(named, allowList(policy.allow), resolve)).address;
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:'))
    throw refused(url, 'only http and https URLs are fetched');
  if (parsed.username !== '' || parsed.password !== '')
    throw refused(parsed.host, 'credentials in a URL end up in logs');
  return parsed;
}

async function pin(
  url: URL,
  allowed: (address: string) => boolean,
  resolve: Resolve,
): Promise<LookupAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const literal = isIP(host);
  let addresses: readonly LookupAddress[];
  try {
    addresses = literal !== 0 ? [{ address: host, family: literal }] : await resolve(host);
  } catch (error) {
    throw new TwinloopError('fetch_failed', {
      values: { url: url.href, reason: 'its name does not resolve' },
      cause: error,
    });
  }
  const usable = addresses.find(({ address }) => !isInside(address) || allowed(address));
  if (usable === undefined) throw refused(url.href, `${host} is an inside address`);
  return usable;
}

function open(url: URL, address: LookupAddress, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const call = send(url, {
      signal,
      agent: false,
      // Node asks for one address or for all, by the options it passes; both get the pinned one.
      lookup: (_host, options, answer) => {
        if (options.all === true) answer(null, [address]);
        else answer(null, address.address, address.family);
      },
      headers: { 'user-agent': 'twinloop' },
    });
    call.on('response', resolve);
    call.on('error', error =>
      reject(
        new TwinloopError('fetch_failed', {
          values: { url: url.href, reason: signal.aborted ? 'it took too long' : error.message },
          cause: error,
        }),
      ),
    );
    call.end();
  });
}

async function body(url: string, response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) {
        response.destroy();
        throw refused(url, `it is larger than ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof TwinloopError) throw error;
    throw new TwinloopError('fetch_failed', {
      values: { url, reason: 'the connection broke or took too long' },
      cause: error,
    });
  }
  return Buffer.concat(chunks);
}
