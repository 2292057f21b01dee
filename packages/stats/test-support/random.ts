/** Seeded draws for simulations in tests. */
export interface Draws {
  uniform(): number;
  normal(): number;
  exponential(): number;
  poisson(mean: number): number;
  binomial(n: number, p: number): number;
  /** Counts of n draws over levels with these weights. */
  multinomial(n: number, weights: readonly number[]): number[];
}

/** sfc32 (Doty-Humphrey, PractRand), warmed up; equal seeds give equal streams. */
export function seeded(seed: number): Draws {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 20; i++) next();
  const uniform = (): number => (next() + 0.5) / 4294967296;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean: number): number => {
    let k = 0;
    for (let product = uniform(), stop = Math.exp(-mean); product > stop; k++) product *= uniform();
    return k;
  };
  const binomial = (n: number, p: number): number => {
    if (p <= 0 || n === 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - binomial(n, 1 - p);
    // Waiting times between successes: cost grows with the mean, not with n.
    let k = 0;
    for (let at = 0; ; k++) {
      at += Math.floor(Math.log(uniform()) / Math.log1p(-p)) + 1;
      if (at > n) return k;
    }
  };
  const multinomial = (n: number, weights: readonly number[]): number[] => {
    let mass = weights.reduce((sum, weight) => sum + weight, 0);
    let left = n;
    return weights.map((weight, i) => {
      const count = i === weights.length - 1 ? left : binomial(left, Math.min(1, weight / mass));
      mass -= weight;
      left -= count;
      return count;
    });
  };
  return { uniform, normal, exponential: () => -Math.log(uniform()), poisson, binomial, multinomial };
}
