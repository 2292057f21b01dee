import type { Row, Scalar } from '@twinloop/kernel';
import { compileExpression } from '../expressions/compile.js';
import { parseExpression } from '../expressions/parse.js';
import type { AggregateSpec, Availability, JoinSpec } from './spec.js';

/** One row of a source as one lookup sees it. */
export interface SourceEvent {
  /** When it happened. */
  readonly time: number;
  /** When it became known. */
  readonly known: number;
  /** The first moment at which it may count: known, and not before it happened. */
  readonly active: number;
  readonly key: Scalar;
  readonly id: string | undefined;
  /** Order of arrival. */
  readonly seq: number;
  /** Joins: the columns. Aggregates: the one value. */
  readonly values: readonly Scalar[];
  /** Not counted, but it may correct a row that was. */
  readonly void: boolean;
  /** It came after it was said to be known. */
  readonly late?: boolean;
}

const view = new DataView(new ArrayBuffer(8));

/** The next greater double: the first moment after `x`. */
function after(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + (x > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

/** A key of any width as one map key. One column stays as it is; several become tagged text, so that 1 and '1' differ. */
export function mapKey(key: readonly Scalar[]): Scalar {
  if (key.length === 1) return key[0]!;
  let text = '';
  for (const part of key) text += typeof part === 'string' ? `s${part.length}:${part}|` : `n:${part}|`;
  return text;
}

/** A label is a truth value in a file and 1 or 0 in a report. */
const plain = (value: Scalar): Scalar => (typeof value === 'boolean' ? Number(value) : value);

const timeOf = (value: Scalar | undefined): number => (typeof value === 'number' ? value : Number.NaN);

/** When a row of time `time` is known; NaN when it is not (its `column` is missing). */
export function knownAt({ column, every, lag }: Availability, row: Row, time: number): number {
  const base = column === undefined ? time : timeOf(row[column]);
  return (every === undefined ? base : Math.ceil(base / every) * every) + lag;
}

/** Makes a reader of a source's rows for one lookup; rows without a key, a time or a time of being known give nothing. */
export function eventReader(
  spec: JoinSpec | AggregateSpec,
  timezone = 'UTC',
): (row: Row, seq: number) => SourceEvent | undefined {
  const compile = (text: string | undefined): ((row: Row) => Scalar) | undefined =>
    text === undefined ? undefined : compileExpression(parseExpression(text), { timezone });
  const keys = Object.values(spec.by);
  const join = 'columns' in spec ? spec.columns : undefined;
  const value = 'columns' in spec ? undefined : compile(spec.value);
  const filter = 'columns' in spec ? undefined : compile(spec.filter);
  const { id, at, available, own = false } = spec;
  return (row, seq) => {
    const time = timeOf(row[at]);
    const known = knownAt(available, row, time);
    if (Number.isNaN(time) || Number.isNaN(known)) return undefined;
    const key: Scalar[] = [];
    for (const name of keys) {
      const part = row[name] ?? null;
      if (part === null) return undefined;
      key.push(part);
    }
    const values =
      join === undefined
        ? [value === undefined ? 1 : plain(value(row))]
        : join.map(name => row[name] ?? null);
    const truth = filter === undefined ? true : filter(row);
    const passes = typeof truth !== 'string' && Boolean(truth);
    const named = id === undefined ? null : (row[id] ?? null);
    return {
      time,
      known,
      active: Math.max(known, own ? after(time) : time),
      key: mapKey(key),
      id: named === null ? undefined : String(named),
      seq,
      values,
      void: !passes || (join === undefined && values[0] === null),
    };
  };
}

/** Of two states of one row the later known holds, then the later come. */
export function supersedes(a: SourceEvent, b: SourceEvent): boolean {
  return a.known !== b.known ? a.known > b.known : a.seq > b.seq;
}

/** Whether `a` is later than `b`: by time, then by when it was known, then by name, so that arrival decides last. */
export function later(a: SourceEvent, b: SourceEvent): boolean {
  if (a.time !== b.time) return a.time > b.time;
  if (a.known !== b.known) return a.known > b.known;
  if (a.id !== b.id && a.id !== undefined && b.id !== undefined) return a.id > b.id;
  return a.seq > b.seq;
}
