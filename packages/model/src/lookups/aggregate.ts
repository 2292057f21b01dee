import type { Scalar } from '@twinloop/kernel';
import { type SourceEvent, supersedes } from './event.js';
import { type Figure, type Held, newFigure } from './figure.js';
import { Heap } from './heap.js';
import type { Memory } from './memory.js';
import type { AggregateSpec } from './spec.js';

interface Window {
  readonly figure: Figure;
  size: number;
}

interface Entry extends Held {
  readonly window: Window | undefined;
}

/** A request comes again with its outcome, which not every figure reads. */
const same = (a: SourceEvent, b: SourceEvent): boolean =>
  a.key === b.key &&
  a.time === b.time &&
  a.known === b.known &&
  a.void === b.void &&
  a.values[0] === b.values[0];

/**
 * The windows of one aggregate, one a key. At time t an event counts when `time > t − over` (and it is active): the
 * window is open at its old end and closed at its new one. O(log n) an event, amortised; what has left a window is freed.
 */
export function aggregateMemory(spec: AggregateSpec): Memory {
  const windows = new Map<Scalar, Window>();
  /** Newest state of each named row within reach, counted or not. */
  const named = new Map<string, Entry>();
  const byAge = new Heap<Entry>((a, b) => a.event.time < b.event.time);
  let held = 0;
  const leave = (entry: Entry): void => {
    if (!entry.live) return;
    entry.live = false;
    const { window, event } = entry;
    if (window === undefined) return;
    window.figure.remove(entry);
    held--;
    window.size--;
    if (window.size === 0 && windows.get(event.key) === window) windows.delete(event.key);
  };
  const open = (key: Scalar): Window => {
    const known = windows.get(key);
    if (known !== undefined) return known;
    const window = { figure: newFigure(spec.function), size: 0 };
    windows.set(key, window);
    return window;
  };
  const empty = ['count', 'sum', 'distinct'].includes(spec.function) ? 0 : (spec.default ?? null);
  const stale = [spec.default ?? null];
  return {
    columns: [spec.name],
    stale,
    take(event) {
      const before = event.id === undefined ? undefined : named.get(event.id);
      if (before !== undefined) {
        if (supersedes(before.event, event) || same(before.event, event)) return false;
        leave(before);
      }
      const window = event.void ? undefined : open(event.key);
      const entry: Entry = { event, live: true, window };
      if (event.id !== undefined) named.set(event.id, entry);
      byAge.push(entry);
      if (window === undefined) return before?.window !== undefined;
      window.size++;
      held++;
      window.figure.add(entry);
      return true;
    },
    advance(now) {
      for (let oldest = byAge.peek(); oldest !== undefined; oldest = byAge.peek()) {
        if (oldest.event.time > now - spec.over) break;
        byAge.pop();
        const { id } = oldest.event;
        if (id !== undefined && named.get(id) === oldest) named.delete(id);
        leave(oldest);
      }
    },
    read(key, _now, out) {
      const window = key === null ? undefined : windows.get(key);
      out[spec.name] = window?.figure.value() ?? empty;
      return window !== undefined;
    },
    size: () => ({ keys: windows.size, rows: held }),
  };
}
