/** One group of equal values of the pooled sample. */
export type TieVisitor = (inA: number, inB: number, belowA: number, belowB: number) => void;

/** Walks the distinct values of two sorted samples upwards: how often each holds one, and how many lie below it. */
export function forEachTie(x: Float64Array, y: Float64Array, visit: TieVisitor): void {
  const n = x.length;
  const m = y.length;
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    const value = j >= m || (i < n && x[i]! <= y[j]!) ? x[i]! : y[j]!;
    const belowA = i;
    const belowB = j;
    while (i < n && x[i]! === value) i++;
    while (j < m && y[j]! === value) j++;
    visit(i - belowA, j - belowB, belowA, belowB);
  }
}
