import { concatTables, numbers, takeRows, type Column, type EpochMs, type Table } from '@twinloop/kernel';

const WEEK = 7 * 864e5;
/** Whole weeks keep the day of the week and the hour of the day. */
const LENGTH = 8 * WEEK;
/** Rounds that one encore holds; when they are used up another encore follows. */
export const ROUNDS = 4;

/** The last weeks of a replay, played again and again after its end. */
export interface Encore {
  /** Number of the first round; the replay itself was round 1. */
  readonly first: number;
  /** Where the encore starts: rows of its first round that would lie before are left out. */
  readonly from: EpochMs;
}

/**
 * The last eight weeks of `table` (in order of time), `ROUNDS` times over: every time of a row moves by the same whole
 * number of weeks, so that the rounds follow each other without a gap and the first row comes just after `from`. Rows
 * get ids of their own, `<id>~<round>`: sending one twice stays harmless, and no row of the past is overwritten.
 */
export function encoreOf(
  { table, ids, time }: { readonly table: Table; readonly ids: readonly string[]; readonly time: string },
  { first, from }: Encore,
): { readonly table: Table; readonly ids: readonly string[] } {
  const at = numbers(table, time);
  const end = at.at(-1) ?? from;
  const rows = Array.from({ length: table.rows }, (_, i) => i).filter(i => at[i]! > end - LENGTH);
  const last = takeRows(table, rows);
  // The first round began in the past: what is played of it starts now.
  const offset = Math.floor((from - (end - LENGTH)) / WEEK) * WEEK;
  const rounds = Array.from({ length: ROUNDS }, (_, k) => later(last, offset + k * LENGTH));
  const whole = concatTables(rounds);
  const names = rounds.flatMap((_, k) => rows.map(i => `${ids[i]!}~${first + k}`));
  const moved = numbers(whole, time);
  const kept = names.map((_, i) => i).filter(i => moved[i]! > from);
  return { table: takeRows(whole, kept), ids: kept.map(i => names[i]!) };
}

function later(table: Table, ms: number): Table {
  const columns = table.columns.map(
    (column): Column =>
      column.type === 'time' ? { ...column, values: column.values.map(value => value + ms) } : column,
  );
  return { rows: table.rows, columns };
}
