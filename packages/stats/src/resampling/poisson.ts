/** P(Poisson(1) ≤ k). */
const CUMULATIVE = Float64Array.from({ length: 18 }, (_, last) => {
  let term = Math.exp(-1);
  let sum = term;
  for (let k = 1; k <= last; k++) {
    term /= k;
    sum += term;
  }
  return sum;
});

/** Draws from Poisson(1): how often a row appears in a bootstrap sample of many. */
export function poissonOne(rng: () => number): number {
  const u = rng();
  let k = 0;
  while (k < 17 && u >= CUMULATIVE[k]!) k++;
  return k;
}

/** Fills `weights` with independent Poisson(1) draws. */
export function fillPoissonWeights(weights: Float64Array, rng: () => number): void {
  for (let i = 0; i < weights.length; i++) weights[i] = poissonOne(rng);
}

/**
 * Draws from Poisson(mean): how often the `mean` rows of one cell appear in a bootstrap sample. From 30 on by the nearest
 * whole number of a normal draw.
 */
export function poissonDraw(mean: number, rng: () => number): number {
  if (mean === 1) return poissonOne(rng);
  if (mean >= 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const stop = Math.exp(-mean);
  let k = 0;
  for (let product = rng(); product > stop; product *= rng()) k++;
  return k;
}
