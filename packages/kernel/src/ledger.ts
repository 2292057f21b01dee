import { canonicalJson, type Canonicalizable } from './canonical.js';
import type { AnyNewFact, FactPayloads, FactType } from './facts.js';
import type { ContentHash, EpochMs, ProjectId } from './ids.js';

/** One link of a project's chain. The hash covers everything here but the payload, which it covers through `payloadHash`, so that a payload can be erased and the chain still verify. */
export interface EntryHeader {
  readonly project: ProjectId;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly type: FactType;
  readonly v: number;
  /** Domain time. */
  readonly at: EpochMs;
  /** Wall time. */
  readonly recordedAt: EpochMs;
  readonly actor: string;
  readonly causation: string | null;
  readonly correlation: string | null;
  readonly idempotencyKey: string | null;
  /** SHA-256 of `salt + canonicalJson(payload)`. */
  readonly payloadHash: ContentHash;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly prev: ContentHash;
  readonly hash: ContentHash;
}

export type Entry<T extends FactType = FactType> = {
  [K in T]: EntryHeader & { readonly type: K; readonly payload: FactPayloads[K] };
}[T];
/** An entry whose payload may have been erased. */
export type StoredEntry = EntryHeader & {
  readonly salt: string | null;
  readonly payload: FactPayloads[FactType] | null;
};

export const GENESIS = '0'.repeat(64) as ContentHash;

/** The text whose SHA-256 is an entry's hash. */
export function entryPreimage(header: Omit<EntryHeader, 'hash'>): string {
  const {
    project,
    seq,
    type,
    v,
    at,
    recordedAt,
    actor,
    causation,
    correlation,
    idempotencyKey,
    payloadHash,
    prev,
  } = header;
  return canonicalJson({
    project,
    seq,
    type,
    v,
    at,
    recordedAt,
    actor,
    causation,
    correlation,
    idempotencyKey,
    payloadHash,
    prev,
  });
}

/** The text whose SHA-256 is a payload's hash; the salt keeps erased payloads from being guessed. */
export function payloadPreimage(salt: string, payload: FactPayloads[FactType]): string {
  return salt + canonicalJson(payload as unknown as Canonicalizable);
}

/** Drops the figures of evidence that was timed on this machine, at any depth. */
function withoutWallTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWallTimes);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  const timed = record['wallTime'] === true;
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => !timed || (key !== 'value' && key !== 'interval'))
      .map(([key, member]) => [key, withoutWallTimes(member)]),
  );
}

/** The part of an entry that equals itself on every machine for the same seed: no wall time, hash, salt or sequence id. */
export function decisionText(entry: Pick<Entry, 'type' | 'at' | 'payload' | 'actor'>): string {
  // A card quotes times of this machine and hashes of entries: that it was written is the decision, not its text.
  const said =
    entry.type === 'CardWritten'
      ? { model: (entry.payload as FactPayloads['CardWritten']).model }
      : entry.payload;
  const payload = withoutWallTimes(said) as Canonicalizable;
  return canonicalJson({ type: entry.type, at: entry.at, actor: entry.actor, payload });
}

export interface LedgerQuery {
  readonly project: ProjectId;
  /** Entries with `seq > after`. */
  readonly after?: number;
  readonly types?: readonly FactType[];
  readonly correlation?: string;
  readonly limit?: number;
  /** Newest first. */
  readonly descending?: boolean;
}

export type Verification =
  | { readonly ok: true; readonly entries: number; readonly head: ContentHash }
  | { readonly ok: false; readonly seq: number; readonly reason: string };

/** Append-only, one hash chain per project. An append resolves when the disk has it. */
export interface Ledger {
  /** Writes facts in order as one transaction and returns their entries. A fact whose idempotency key exists returns the entry it made then. @throws storage_full */
  append(project: ProjectId, facts: readonly AnyNewFact[]): Promise<readonly Entry[]>;
  /** Entries in order; erased payloads are skipped. */
  read(query: LedgerQuery): Promise<readonly Entry[]>;
  head(project: ProjectId): Promise<{ readonly seq: number; readonly hash: ContentHash }>;
  /** Recomputes every hash and names the first entry that does not hold. */
  verify(project: ProjectId): Promise<Verification>;
  /** SHA-256 over the decision texts in order: equal for equal seeds on any machine. */
  decisionHash(project: ProjectId): Promise<ContentHash>;
  /** Erases one payload (and its salt); the chain still verifies. */
  erase(project: ProjectId, seq: number): Promise<void>;
}
