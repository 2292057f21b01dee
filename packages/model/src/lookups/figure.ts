import type { Scalar } from '@twinloop/kernel';
import { type SourceEvent, later } from './event.js';
import { ExactSum } from './exact-sum.js';
import { Heap } from './heap.js';
import type { AggregateFunction } from './spec.js';

/** An event within a window; `live` until it leaves. */
export interface Held {
  readonly event: SourceEvent;
  live: boolean;
}

/** One figure over the events of a window: they come and go in any order. */
export interface Figure {
  add(held: Held): void;
  /** After `held.live` became false. */
  remove(held: Held): void;
  /** Null when there is nothing to say. */
  value(): Scalar;
}

/** Fewer dead entries than this are not worth the sweep. */
const FEW = 16;

/** The first by an order, with events leaving from anywhere: O(log n) amortised, at most twice the live entries held. */
function first(before: (a: SourceEvent, b: SourceEvent) => boolean): Figure {
  const heap = new Heap<Held>((a, b) => before(a.event, b.event));
  let dead = 0;
  return {
    add: held => heap.push(held),
    remove() {
      dead++;
      if (dead < FEW || dead * 2 < heap.size) return;
      heap.keep(({ live }) => live);
      dead = 0;
    },
    value() {
      while (heap.peek()?.live === false) {
        heap.pop();
        dead--;
      }
      return heap.peek()?.event.values[0] ?? null;
    },
  };
}

function sum(mean: boolean): Figure {
  const exact = new ExactSum();
  let n = 0;
  const number = ({ event }: Held): number | undefined => {
    const value = event.values[0];
    return typeof value === 'number' ? value : undefined;
  };
  return {
    add(held) {
      const value = number(held);
      if (value === undefined) return;
      exact.add(value);
      n++;
    },
    remove(held) {
      const value = number(held);
      if (value === undefined) return;
      exact.add(-value);
      n--;
    },
    value: () => (mean ? (n === 0 ? null : exact.value / n) : exact.value),
  };
}

function distinct(): Figure {
  const counts = new Map<Scalar, number>();
  return {
    add({ event }) {
      const value = event.values[0]!;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    remove({ event }) {
      const value = event.values[0]!;
      const left = counts.get(value)! - 1;
      if (left === 0) counts.delete(value);
      else counts.set(value, left);
    },
    value: () => counts.size,
  };
}

function count(): Figure {
  let n = 0;
  return {
    add: () => {
      n++;
    },
    remove: () => {
      n--;
    },
    value: () => n,
  };
}

const smaller = (a: Scalar, b: Scalar): boolean => a! < b!;

export function newFigure(name: AggregateFunction): Figure {
  switch (name) {
    case 'count':
      return count();
    case 'sum':
      return sum(false);
    case 'mean':
      return sum(true);
    case 'min':
      return first((a, b) => smaller(a.values[0]!, b.values[0]!));
    case 'max':
      return first((a, b) => smaller(b.values[0]!, a.values[0]!));
    case 'last':
      return first(later);
    case 'distinct':
      return distinct();
  }
}
