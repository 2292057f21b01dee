import { rowAt, type Row, type Table } from '@twinloop/kernel';
import type { GateContext } from '@twinloop/loop/testing';

const ROWS = 200;
const WARM_UP = 200;
const TIMED = 1000;

/** Times single rows through the model that would serve. */
export async function timePredictions(
  monotonic: () => number,
  rows: Table,
  score: (row: Row) => number | Promise<number>,
): Promise<NonNullable<GateContext['latency']>> {
  const sample = Array.from({ length: Math.min(rows.rows, ROWS) }, (_, row) => rowAt(rows, row));
  const times = new Float64Array(TIMED);
  for (let i = -WARM_UP; i < TIMED; i++) {
    const started = monotonic();
    const answer = score(sample[(i + WARM_UP) % sample.length]!);
    if (typeof answer !== 'number') await answer;
    if (i >= 0) times[i] = monotonic() - started;
  }
  times.sort();
  return { p50: times[TIMED >> 1]!, p99: times[Math.floor(TIMED * 0.99)]!, n: TIMED };
}
