/** How many paths end with which sum; values ascend. */
interface Frequencies {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

const NOTHING: Frequencies = { values: new Float64Array(0), counts: new Float64Array(0) };

/**
 * P(U ≥ u) for Anderson's U of two samples of n and m values without ties, over all C(n+m, n) arrangements
 * (Xiao, Gordon & Yakovlev 2006, "A C++ program for the Cramér–von Mises two-sample test", algorithm 1). Meant for
 * n, m ≤ 20: counts stay exact, and the tables small.
 */
export function cramerVonMisesExactSf(u: number, n: number, m: number): number {
  const lcm = (n / gcd(n, m)) * m;
  const stepA = lcm / n;
  const stepB = lcm / m;
  const product = n * m;
  // The statistic as a sum of squares of whole numbers.
  const reached = Math.floor(
    (lcm * lcm * (n + m) * (6 * u - product * (4 * product - 1))) / (6 * product * product),
  );
  let rows: Frequencies[] = Array.from({ length: n + 1 }, () => NOTHING);
  rows[0] = { values: Float64Array.of(0), counts: Float64Array.of(1) };
  for (let j = 0; j <= m; j++) {
    let left = NOTHING;
    rows = rows.map((below, i) => {
      left = shifted(merge(left, below), (stepA * i - stepB * j) ** 2);
      return left;
    });
  }
  const { values, counts } = rows[n]!;
  let far = 0;
  let all = 0;
  for (let k = values.length - 1; k >= 0; k--) {
    if (values[k]! >= reached) far += counts[k]!;
    all += counts[k]!;
  }
  return far / all;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function shifted({ values, counts }: Frequencies, by: number): Frequencies {
  return { values: values.map(value => value + by), counts };
}

function merge(a: Frequencies, b: Frequencies): Frequencies {
  if (a.values.length === 0) return b;
  if (b.values.length === 0) return a;
  const values = new Float64Array(a.values.length + b.values.length);
  const counts = new Float64Array(values.length);
  let i = 0;
  let j = 0;
  let n = 0;
  while (i < a.values.length || j < b.values.length) {
    const x = i < a.values.length ? a.values[i]! : Infinity;
    const y = j < b.values.length ? b.values[j]! : Infinity;
    values[n] = Math.min(x, y);
    if (x <= y) counts[n]! += a.counts[i++]!;
    if (y <= x) counts[n]! += b.counts[j++]!;
    n++;
  }
  return { values: values.subarray(0, n), counts: counts.subarray(0, n) };
}
