/** Quantiles of the last few thousand latencies, in milliseconds. */
export class LatencyWindow {
  readonly #values = new Float64Array(4096);
  #count = 0;

  add(ms: number): void {
    this.#values[this.#count++ % this.#values.length] = ms;
  }

  /** NaN while nothing was measured. */
  quantile(q: number): number {
    const n = Math.min(this.#count, this.#values.length);
    if (n === 0) return Number.NaN;
    return this.#values.slice(0, n).sort()[Math.min(n - 1, Math.floor(q * n))]!;
  }
}
