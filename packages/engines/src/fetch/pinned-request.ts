import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { TwinloopError } from '@twinloop/kernel';
import { isInside } from './addresses.js';

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const systemResolve: Resolve = host =>
  new Promise((resolve, reject) =>
    dnsLookup(host, { all: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    ),
  );

export function refused(url: string, reason: string): TwinloopError {
  return new TwinloopError('fetch_refused', { values: { url, reason } });
}

/** @throws fetch_refused for what is no plain http or https URL */
export function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:'))
    throw refused(url, 'only http and https URLs are fetched');
  if (parsed.username !== '' || parsed.password !== '')
    throw refused(parsed.host, 'credentials in a URL end up in logs');
  return parsed;
}

/**
 * The address that a host is reached at: the first one that is on the public internet or allowed.
 * @param shown how errors call the target; an address that is a secret is called by its host
 * @throws fetch_refused · fetch_failed
 */
export async function pin(
  hostname: string,
  allowed: (address: string) => boolean,
  resolve: Resolve,
  shown: string,
): Promise<LookupAddress> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const literal = isIP(host);
  let addresses: readonly LookupAddress[];
  try {
    addresses = literal !== 0 ? [{ address: host, family: literal }] : await resolve(host);
  } catch (error) {
    throw new TwinloopError('fetch_failed', {
      values: { url: shown, reason: 'its name does not resolve' },
      cause: error,
    });
  }
  const usable = addresses.find(({ address }) => !isInside(address) || allowed(address));
  if (usable === undefined) throw refused(shown, `${host} is an inside address`);
  return usable;
}

export interface Sent {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Asks exactly the pinned address; resolves with the answer's head. @throws fetch_failed */
export function open(
  url: URL,
  address: LookupAddress,
  signal: AbortSignal,
  shown: string,
  sent?: Sent,
): Promise<IncomingMessage> {
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
      ...(sent === undefined ? {} : { method: sent.method }),
      headers: { 'user-agent': 'twinloop', ...sent?.headers },
    });
    call.on('response', resolve);
    call.on('error', error =>
      reject(
        new TwinloopError('fetch_failed', {
          values: { url: shown, reason: signal.aborted ? 'it took too long' : error.message },
          cause: error,
        }),
      ),
    );
    call.end(sent?.body);
  });
}

/** The whole body, bounded. @throws fetch_refused when it is larger · fetch_failed */
export async function readBody(
  url: string,
  response: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array> {
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
