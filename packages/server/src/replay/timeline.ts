import { columnOf, numbers, takeRows, type EpochMs, type Row, type Table } from '@twinloop/kernel';

/** What happens next in a replay: one request, or the labels that a feed delivers in one go. */
export type ReplayEvent =
  | { readonly kind: 'request'; readonly at: EpochMs; readonly index: number }
  | { readonly kind: 'outcomes'; readonly at: EpochMs; readonly indices: readonly number[] };

export interface ReplaySource {
  /** Rows of the past in time order. */
  readonly table: Table;
  readonly ids: readonly string[];
  /** The features that the request carries: nothing known later is among them. */
  readonly inputs: readonly string[];
  readonly time: string;
  readonly label: string;
  /** The column that says when the label became known; absent: with the request. */
  readonly arrives: string | undefined;
}

const HOUR = 36e5;

/**
 * The events of a replay in order of time. Labels travel by an hourly feed, as they would from a warehouse:
 * each outcome keeps the time at which it became known and is delivered at the next full hour.
 */
export class Timeline {
  readonly requests: number;
  readonly #source: ReplaySource;
  readonly #requestAt: Float64Array;
  readonly #arrivesAt: Float64Array;
  readonly #byArrival: Uint32Array;

  constructor(source: ReplaySource) {
    this.#source = source;
    this.requests = source.table.rows;
    this.#requestAt = numbers(source.table, source.time);
    this.#arrivesAt = source.arrives === undefined ? this.#requestAt : numbers(source.table, source.arrives);
    this.#byArrival = Uint32Array.from({ length: this.requests }, (_, i) => i).sort(
      (a, b) => this.#arrivesAt[a]! - this.#arrivesAt[b]! || a - b,
    );
  }

  /** Events after the first `sent` requests and the first `delivered` outcomes. */
  *from(sent: number, delivered: number): Generator<ReplayEvent> {
    let request = sent;
    let outcome = delivered;
    while (request < this.requests || outcome < this.requests) {
      const requestAt = request < this.requests ? this.#requestAt[request]! : Number.POSITIVE_INFINITY;
      const due = outcome < this.requests ? this.#feedTime(outcome) : Number.POSITIVE_INFINITY;
      if (requestAt <= due) {
        yield { kind: 'request', at: requestAt, index: request++ };
        continue;
      }
      const indices: number[] = [];
      while (outcome < this.requests && this.#feedTime(outcome) === due)
        indices.push(this.#byArrival[outcome++]!);
      yield { kind: 'outcomes', at: due, indices };
    }
  }

  id(index: number): string {
    return this.#source.ids[index]!;
  }

  inputs(index: number): Row {
    const row: Record<string, Row[string]> = {};
    for (const name of this.#source.inputs) {
      const column = columnOf(this.#source.table, name)!;
      const value = column.values[index] ?? null;
      row[name] = typeof value === 'number' && Number.isNaN(value) ? null : value;
    }
    return row;
  }

  label(index: number): number {
    return numbers(this.#source.table, this.#source.label)[index]!;
  }

  arrivedAt(index: number): EpochMs {
    return this.#arrivesAt[index]!;
  }

  #feedTime(outcome: number): EpochMs {
    return Math.ceil(this.#arrivesAt[this.#byArrival[outcome]!]! / HOUR) * HOUR;
  }
}

/** The table in order of (time, row), which a replay needs. */
export function inTimeOrder(table: Table, time: string): Table {
  const at = numbers(table, time);
  const order = Uint32Array.from({ length: table.rows }, (_, i) => i).sort(
    (a, b) => at[a]! - at[b]! || a - b,
  );
  return takeRows(table, order);
}
