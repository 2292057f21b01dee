import type { Sample } from '../common/samples.js';

export interface IsolationForestOptions {
  /** Uniform on [0, 1). The same draws give the same forest. */
  readonly random: () => number;
  /** Default 100. */
  readonly trees?: number;
  /** Rows that each tree sees. Default 256, or all when there are fewer. */
  readonly sampleSize?: number;
}

export interface IsolationForest {
  readonly columns: number;
  /** Rows that each tree saw. */
  readonly sampleSize: number;
  /** Of the rows of these columns (as many as the forest was built from), in (0, 1): near 1 for what is isolated at once, about ½ or less for the crowd. */
  scores(columns: readonly Sample[]): Float64Array;
}

/** One tree in arrays. A leaf has `left` −1 and its path length, the expected rest of the path included, in `value`. */
interface Tree {
  readonly column: Int32Array;
  readonly value: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Where missing values go: with the greater part of the sample. */
  readonly missingLeft: Uint8Array;
}

const EULER = 0.5772156649015329;

/** Expected path length of an unsuccessful search in a binary search tree of n rows: c(n) of the paper. */
function expectedPath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n;
}

/**
 * Isolation forest: rows that random cuts isolate early are strange. Mixed data are given as numbers (a category by its
 * frequency). Columns that are constant in a node are not cut there. NaN is missing and follows the greater part of the
 * node's rows, so it is neither strange nor familiar by itself.
 *
 * Without rows or without columns every score is NaN. O(trees · sampleSize · log sampleSize) to build, O(trees · log sampleSize)
 * a row.
 *
 * Source: Liu, Ting & Zhou, "Isolation Forest", ICDM 2008.
 */
export function isolationForest(
  columns: readonly Sample[],
  { random, trees: count = 100, sampleSize = 256 }: IsolationForestOptions,
): IsolationForest {
  const rows = columns[0]?.length ?? 0;
  for (const column of columns)
    if (column.length !== rows) throw new RangeError('all columns must have as many values');
  const size = Math.min(rows, Math.max(2, Math.floor(sampleSize)));
  const limit = Math.ceil(Math.log2(Math.max(2, size)));
  const trees: Tree[] = [];
  if (rows > 0) {
    const order = Int32Array.from({ length: rows }, (_, row) => row);
    for (let tree = 0; tree < count; tree++) {
      // A partial Fisher–Yates shuffle: the first `size` are a sample without replacement.
      for (let i = 0; i < size; i++) {
        const j = i + Math.floor(random() * (rows - i));
        const row = order[i]!;
        order[i] = order[j]!;
        order[j] = row;
      }
      trees.push(growTree(columns, order.slice(0, size), limit, random));
    }
  }
  const scale = expectedPath(size) || 1;
  return {
    columns: columns.length,
    sampleSize: size,
    scores(asked) {
      if (asked.length !== columns.length)
        throw new RangeError(
          `the forest was built from ${columns.length} columns, ${asked.length} are given`,
        );
      const n = asked[0]?.length ?? 0;
      const paths = new Float64Array(n);
      for (const tree of trees) addPaths(tree, asked, paths);
      return paths.map(total => (trees.length === 0 ? Number.NaN : 2 ** (-total / trees.length / scale)));
    },
  };
}

function growTree(columns: readonly Sample[], rows: Int32Array, limit: number, random: () => number): Tree {
  const column: number[] = [];
  const value: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const missingLeft: number[] = [];
  const open: { node: number; from: number; until: number; depth: number }[] = [];
  const add = (from: number, until: number, depth: number): number => {
    const node = column.push(-1) - 1;
    value.push(depth + expectedPath(until - from));
    left.push(-1);
    right.push(-1);
    missingLeft.push(0);
    if (depth < limit && until - from > 1) open.push({ node, from, until, depth });
    return node;
  };
  add(0, rows.length, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from, until, depth } = next;
    const cut = drawCut(columns, rows, from, until, random);
    if (cut === undefined) continue;
    const middle = partition(columns[cut.column]!, cut.at, rows, from, until);
    column[node] = cut.column;
    value[node] = cut.at;
    missingLeft[node] = middle.missingLeft ? 1 : 0;
    left[node] = add(from, middle.at, depth + 1);
    right[node] = add(middle.at, until, depth + 1);
  }
  return {
    column: Int32Array.from(column),
    value: Float64Array.from(value),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: Uint8Array.from(missingLeft),
  };
}

/** A random column among those that vary in the node, and a random place between its least and greatest value. */
function drawCut(
  columns: readonly Sample[],
  rows: Int32Array,
  from: number,
  until: number,
  random: () => number,
): { column: number; at: number } | undefined {
  const first = Math.floor(random() * columns.length);
  // A constant column is passed over for the next one: no draw is wasted, and the walk ends.
  for (let k = 0; k < columns.length; k++) {
    const index = (first + k) % columns.length;
    const column = columns[index]!;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from; i < until; i++) {
      const x = column[rows[i]!]!;
      if (x < low) low = x;
      if (x > high) high = x;
    }
    if (!(low < high)) continue;
    // Halves first: high − low may overflow.
    const share = random();
    const at = low * (1 - share) + high * share;
    return { column: index, at: at > low ? at : high };
  }
  return undefined;
}

/** Moves the rows below `at` to the front, those at or above it to the back; missing ones go to the larger side. */
function partition(
  column: Sample,
  at: number,
  rows: Int32Array,
  from: number,
  until: number,
): { at: number; missingLeft: boolean } {
  let below = 0;
  let above = 0;
  for (let i = from; i < until; i++) {
    const x = column[rows[i]!]!;
    if (x < at) below++;
    else if (x >= at) above++;
  }
  const missingLeft = below >= above;
  let end = from;
  for (let i = from; i < until; i++) {
    const row = rows[i]!;
    const x = column[row]!;
    if (x < at || (missingLeft && Number.isNaN(x))) {
      rows[i] = rows[end]!;
      rows[end++] = row;
    }
  }
  return { at: end, missingLeft };
}

function addPaths(tree: Tree, columns: readonly Sample[], paths: Float64Array): void {
  const { column, value, left, right, missingLeft } = tree;
  for (let row = 0; row < paths.length; row++) {
    let node = 0;
    while (left[node]! >= 0) {
      const x = columns[column[node]!]![row]!;
      const goesLeft = x < value[node]! || (Number.isNaN(x) && missingLeft[node] === 1);
      node = goesLeft ? left[node]! : right[node]!;
    }
    paths[row]! += value[node]!;
  }
}
