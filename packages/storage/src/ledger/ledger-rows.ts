import {
  parseCanonical,
  type ContentHash,
  type Entry,
  type EntryHeader,
  type FactType,
  type ProjectId,
} from '@twinloop/kernel';
import { upcast, type Upcasters } from './upcasters.js';
import type { StoredLink } from './verify-chain.js';

export interface LedgerRow {
  readonly project: string;
  readonly seq: number;
  readonly type: string;
  readonly v: number;
  readonly at: number;
  readonly recorded_at: number;
  readonly actor: string;
  readonly causation: string | null;
  readonly correlation: string | null;
  readonly idempotency_key: string | null;
  readonly payload_hash: string;
  readonly prev: string;
  readonly hash: string;
  readonly salt: string | null;
  readonly payload: string | null;
}

export const ROW_COLUMNS = `e.project, e.seq, e.type, e.v, e.at, e.recorded_at, e.actor, e.causation, e.correlation,
  e.idempotency_key, e.payload_hash, e.prev, e.hash, p.salt, p.payload`;
export const ROW_TABLES = `ledger_entry e left join ledger_payload p on p.project = e.project and p.seq = e.seq`;

export function headerOf(row: LedgerRow): EntryHeader {
  return {
    project: row.project as ProjectId,
    seq: row.seq,
    type: row.type as FactType,
    v: row.v,
    at: row.at,
    recordedAt: row.recorded_at,
    actor: row.actor,
    causation: row.causation,
    correlation: row.correlation,
    idempotencyKey: row.idempotency_key,
    payloadHash: row.payload_hash as ContentHash,
    prev: row.prev as ContentHash,
    hash: row.hash as ContentHash,
  };
}

export function linkOf(row: LedgerRow): StoredLink {
  return { header: headerOf(row), salt: row.salt, text: row.payload };
}

/** The entry as rooms read it, its payload in today's shape. */
export function entryOf(header: EntryHeader, text: string, upcasters?: Upcasters): Entry {
  const payload = upcast(header.type, header.v, parseCanonical(text), upcasters);
  return { ...header, payload } as Entry;
}
