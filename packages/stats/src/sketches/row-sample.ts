/** mulberry32: plain, seeded, and equal on every machine. */
function uniforms(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** `size` of the numbers 0 … n − 1, ascending, every such set being equally likely (selection sampling, Knuth 3.4.2 S). */
export function chooseRows(n: number, size: number, seed: number): Int32Array {
  const wanted = Math.min(size, n);
  const rows = new Int32Array(wanted);
  if (wanted === n) return rows.map((_, i) => i);
  const uniform = uniforms(seed);
  let found = 0;
  for (let row = 0; found < wanted; row++) if ((n - row) * uniform() < wanted - found) rows[found++] = row;
  return rows;
}

/**
 * How many rows of a uniform sample of `size` out of two parts of `first` and `second` rows come from the first: a
 * hypergeometric draw, so that samples of the parts make a uniform sample of the whole.
 */
export function shareOut(first: number, second: number, size: number, seed: number): number {
  if (first + second <= size) return first;
  const uniform = uniforms(seed);
  let [left, right] = [first, second];
  for (let i = 0; i < size; i++) {
    if (uniform() * (left + right) < left) left--;
    else right--;
  }
  return first - left;
}
