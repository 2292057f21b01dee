import {
  canonicalJson,
  entryPreimage,
  type AnyNewFact,
  type Canonicalizable,
  type ContentHash,
  type EntryHeader,
  type EpochMs,
  type ProjectId,
} from '@twinloop/kernel';
import { sha256 } from '../hash.js';

/** A fact whose payload is already text: what cannot be written is refused before it joins a batch. */
export interface PreparedFact {
  readonly fact: AnyNewFact;
  readonly text: string;
}

export function prepareFact(fact: AnyNewFact): PreparedFact {
  return { fact, text: canonicalJson(fact.payload as unknown as Canonicalizable) };
}

/** `salt + canonical payload`, the kernel's payload preimage, from text that is already canonical. */
export function payloadHashOf(salt: string, text: string): ContentHash {
  return sha256(salt + text);
}

export interface Link {
  readonly header: EntryHeader;
  readonly salt: string;
  readonly text: string;
}

/** Where a writer stands and what it needs beside facts: salts keep erased payloads from being guessed. */
export interface ChainParts {
  wallNow(): EpochMs;
  randomBytes(size: number): Uint8Array;
}

/** The next link after `prev`; all facts of today are version 1. */
export function linkAfter(
  project: ProjectId,
  prev: { readonly seq: number; readonly hash: ContentHash },
  { fact, text }: PreparedFact,
  parts: ChainParts,
): Link {
  const salt = Buffer.from(parts.randomBytes(16)).toString('hex');
  const unsealed: Omit<EntryHeader, 'hash'> = {
    project,
    seq: prev.seq + 1,
    type: fact.type,
    v: 1,
    at: fact.at,
    recordedAt: parts.wallNow(),
    actor: fact.actor,
    causation: fact.causation ?? null,
    correlation: fact.correlation ?? null,
    idempotencyKey: fact.idempotencyKey ?? null,
    payloadHash: payloadHashOf(salt, text),
    prev: prev.hash,
  };
  return { header: { ...unsealed, hash: sha256(entryPreimage(unsealed)) }, salt, text };
}
