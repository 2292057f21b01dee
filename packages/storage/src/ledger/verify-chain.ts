import {
  entryPreimage,
  GENESIS,
  type ContentHash,
  type EntryHeader,
  type Verification,
} from '@twinloop/kernel';
import { sha256 } from '../hash.js';
import { payloadHashOf } from './chain.js';

export interface StoredLink {
  readonly header: EntryHeader;
  /** Null when the payload was erased. */
  readonly salt: string | null;
  readonly text: string | null;
}

/** Recomputes every hash of a chain that arrives in pages ordered by `seq`, and names the first link that does not hold. */
export async function verifyChain(pages: AsyncIterable<readonly StoredLink[]>): Promise<Verification> {
  let seq = 0;
  let head: ContentHash = GENESIS;
  for await (const page of pages) {
    for (const link of page) {
      const reason = broken(link, seq + 1, head);
      if (reason !== undefined) return { ok: false, seq: seq + 1, reason };
      seq++;
      head = link.header.hash;
    }
  }
  return { ok: true, entries: seq, head };
}

function broken({ header, salt, text }: StoredLink, seq: number, prev: ContentHash): string | undefined {
  if (header.seq !== seq) return `entry ${seq} is missing; the next one is ${header.seq}`;
  if (header.prev !== prev) return 'it does not follow the entry before it';
  const { hash, ...unsealed } = header;
  if (sha256(entryPreimage(unsealed)) !== hash) return 'its header does not match its hash';
  if (salt !== null && text !== null && payloadHashOf(salt, text) !== header.payloadHash) {
    return 'its payload does not match its hash';
  }
  return undefined;
}
