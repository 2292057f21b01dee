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

/** Poisson(1) by 16 bits: shares of the table's entries are its probabilities to the nearest of 65,536. */
const BY_BITS = Uint8Array.from({ length: 65_536 }, (_, bits) => {
  let k = 0;
  while (k < 17 && (bits + 0.5) / 65_536 >= CUMULATIVE[k]!) k++;
  return k;
});

/** Fills `weights` with independent Poisson(1) draws, two from the 32 leading bits of each uniform. */
export function fillPoissonWeights(weights: Float64Array, rng: () => number): void {
  const n = weights.length;
  for (let i = 0; i < n; i += 2) {
    const bits = (rng() * 4_294_967_296) >>> 0;
    weights[i] = BY_BITS[bits >>> 16]!;
    if (i + 1 < n) weights[i + 1] = BY_BITS[bits & 0xffff]!;
  }
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
