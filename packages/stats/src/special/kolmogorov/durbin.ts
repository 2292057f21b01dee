/** Square matrix in row order with a binary exponent kept apart, so that powers neither over- nor underflow. */
interface Scaled {
  readonly values: Float64Array;
  readonly exponent: number;
}

const STEP = 2 ** 128;

function multiply(a: Scaled, b: Scaled, size: number): Scaled {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a.values[i * size + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) {
        values[i * size + j] = values[i * size + j]! + factor * b.values[k * size + j]!;
      }
    }
  }
  let exponent = a.exponent + b.exponent;
  const middle = (size - 1) / 2;
  if (values[middle * size + middle]! > STEP) {
    for (let i = 0; i < values.length; i++) values[i] = values[i]! / STEP;
    exponent += 128;
  }
  return { values, exponent };
}

/**
 * P(Dₙ < d) by Durbin's matrix, evaluated as in Marsaglia, Tsang & Wang 2003,
 * "Evaluating Kolmogorov's distribution" (J. Stat. Softw. 8/18). Cost (2nd)³·log n.
 */
export function durbinCdf(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const base = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) base[i * size + j] = i - j + 1 < 0 ? 0 : 1;
  }
  const bottom = (size - 1) * size;
  for (let i = 0; i < size; i++) {
    base[i * size] = base[i * size]! - h ** (i + 1);
    base[bottom + i] = base[bottom + i]! - h ** (size - i);
  }
  base[bottom] = base[bottom]! + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i + 1 && j < size; j++) {
      for (let g = 1; g <= i - j + 1; g++) base[i * size + j] = base[i * size + j]! / g;
    }
  }
  let power: Scaled = { values: identity(size), exponent: 0 };
  let square: Scaled = { values: base, exponent: 0 };
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, square, size);
    if (rest > 1) square = multiply(square, square, size);
  }
  let exponent = power.exponent;
  let p = power.values[(k - 1) * size + k - 1]!;
  for (let i = 1; i <= n; i++) {
    p = (p * i) / n;
    if (p < 1 / STEP) {
      p *= STEP;
      exponent -= 128;
    }
  }
  return p * 2 ** exponent;
}

function identity(size: number): Float64Array {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return values;
}
