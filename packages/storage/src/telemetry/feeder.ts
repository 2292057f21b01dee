import type { Position } from '../log/segment-files.js';
import type { SegmentLog } from '../log/segment-log.js';
import type { TelemetryDatabase, Transaction } from './telemetry-database.js';

export interface FeederParts<Record> {
  /** Names the log's high-water mark in the database. */
  readonly name: string;
  readonly log: SegmentLog;
  readonly database: TelemetryDatabase;
  decode(payload: string): readonly Record[];
  /** Creates what a batch needs, before the batch's own transaction. */
  define(records: readonly Record[]): Promise<void>;
  /** Writes a batch inside a transaction that also moves the mark. */
  insert(transaction: Transaction, records: readonly Record[]): Promise<void>;
  /** Runs before anything else, and again after a failure: creates the fixed tables, reads what they say. */
  prepare(transaction: Transaction): Promise<void>;
}

export interface Feeder<Record> {
  /** Takes what has just been written to the log; `next` is the position after it. */
  push(records: readonly Record[], next: Position): void;
  /** Resolves when the database has everything that the log held at the call. */
  flush(): Promise<void>;
  /** Ends after the transaction under way; what is not fed stays in the log. */
  stop(): Promise<void>;
}

/** Rows of one transaction: large enough to be cheap, small enough to leave the process responsive. */
const BATCH = 4096;
/** Rows kept in memory for a database that does not keep up; beyond it they are read from the log again. */
const KEEP = 65_536;

/**
 * Carries a log into the database in batches. The mark moves in the same transaction as the rows, so each row
 * arrives exactly once, whatever is interrupted: after a failure or a restart the log is read from the mark.
 */
export function feeder<Record>(parts: FeederParts<Record>): Feeder<Record> {
  const { name, log, database } = parts;
  let pending: { records: readonly Record[]; next: Position }[] = [];
  let rows = 0;
  let sinceRun = 0;
  /** Rows before this position are not in `pending`; those that the database lacks are read from the log. */
  let gap: Position | undefined = log.end();
  let mark: Position | undefined;
  let feeding: Promise<void> | undefined;
  let stopped = false;

  const leaveToLog = (): void => {
    gap = log.end();
    pending = [];
    rows = 0;
  };

  const start = (): Promise<Position> =>
    database.transact(async transaction => {
      await transaction.run(
        'create table if not exists fed (log varchar primary key, segment double not null, "offset" double not null)',
      );
      await parts.prepare(transaction);
      const { columns } = await transaction.select(
        'select segment, "offset" from fed where log = ?',
        [name],
        ['DOUBLE', 'DOUBLE'],
      );
      return { segment: Number(columns[0]![0] ?? 1), offset: Number(columns[1]![0] ?? 0) };
    });

  const write = async (records: readonly Record[], next: Position): Promise<void> => {
    await parts.define(records);
    await database.transact(async transaction => {
      if (records.length > 0) await parts.insert(transaction, records);
      await transaction.run(
        'insert into fed values (?, ?, ?) on conflict (log) do update set segment = excluded.segment, "offset" = excluded."offset"',
        [name, next.segment, next.offset],
      );
    });
    mark = next;
  };

  const readLog = async (from: Position, until: Position): Promise<void> => {
    let batch: Record[] = [];
    for await (const { payload, next } of log.read(from, until)) {
      if (stopped) return;
      for (const record of parts.decode(payload)) batch.push(record);
      if (batch.length < BATCH) continue;
      await write(batch, next);
      batch = [];
    }
    if (batch.length > 0) await write(batch, until);
    // Unless the gap has grown meanwhile.
    if (gap === until) gap = undefined;
  };

  const writePending = async (): Promise<void> => {
    const taken: Record[] = [];
    let frames = 0;
    while (frames < pending.length && taken.length < BATCH) {
      for (const record of pending[frames]!.records) taken.push(record);
      frames++;
    }
    const { next } = pending[frames - 1]!;
    pending = pending.slice(frames);
    rows -= taken.length;
    await write(taken, next);
  };

  const feed = async (): Promise<void> => {
    sinceRun = 0;
    mark ??= await start();
    while (!stopped && (gap !== undefined || pending.length > 0)) {
      await (gap !== undefined ? readLog(mark, gap) : writePending());
    }
    log.dropBefore(mark);
  };

  const run = (): Promise<void> => {
    feeding ??= feed()
      .catch((error: unknown) => {
        leaveToLog();
        mark = undefined;
        throw error;
      })
      .finally(() => {
        feeding = undefined;
      });
    return feeding;
  };

  return {
    push(records, next) {
      sinceRun += records.length;
      pending.push({ records, next });
      rows += records.length;
      if (rows > KEEP) leaveToLog();
      // The log has the rows; a feed that fails is tried again here and by every read, which reports it.
      if (sinceRun >= BATCH && feeding === undefined) run().catch(() => undefined);
    },
    async flush() {
      // A feed under way takes up whatever was pushed before it ends, but it may be past its last look.
      await feeding;
      await run();
    },
    async stop() {
      stopped = true;
      await feeding?.catch(() => undefined);
    },
  };
}
