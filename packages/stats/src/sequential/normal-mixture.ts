/**
 * The two-sided normal mixture boundary (Robbins 1970; Howard, Ramdas, McAuliffe & Sekhon 2021), shared by the exact
 * and the asymptotic confidence sequence. Times are counts of values; `rho2` is the mixture variance × scale².
 */

/** The ρ² whose boundary is narrowest near `tightestAt` values (Waudby-Smith et al. 2021, eq. 9 ff.). */
export function mixtureVariance(alpha: number, tightestAt: number): number {
  const twice = -2 * Math.log(alpha);
  return (twice + Math.log1p(twice)) / tightestAt;
}

/** Half-width of the interval of the mean after n values of the given standard deviation. */
export function mixtureRadius(n: number, deviation: number, alpha: number, rho2: number): number {
  if (n === 0) return Infinity;
  const scale = n * rho2 + 1;
  return deviation * Math.sqrt(((2 * scale) / (n * n * rho2)) * (0.5 * Math.log(scale) - Math.log(alpha)));
}

/** Mixture likelihood ratio against a mean of zero, given the sum of n values. */
export function mixtureEValue(n: number, sum: number, variance: number, rho2: number): number {
  if (n === 0) return 1;
  const scale = n * rho2 + 1;
  const exponent = variance > 0 ? (rho2 * sum * sum) / (2 * variance * scale) : sum === 0 ? 0 : Infinity;
  return Math.exp(exponent - 0.5 * Math.log(scale));
}
