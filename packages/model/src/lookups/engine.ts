import type { Row, Scalar } from '@twinloop/kernel';
import { aggregateMemory } from './aggregate.js';
import { eventReader, mapKey, type SourceEvent } from './event.js';
import { Heap } from './heap.js';
import { joinMemory } from './join.js';
import type { Memory } from './memory.js';
import { type AggregateSpec, type JoinSpec, lookedUpColumns, type LookupsSpec } from './spec.js';

/** What one lookup holds and how often it could not answer. */
export interface LookupFigures {
  readonly name: string;
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly keys: number;
  /** Rows that count now. */
  readonly rows: number;
  /** Rows that came and are not known yet at this time. */
  readonly pending: number;
  /** Time of the newest row that counts; NaN before the first. */
  readonly newest: number;
  readonly reads: number;
  /** Reads that found nothing for their key. */
  readonly missing: number;
  /** Reads of a source that was too old. */
  readonly stale: number;
  /** Rows that came after they were said to be known: what was answered before did not hold them. */
  readonly late: number;
}

interface Lookup {
  readonly spec: JoinSpec | AggregateSpec;
  readonly memory: Memory;
  readonly event: (row: Row, seq: number) => SourceEvent | undefined;
  readonly pending: Heap<SourceEvent>;
  readonly keys: readonly string[];
  newest: number;
  reads: number;
  missing: number;
  stale: number;
  late: number;
}

const byActive = (a: SourceEvent, b: SourceEvent): boolean =>
  a.active !== b.active ? a.active < b.active : a.known !== b.known ? a.known < b.known : a.seq < b.seq;

/**
 * The values of joins and windowed aggregates at a moment: one engine for training (all rows of the past in order of
 * time) and for serving (rows as they come), so that both give the same. A row counts from when it was known, and not
 * before it happened; rows may come in any order and long before they count. A moment in the past of the last one asked
 * about is answered as that one.
 */
export class LookupEngine {
  readonly columns: readonly string[];
  readonly #lookups: readonly Lookup[];
  #now = Number.NEGATIVE_INFINITY;
  #seq = 0;

  /** @throws expression_invalid */
  constructor(spec: LookupsSpec) {
    this.columns = lookedUpColumns(spec);
    this.#lookups = [...spec.joins, ...spec.aggregates].map(one => ({
      spec: one,
      memory: 'columns' in one ? joinMemory(one) : aggregateMemory(one),
      event: eventReader(one, spec.timezone),
      pending: new Heap(byActive),
      keys: Object.keys(one.by),
      newest: Number.NaN,
      reads: 0,
      missing: 0,
      stale: 0,
      late: 0,
    }));
  }

  get now(): number {
    return this.#now;
  }

  /** Takes a row of a source; it counts when its time has come. `live`: it came just now, so that one known before is late. */
  add(dataset: string, row: Row, live = false): void {
    const seq = this.#seq++;
    for (const lookup of this.#lookups) {
      if (lookup.spec.dataset !== dataset) continue;
      const event = lookup.event(row, seq);
      if (event === undefined) continue;
      lookup.pending.push(live && event.active <= this.#now ? { ...event, late: true } : event);
    }
  }

  /** Lets time pass up to `time`. */
  advance(time: number): void {
    if (!(time > this.#now)) return this.#activate();
    this.#now = time;
    this.#activate();
  }

  #activate(): void {
    const now = this.#now;
    for (const lookup of this.#lookups) {
      const { pending, memory } = lookup;
      for (let next = pending.peek(); next !== undefined && next.active <= now; next = pending.peek()) {
        pending.pop();
        if (!(next.time <= lookup.newest)) lookup.newest = next.time;
        if (memory.take(next) && next.late === true) lookup.late++;
      }
      memory.advance(now);
    }
  }

  /** Writes every looked-up column of a row, as known at `time`, into `out`, and counts what was not there. */
  read(row: Row, time: number, out: Record<string, Scalar>): void {
    this.advance(time);
    for (const lookup of this.#lookups) {
      const found = answer(lookup, row, this.#now, out);
      lookup.reads++;
      if (found === 'stale') lookup.stale++;
      else if (found === 'missing') lookup.missing++;
    }
  }

  /** The same without being counted, for people who look. */
  look(row: Row, time: number, out: Record<string, Scalar>): void {
    this.advance(time);
    for (const lookup of this.#lookups) answer(lookup, row, this.#now, out);
  }

  figures(): readonly LookupFigures[] {
    return this.#lookups.map(({ spec, memory, pending, newest, reads, missing, stale, late }) => ({
      name: spec.name,
      dataset: spec.dataset,
      columns: memory.columns,
      ...memory.size(),
      pending: pending.size,
      newest,
      reads,
      missing,
      stale,
      late,
    }));
  }
}

function answer(
  { memory, keys, spec, newest }: Lookup,
  row: Row,
  now: number,
  out: Record<string, Scalar>,
): 'found' | 'missing' | 'stale' {
  if (spec.fresh !== undefined && !(now - newest <= spec.fresh)) {
    for (let i = 0; i < memory.columns.length; i++) out[memory.columns[i]!] = memory.stale[i]!;
    return 'stale';
  }
  return memory.read(keyOf(row, keys), now, out) ? 'found' : 'missing';
}

function keyOf(row: Row, names: readonly string[]): Scalar {
  if (names.length === 1) return row[names[0]!] ?? null;
  const key: Scalar[] = [];
  for (const name of names) {
    const part = row[name] ?? null;
    if (part === null) return null;
    key.push(part);
  }
  return mapKey(key);
}
