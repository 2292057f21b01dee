import { TwinloopError } from '@twinloop/kernel';

// A server on loopback is still reachable by every web page that the user's browser shows: by DNS rebinding (a
// foreign name that resolves to 127.0.0.1, seen in Host) and by cross-site requests (seen in Origin and Sec-Fetch-Site).

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface WebHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** The name of a Host header, without port, in lower case. */
function hostName(host: string): string {
  const name = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.split(':', 1)[0]!;
  return name.toLowerCase();
}

/** The names that may stand in Host: loopback, the address listened on (unless it is a wildcard), and what is configured. */
export function allowedHosts(listening: string, configured: readonly string[]): ReadonlySet<string> {
  const bound = listening.includes(':') && !listening.startsWith('[') ? `[${listening}]` : listening;
  const own = ['0.0.0.0', '[::]', ''].includes(bound) ? [] : [bound];
  return new Set([...LOOPBACK_NAMES, ...own, ...configured.map(hostName)].map(name => name.toLowerCase()));
}

/** @throws foreign_host */
export function checkHost(headers: WebHeaders, allowed: ReadonlySet<string>): void {
  const host = headers.host ?? '';
  if (allowed.has(hostName(host))) return;
  throw new TwinloopError('foreign_host', { field: 'Host', values: { host: JSON.stringify(host) } });
}

/**
 * Lets a request that may change something pass only from a page of this very origin, or from no page at all.
 * @throws foreign_origin
 */
export function checkOrigin(method: string, headers: WebHeaders): void {
  if (SAFE_METHODS.has(method)) return;
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const sameOrigin =
    origin === undefined || (host !== undefined && originHost(origin) === host.toLowerCase());
  const sameSite = site === undefined || site === 'same-origin' || site === 'none';
  if (sameOrigin && sameSite) return;
  throw new TwinloopError('foreign_origin', {
    field: sameOrigin ? 'Sec-Fetch-Site' : 'Origin',
    values: { origin: origin ?? 'another site' },
  });
}

/** Host and port of an http(s) origin; the scheme may differ where a proxy ends TLS. */
function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1];
}

/** Whether an address belongs to this machine. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const name = address
    .toLowerCase()
    .replace(/^::ffff:/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * An open server is for its own machine only.
 * @throws key_required_to_bind
 */
export function assertBindable(host: string, keysExist: boolean): void {
  if (!isLoopback(host) && !keysExist) throw new TwinloopError('key_required_to_bind', { values: { host } });
}
