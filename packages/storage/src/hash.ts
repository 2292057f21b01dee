import type { ContentHash } from '@twinloop/kernel';
import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256 of bytes, or of text as UTF-8. */
export function sha256(content: string | Uint8Array): ContentHash {
  return createHash('sha256').update(content).digest('hex') as ContentHash;
}
