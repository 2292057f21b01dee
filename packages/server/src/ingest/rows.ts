import { TwinloopError, type ErrorFinding } from '@twinloop/kernel';

/** One row as it came, by the line that a person would look at; `error` instead of `row` when it is none. */
export interface NumberedRow {
  readonly line: number;
  readonly row?: unknown;
  readonly error?: string;
}

/** Rows in pieces: nothing larger than a piece is held. */
export type Pieces = AsyncIterable<readonly NumberedRow[]>;

/** What became of the rows of one request. */
export interface Tally {
  rows: number;
  accepted: number;
  /** Those that were there already, with the same content. */
  duplicates: number;
  refused: number;
  conflicts: number;
  /** The first refusals. */
  readonly findings: ErrorFinding[];
}

/** Rows of one write: acknowledged together, small enough to leave the process responsive. */
export const BATCH = 5000;
/** Refusals that are told; the rest is counted. */
const TOLD = 20;

export function newTally(): Tally {
  return { rows: 0, accepted: 0, duplicates: 0, refused: 0, conflicts: 0, findings: [] };
}

export function refuseRow(tally: Tally, line: number, message: string, field?: string): void {
  tally.refused++;
  if (tally.findings.length >= TOLD) return;
  tally.findings.push({
    message: `line ${line}: ${message}`,
    line,
    ...(field === undefined ? {} : { field }),
  });
}

/**
 * Hands rows on in batches, each after the one before is durable: a fast sender waits for the disk and not the other
 * way round. Rows that `read` refuses are counted and named; the others go on.
 */
export async function inBatches<T>(
  pieces: Pieces,
  tally: Tally,
  read: (row: unknown) => T,
  write: (batch: readonly { readonly line: number; readonly value: T }[]) => Promise<void>,
): Promise<void> {
  let batch: { line: number; value: T }[] = [];
  for await (const piece of pieces) {
    for (const { line, row, error } of piece) {
      tally.rows++;
      if (error !== undefined) {
        refuseRow(tally, line, error);
        continue;
      }
      try {
        batch.push({ line, value: read(row) });
      } catch (thrown) {
        if (!(thrown instanceof TwinloopError)) throw thrown;
        refuseRow(tally, line, thrown.message, thrown.field);
      }
      if (batch.length < BATCH) continue;
      await write(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await write(batch);
}

/**
 * Accepted rows stay whatever happened to others; a caller who is told of a refusal mends those rows and may send all
 * again. @throws prediction_conflict when conflicts are all that was refused · rows_refused
 */
export function settle({ rows, accepted, duplicates, refused, conflicts, findings }: Tally): void {
  if (refused === 0) return;
  const kept = `${accepted} row(s) are kept, ${duplicates} were there already.`;
  if (conflicts === refused) {
    throw new TwinloopError('prediction_conflict', {
      field: 'id',
      values: {
        id: conflicts === 1 ? (/"(.*)"/.exec(findings[0]!.message)?.[1] ?? '') : `(${conflicts} ids)`,
      },
      hint: `Ids must be unique for one endpoint; sending the same rows again is harmless. ${kept}`,
      details: findings,
    });
  }
  throw new TwinloopError('rows_refused', {
    ...(findings[0]?.field === undefined ? {} : { field: findings[0].field }),
    values: { refused, rows, accepted: accepted + duplicates },
    details: findings,
  });
}
