/** Lower triangle L of a positive definite matrix (row-major, overwritten): A = L·Lᵀ. */
export function choleskyInPlace(a: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!;
      a[i * size + j] = i === j ? Math.sqrt(sum) : sum / a[j * size + j]!;
    }
  }
}

/** Solves L·Lᵀ·x = b in place. */
export function choleskySolve(l: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * size + k]! * b[k]!;
    b[i] = sum / l[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    const value = b[i]! / l[i * size + i]!;
    b[i] = value;
    for (let k = 0; k < i; k++) b[k]! -= l[i * size + k]! * value;
  }
}
