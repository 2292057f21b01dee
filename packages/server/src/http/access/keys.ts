import { createHash, timingSafeEqual } from 'node:crypto';
import type { ContentHash } from '@twinloop/kernel';

/** An API key as its holder keeps it. */
export function formatKey(id: string, secret: string): string {
  return `tlk_${id}_${secret}`;
}

/** The parts of `tlk_<id>_<secret>`; undefined for anything else. Ids hold no underscore. */
export function parseKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const match = /^tlk_([A-Za-z0-9-]{1,64})_([A-Za-z0-9_-]{1,256})$/.exec(text);
  return match === null ? undefined : { id: match[1]!, secret: match[2]! };
}

/** What is kept of a key. Secrets are random and long, so one SHA-256 is enough: there is nothing to guess slowly. */
export function secretHash(secret: string): ContentHash {
  return createHash('sha256').update(secret).digest('hex') as ContentHash;
}

/** Compares secrets in time that depends on neither, their lengths included. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
