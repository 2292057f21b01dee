/**
 * A sum of finite numbers without rounding (Shewchuk 1997, as Python's `math.fsum`): terms may be taken out again, and
 * what is left does not depend on the order in which they came. A restarted window therefore gives the same last bit.
 * Exact while no partial sum overflows.
 */
export class ExactSum {
  /** Non-overlapping, by growing magnitude. */
  #parts: number[] = [];

  add(term: number): void {
    const parts = this.#parts;
    let x = term;
    let kept = 0;
    for (let i = 0; i < parts.length; i++) {
      let y = parts[i]!;
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) parts[kept++] = low;
      x = high;
    }
    parts.length = kept;
    if (x !== 0) parts.push(x);
  }

  /** The exact sum, rounded once to the nearest double (ties to even). */
  get value(): number {
    const parts = this.#parts;
    let i = parts.length - 1;
    if (i < 0) return 0;
    let high = parts[i]!;
    let low = 0;
    while (i > 0) {
      const x = high;
      const y = parts[--i]!;
      high = x + y;
      low = y - (high - x);
      if (low !== 0) break;
    }
    // Half-way cases: the parts below decide on which side the sum lies.
    if (i > 0 && ((low < 0 && parts[i - 1]! < 0) || (low > 0 && parts[i - 1]! > 0))) {
      const y = low * 2;
      const x = high + y;
      if (y === x - high) high = x;
    }
    return high;
  }
}
