export interface GaussLegendre {
  /** Nodes in (−1, 1), ascending. */
  readonly nodes: Float64Array;
  /** Weights; they sum to 2. */
  readonly weights: Float64Array;
}

/** P₀(x) … P_n(x). */
function legendre(x: number, n: number): Float64Array {
  const values = new Float64Array(n + 1);
  values[0] = 1;
  if (n > 0) values[1] = x;
  for (let m = 1; m < n; m++) values[m + 1] = ((2 * m + 1) * x * values[m]! - m * values[m - 1]!) / (m + 1);
  return values;
}

/** Gauss–Legendre rule of n nodes: exact for polynomials up to degree 2n − 1. Newton's method from Tricomi's guess. */
export function gaussLegendre(n: number): GaussLegendre {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step++) {
      const p = legendre(x, n);
      slope = (n * (x * p[n]! - p[n - 1]!)) / (x * x - 1);
      const next = x - p[n]! / slope;
      if (Math.abs(next - x) < 1e-16) break;
      x = next;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/**
 * Row k of the n×n matrix (row-major) gives ∫₋₁^{node k} f from the values of f at the nodes, exact for polynomials
 * of degree n − 1: a running integral inside one panel.
 */
export function runningIntegralMatrix({ nodes, weights }: GaussLegendre): Float64Array {
  const n = nodes.length;
  const matrix = new Float64Array(n * n);
  const at = Array.from(nodes, x => legendre(x, n));
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      let sum = 0.5 * (nodes[k]! + 1);
      // ∫₋₁ˣ P_m = (P_{m+1}(x) − P_{m−1}(x))/(2m+1).
      for (let m = 1; m < n; m++) sum += 0.5 * at[j]![m]! * (at[k]![m + 1]! - at[k]![m - 1]!);
      matrix[k * n + j] = weights[j]! * sum;
    }
  }
  return matrix;
}
