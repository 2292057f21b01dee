import { columnOf, numbers, takeRows, type EpochMs, type Row, type Table } from '@twinloop/kernel';

/** What happens next in a replay: one request, the labels that a feed delivers in one go, or rows of a joined source. */
export type ReplayEvent =
  | { readonly kind: 'request'; readonly at: EpochMs; readonly index: number }
  | { readonly kind: 'outcomes'; readonly at: EpochMs; readonly indices: readonly number[] }
  /** Rows of one source that become known at the same time, before any request of that time; `until` counts those of all sources. */
  | {
      readonly kind: 'rows';
      readonly at: EpochMs;
      readonly dataset: string;
      readonly rows: readonly Row[];
      readonly until: number;
    };

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
  /** Rows of joined sources, in order of when they become known. */
  readonly joined?: readonly JoinedRow[];
}

export interface JoinedRow {
  readonly dataset: string;
  readonly known: EpochMs;
  readonly row: Row;
}

/** Labels that become known within the interval travel late, or not before its end. */
export interface LabelDelay {
  readonly from: EpochMs;
  /** Null while it lasts. */
  readonly until: EpochMs | null;
  /** Times the delay that a label has anyway. */
  readonly factor: number;
  readonly extraMs: number;
  /** Share of the labels that do not come while it lasts. */
  readonly missing: number;
}

const HOUR = 36e5;
/** As many as one report may hold. */
const MOST_OUTCOMES = 5000;

/**
 * The events of a replay in order of time. Labels travel by an hourly feed, as they would from a warehouse:
 * each outcome keeps the time at which it became known and is delivered at the next full hour.
 */
export class Timeline {
  #requests: number;
  readonly #source: ReplaySource;
  readonly #requestAt: Float64Array;
  /** When each label became known, and when its feed has it: later while labels are held back. */
  readonly #knownAt: Float64Array;
  #arrivesAt: Float64Array;
  #byArrival: Uint32Array;

  constructor(source: ReplaySource) {
    this.#source = source;
    this.#requests = source.table.rows;
    this.#requestAt = numbers(source.table, source.time);
    this.#knownAt = source.arrives === undefined ? this.#requestAt : numbers(source.table, source.arrives);
    this.#arrivesAt = this.#knownAt;
    this.#byArrival = this.#inOrder();
  }

  get requests(): number {
    return this.#requests;
  }

  /** No request after the first `sent`: only their labels are still to come. */
  endAfter(sent: number): void {
    this.#requests = Math.min(this.#requests, sent);
    this.#byArrival = this.#inOrder();
  }

  /**
   * Holds labels back. What had arrived before an interval keeps its place, so a count of delivered outcomes means the
   * same before and after; at the end of an interval, and of the replay, all that is held back comes at once.
   */
  delay(delays: readonly LabelDelay[]): void {
    const end = this.#knownAt.reduce((latest, at) => Math.max(latest, at), 0);
    this.#arrivesAt = this.#knownAt.map((known, i) => {
      let at = known;
      for (const { from, until, factor, extraMs, missing } of delays) {
        if (at <= from || (until !== null && at > until)) continue;
        const late =
          drawn(this.id(i)) < missing
            ? Number.POSITIVE_INFINITY
            : at + (known - this.#requestAt[i]!) * (factor - 1) + extraMs;
        // Just after the moment: what was delivered at that very moment stays before it.
        at = Math.max(at, Math.min(late, until === null ? end : until + 1));
      }
      return at;
    });
    this.#byArrival = this.#inOrder();
  }

  #inOrder(): Uint32Array {
    return Uint32Array.from({ length: this.#requests }, (_, i) => i).sort(
      (a, b) => this.#arrivesAt[a]! - this.#arrivesAt[b]! || a - b,
    );
  }

  /** Events after the first `sent` requests, the first `delivered` outcomes and the first `posted` rows of joined sources. */
  *from(sent: number, delivered: number, posted = 0): Generator<ReplayEvent> {
    const { joined = [] } = this.#source;
    let row = posted;
    for (const event of this.#traffic(sent, delivered)) {
      for (; row < joined.length && joined[row]!.known <= event.at; ) {
        const { dataset, known } = joined[row]!;
        const rows: Row[] = [];
        while (row < joined.length && joined[row]!.known === known && joined[row]!.dataset === dataset)
          rows.push(joined[row++]!.row);
        yield { kind: 'rows', at: known, dataset, rows, until: row };
      }
      yield event;
    }
  }

  *#traffic(sent: number, delivered: number): Generator<ReplayEvent> {
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
      while (outcome < this.requests && indices.length < MOST_OUTCOMES && this.#feedTime(outcome) === due)
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

  /** What became known of the row: a number, or a class by name; null when nothing did. */
  label(index: number): number | boolean | string | null {
    const column = columnOf(this.#source.table, this.#source.label)!;
    const value = column.values[index] ?? null;
    if (typeof value === 'number' && Number.isNaN(value)) return null;
    // A truth value is a class by that name; where two are told apart the door reads it as 1 or 0.
    return column.type === 'boolean' ? value !== 0 : value;
  }

  arrivedAt(index: number): EpochMs {
    return this.#arrivesAt[index]!;
  }

  #feedTime(outcome: number): EpochMs {
    return Math.ceil(this.#arrivesAt[this.#byArrival[outcome]!]! / HOUR) * HOUR;
  }
}

/** A number in [0, 1) that belongs to an id (FNV-1a), so that the same labels are missing after a restart. */
function drawn(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** The table in order of (time, row), which a replay needs. */
export function inTimeOrder(table: Table, time: string): Table {
  const at = numbers(table, time);
  const order = Uint32Array.from({ length: table.rows }, (_, i) => i).sort(
    (a, b) => at[a]! - at[b]! || a - b,
  );
  return takeRows(table, order);
}
