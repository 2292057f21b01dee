import type { EpochMs } from '@twinloop/kernel';

/** A block of prediction time whose labels have settled. */
export interface SettledBlock {
  readonly index: number;
  /** Labelled requests that both models answered. */
  readonly n: number;
  /** Sum of the differences, loss(promoted) − loss(previous). */
  readonly harm: number;
  /** Sum of label − score, of the promoted model and of the previous one. */
  readonly gap: number;
  readonly otherGap: number;
}

interface OpenRow {
  readonly a: number;
  readonly b: number;
  label: number;
}
interface OpenBlock {
  readonly index: number;
  readonly rows: OpenRow[];
  pending: number;
}

export interface BlockOptions {
  readonly since: EpochMs;
  /** Milliseconds. */
  readonly block: number;
  readonly settle: number;
  /** Of a label and the scores of the previous and the promoted model; not finite: the row does not count. */
  readonly harm: (label: number, a: number, b: number) => number;
}

/**
 * Collects requests into blocks of prediction time and hands the blocks out in order. A block settles when it is over
 * and all its labels are in, or `settle` after its end: what lands first was not late, so labels are not taken as they
 * come. What a block holds depends on arrival times alone and not on when somebody looks. Owned by one watch; mutable.
 */
export class SettledBlocks {
  readonly #options: BlockOptions;
  readonly #open: OpenBlock[] = [];
  readonly #waiting = new Map<string, { readonly block: OpenBlock; readonly row: OpenRow }>();
  /** Labels that have come, settled or not. */
  labels = 0;

  constructor(options: BlockOptions) {
    this.#options = options;
  }

  /** Requests come in order of time. */
  predicted(id: string, at: EpochMs, a: number, b: number): void {
    const { since, block } = this.#options;
    const index = Math.floor((at - since) / block);
    if (index < 0 || this.#waiting.has(id)) return;
    let last = this.#open.at(-1);
    if (last === undefined || last.index < index) {
      last = { index, rows: [], pending: 0 };
      this.#open.push(last);
    }
    const row: OpenRow = { a, b, label: Number.NaN };
    last.rows.push(row);
    last.pending++;
    this.#waiting.set(id, { block: last, row });
  }

  /** Labels come in order of arrival. A later one for the same request replaces the first while its block is open. */
  labelled(id: string, label: number, arrivedAt: EpochMs, settled: (block: SettledBlock) => void): void {
    this.settle(arrivedAt, settled);
    const found = this.#waiting.get(id);
    if (found === undefined) return;
    const { block, row } = found;
    if (Number.isNaN(row.label)) {
      block.pending--;
      this.labels++;
    }
    row.label = label;
  }

  /** Hands out, in order, the blocks that have settled before `now`. */
  settle(now: EpochMs, settled: (block: SettledBlock) => void): void {
    const { since, block, settle } = this.#options;
    for (let head = this.#open[0]; head !== undefined; head = this.#open[0]) {
      const end = since + (head.index + 1) * block;
      const complete = head.pending === 0 && now >= end;
      // A label that arrives exactly at the deadline still counts.
      if (!complete && now <= end + settle) return;
      this.#open.shift();
      this.#forget(head);
      settled(this.#sum(head));
    }
  }

  #forget(block: OpenBlock): void {
    for (const [id, found] of this.#waiting) {
      if (found.block !== block) return;
      this.#waiting.delete(id);
    }
  }

  #sum({ index, rows }: OpenBlock): SettledBlock {
    let n = 0;
    let harm = 0;
    let gap = 0;
    let otherGap = 0;
    for (const { a, b, label } of rows) {
      const difference = this.#options.harm(label, a, b);
      if (!Number.isFinite(difference)) continue;
      n++;
      harm += difference;
      gap += label - b;
      otherGap += label - a;
    }
    return { index, n, harm, gap, otherGap };
  }
}
