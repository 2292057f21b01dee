import {
  decisionText,
  GENESIS,
  parseCanonical,
  type ContentHash,
  type Entry,
  type FactPayloads,
  type FactType,
  type Ledger,
  type LedgerQuery,
  type ProjectId,
} from '@twinloop/kernel';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { storageError } from '../errors.js';
import { openSqlite } from '../sql/open-sqlite.js';
import { turnBatch } from '../turn-batch.js';
import { linkAfter, prepareFact, type ChainParts, type Link, type PreparedFact } from './chain.js';
import { entryOf, headerOf, linkOf, ROW_COLUMNS, ROW_TABLES, type LedgerRow } from './ledger-rows.js';
import { migrateLedger } from './ledger-schema.js';
import type { Upcasters } from './upcasters.js';
import { verifyChain } from './verify-chain.js';

export interface LedgerOptions extends ChainParts {
  /** Instead of the house's own table: for tests of old payloads. */
  readonly upcasters?: Upcasters;
  /** Upper bound of the file, in pages of 4 KiB; beyond it an append is `storage_full`. */
  readonly maxPages?: number;
}

export interface OpenLedger extends Ledger {
  close(): Promise<void>;
}

interface Submission {
  readonly project: ProjectId;
  readonly facts: readonly PreparedFact[];
}

const PAGE = 1000;

/**
 * The embedded ledger: one database file with `synchronous = FULL`, so an append resolves when the disk has it.
 * Appends of one turn of the event loop share one transaction and so one wait for the disk.
 * @throws data_directory_unwritable · storage_corrupt
 */
export async function openLedger(file: string, options: LedgerOptions): Promise<OpenLedger> {
  const directory = dirname(file);
  const database = openSqlite(file, 'FULL');
  try {
    migrateLedger(database);
    if (options.maxPages !== undefined)
      database.exec(`pragma max_page_count = ${Math.floor(options.maxPages)}`);
  } catch (error) {
    database.close();
    throw storageError(error, directory);
  }

  const insertEntry = database.prepare(
    `insert into ledger_entry (project, seq, type, v, at, recorded_at, actor, causation, correlation, idempotency_key, payload_hash, prev, hash)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertPayload = database.prepare(
    'insert into ledger_payload (project, seq, salt, payload) values (?, ?, ?, ?)',
  );
  const selectHead = database.prepare(
    'select seq, hash from ledger_entry where project = ? order by seq desc limit 1',
  );
  const selectByKey = database.prepare(
    `select ${ROW_COLUMNS} from ${ROW_TABLES} where e.project = ? and e.idempotency_key = ?`,
  );
  const selectPage = database.prepare(
    `select ${ROW_COLUMNS} from ${ROW_TABLES} where e.project = ? and e.seq > ? order by e.seq limit ${PAGE}`,
  );

  const headOf = (project: ProjectId): { seq: number; hash: ContentHash } => {
    const [row] = selectHead.all(project) as { seq: number; hash: ContentHash }[];
    return row ?? { seq: 0, hash: GENESIS };
  };
  const earlier = (project: ProjectId, prepared: PreparedFact): Entry | undefined => {
    const key = prepared.fact.idempotencyKey;
    if (key === undefined) return undefined;
    const [row] = selectByKey.all(project, key) as LedgerRow[];
    // An erased payload cannot be returned; the caller's own copy of it can.
    return row && entryOf(headerOf(row), row.payload ?? prepared.text, options.upcasters);
  };
  const insert = ({ header, salt, text }: Link): void => {
    const { project, seq, type, v, at, recordedAt, actor, causation, correlation, idempotencyKey } = header;
    const { payloadHash, prev, hash } = header;
    insertEntry.run(
      ...[project, seq, type, v, at, recordedAt, actor, causation, correlation, idempotencyKey],
      ...[payloadHash, prev, hash],
    );
    insertPayload.run(project, seq, salt, text);
  };

  const batch = turnBatch<Submission, readonly Entry[]>(submissions => {
    const heads = new Map<ProjectId, { seq: number; hash: ContentHash }>();
    try {
      database.exec('begin immediate');
      const results = submissions.map(({ project, facts }) =>
        facts.map(prepared => {
          const existing = earlier(project, prepared);
          if (existing !== undefined) return existing;
          const link = linkAfter(project, heads.get(project) ?? headOf(project), prepared, options);
          insert(link);
          heads.set(project, link.header);
          return entryOf(link.header, link.text, options.upcasters);
        }),
      );
      database.exec('commit');
      return results;
    } catch (error) {
      if (database.inTransaction) database.exec('rollback');
      throw storageError(error, directory);
    }
  });

  async function* pages(project: ProjectId): AsyncGenerator<readonly LedgerRow[]> {
    for (let after = 0; ; ) {
      const rows = selectPage.all(project, after) as LedgerRow[];
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
      after = rows[rows.length - 1]!.seq;
      await new Promise<void>(resolve => setImmediate(resolve));
    }
  }

  return {
    async append(project, facts) {
      const prepared = facts.map(prepareFact);
      return prepared.length === 0 ? [] : batch.submit({ project, facts: prepared });
    },
    async read(query) {
      const { sql, parameters } = readStatement(query);
      const rows = database.prepare(sql).all(parameters) as LedgerRow[];
      return rows.map(row => entryOf(headerOf(row), row.payload!, options.upcasters));
    },
    async head(project) {
      const { seq, hash } = headOf(project);
      return { seq, hash };
    },
    verify(project) {
      async function* links() {
        for await (const rows of pages(project)) yield rows.map(linkOf);
      }
      return verifyChain(links());
    },
    async decisionHash(project) {
      const hash = createHash('sha256');
      for await (const rows of pages(project)) {
        for (const row of rows) if (row.payload !== null) hash.update(decisionLine(row));
      }
      return hash.digest('hex') as ContentHash;
    },
    async erase(project, seq) {
      try {
        database.prepare('delete from ledger_payload where project = ? and seq = ?').run(project, seq);
      } catch (error) {
        throw storageError(error, directory);
      }
    },
    async close() {
      await batch.idle();
      database.close();
    },
  };
}

function decisionLine(row: LedgerRow): string {
  const payload = parseCanonical(row.payload!) as unknown as FactPayloads[FactType];
  const entry = { type: row.type, at: row.at, actor: row.actor, payload } as Parameters<
    typeof decisionText
  >[0];
  return `${decisionText(entry)}\n`;
}

function readStatement(query: LedgerQuery): { sql: string; parameters: (string | number)[] } {
  const where = ['e.project = ?', 'e.seq > ?', 'p.payload is not null'];
  const parameters: (string | number)[] = [query.project, query.after ?? 0];
  if (query.types !== undefined) {
    where.push(query.types.length === 0 ? '1 = 0' : `e.type in (${query.types.map(() => '?').join(', ')})`);
    parameters.push(...query.types);
  }
  if (query.correlation !== undefined) {
    where.push('e.correlation = ?');
    parameters.push(query.correlation);
  }
  let sql = `select ${ROW_COLUMNS} from ${ROW_TABLES} where ${where.join(' and ')} order by e.seq ${query.descending ? 'desc' : 'asc'}`;
  if (query.limit !== undefined) {
    sql += ' limit ?';
    parameters.push(query.limit);
  }
  return { sql, parameters };
}
