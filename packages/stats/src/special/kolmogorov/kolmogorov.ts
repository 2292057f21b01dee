/**
 * P(K > x) for the limiting Kolmogorov distribution of √n·Dₙ (Kolmogorov 1933).
 * Two series, each used where it converges within a few terms: the alternating one in the upper tail,
 * its Jacobi theta transform below.
 */
export function kolmogorovSf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x <= 0.04) return 1;
  if (x < 1) {
    const base = (-Math.PI * Math.PI) / (8 * x * x);
    let sum = 0;
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(base * k * k);
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 8; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
  }
  return 2 * sum;
}

/** The x with kolmogorovSf(x) = p; Infinity at 0, 0 at 1, NaN outside [0, 1]. */
export function kolmogorovQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return Infinity;
  if (p === 1) return 0;
  let low = 0.04;
  let high = 20;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (kolmogorovSf(middle) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
