// Hall 1992, "On the removal of skewness by transformation": with y = (x̄ − μ)/σ̂, the statistic √n·g(y),
// g(y) = y + γy²/3 + γ²y³/27 + γ/(6n), is normal to second order although the values are skewed.

/** g(y): a perfect cube plus a constant, hence monotone. */
export function hallTransform(y: number, skewness: number, n: number): number {
  return y + (skewness * y * y) / 3 + (skewness * skewness * y ** 3) / 27 + skewness / (6 * n);
}

/** The y with g(y) = u. */
export function hallInverse(u: number, skewness: number, n: number): number {
  if (Math.abs(skewness) < 1e-6) return u - skewness / (6 * n);
  return (3 / skewness) * (Math.cbrt(1 + skewness * (u - skewness / (6 * n))) - 1);
}
