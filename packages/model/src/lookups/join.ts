import type { Row, Scalar } from '@twinloop/kernel';
import { later, type SourceEvent } from './event.js';
import type { Memory } from './memory.js';
import type { JoinSpec } from './spec.js';

/** The latest row of each key: one row a key is all that a question about now can need. */
export function joinMemory(spec: JoinSpec): Memory {
  const latest = new Map<Scalar, SourceEvent>();
  const { within = Number.POSITIVE_INFINITY, default: defaults = {} } = spec;
  const columns = spec.columns.map(column => `${spec.name}.${column}`);
  const missing = spec.columns.map(column => defaults[column] ?? null);
  return {
    columns,
    stale: missing,
    take(event) {
      const before = latest.get(event.key);
      // A row of the past changes no answer from now on; it would have changed those that were given.
      if (before === undefined || later(event, before)) latest.set(event.key, event);
      return before === undefined || event.id === undefined || event.id !== before.id;
    },
    advance: () => undefined,
    read(key, now, out: Record<string, Row[string]>) {
      const event = key === null ? undefined : latest.get(key);
      const found = event !== undefined && now - event.time <= within;
      for (let i = 0; i < columns.length; i++)
        out[columns[i]!] = found ? (event.values[i] ?? missing[i]!) : missing[i]!;
      return found;
    },
    size: () => ({ keys: latest.size, rows: latest.size }),
  };
}
