/** Sums of one block of rows: what is left of it once it is seen. */
export interface BlockSums {
  readonly from: number;
  readonly rows: number;
  /** By stream: values that are not missing, their sum and the sum of their squares. */
  readonly n: readonly number[];
  readonly sum: readonly number[];
  readonly squares: readonly number[];
}

/** More blocks are merged two by two, the oldest first. */
const MOST_BLOCKS = 90;

export function blockSums(from: number, streams: readonly ArrayLike<number>[]): BlockSums {
  const [n, sum, squares]: [number[], number[], number[]] = [[], [], []];
  for (const values of streams) {
    let [present, total, square] = [0, 0, 0];
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      present++;
      total += value;
      square += value * value;
    }
    n.push(present);
    sum.push(total);
    squares.push(square);
  }
  return { from, rows: streams[0]?.length ?? 0, n, sum, squares };
}

export function withBlock(blocks: readonly BlockSums[], next: BlockSums): readonly BlockSums[] {
  if (blocks.length < MOST_BLOCKS) return [...blocks, next];
  const [first, second, ...rest] = blocks as [BlockSums, BlockSums, ...BlockSums[]];
  const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]!);
  const merged: BlockSums = {
    from: first.from,
    rows: first.rows + second.rows,
    n: plus(first.n, second.n),
    sum: plus(first.sum, second.sum),
    squares: plus(first.squares, second.squares),
  };
  return [merged, ...rest, next];
}

export interface FoundChange {
  /** Start of the first block after the change. */
  readonly from: number;
  /** Rows since then. */
  readonly rows: number;
  /** Means, and standard deviations, on either side. */
  readonly before: number;
  readonly after: number;
  readonly spreadBefore: number;
  readonly spreadAfter: number;
}

/**
 * Between which blocks the mean of one stream changed most clearly: the split with the largest
 * (difference of the means)² · n₁n₂ / (n₁ + n₂), least squares for one change (Page 1955). Undefined for a single block.
 */
export function locateChange(blocks: readonly BlockSums[], stream: number): FoundChange | undefined {
  const all = moments(blocks, stream);
  let best: FoundChange | undefined;
  let clearest = -1;
  for (let split = 1; split < blocks.length; split++) {
    const [left, right] = [moments(blocks.slice(0, split), stream), moments(blocks.slice(split), stream)];
    if (left.n === 0 || right.n === 0) continue;
    const clear = ((right.mean - left.mean) ** 2 * left.n * right.n) / all.n;
    if (clear <= clearest) continue;
    clearest = clear;
    best = {
      from: blocks[split]!.from,
      rows: blocks.slice(split).reduce((rows, block) => rows + block.rows, 0),
      before: left.mean,
      after: right.mean,
      spreadBefore: left.spread,
      spreadAfter: right.spread,
    };
  }
  return best;
}

/** Of independent rows in seven blocks about one stream in twenty lies above. */
const STEADY = 2;

/**
 * Streams whose block means differ no more than those of independent rows: the mean square between blocks is at most
 * twice that within them (F of a one-way analysis of variance, Fisher 1925). What is the same in all rows of a block, or has too
 * few values to tell, is not steady; what never changes at all is.
 */
export function steadyStreams(blocks: readonly BlockSums[]): readonly number[] {
  const streams = blocks[0]?.n.length ?? 0;
  return Array.from({ length: streams }, (_, stream) => stream).filter(stream => {
    const { n, mean } = moments(blocks, stream);
    let [between, within, groups] = [0, 0, 0];
    for (const block of blocks) {
      const own = moments([block], stream);
      if (own.n === 0) continue;
      groups++;
      between += own.n * (own.mean - mean) ** 2;
      within += own.n * own.spread ** 2;
    }
    if (groups < 2 || n <= groups) return false;
    return between / (groups - 1) <= (STEADY * within) / (n - groups);
  });
}

function moments(blocks: readonly BlockSums[], stream: number): { n: number; mean: number; spread: number } {
  let [n, sum, squares] = [0, 0, 0];
  for (const block of blocks) {
    n += block.n[stream]!;
    sum += block.sum[stream]!;
    squares += block.squares[stream]!;
  }
  const mean = sum / n;
  return { n, mean, spread: Math.sqrt(Math.max(0, squares / n - mean * mean)) };
}
