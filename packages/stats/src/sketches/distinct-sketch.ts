import { type Hash, hashNumber, hashString, splitHash, wholeHash } from './hash.js';
import { requireSketch } from './sketch-json.js';

export interface DistinctSketchOptions {
  /** 2^precision registers, 4 … 16; default 12: a relative standard error of 1.6 %. */
  readonly precision?: number;
}

export interface DistinctSketchJson {
  readonly sketch: 'distinct';
  readonly version: 1;
  readonly precision: number;
  /** Hashes while there are few, else one character a register. */
  readonly hashes?: readonly number[];
  readonly registers?: string;
}

/** So many hashes are kept as they are: the count is exact until then. */
const LARGEST_SPARSE = 256;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const HASH_BITS = 53;
const ALPHA = 1 / (2 * Math.LN2);

/**
 * HyperLogLog (Flajolet et al. 2007) over a 64-bit hash (53 bits of it): the number of different values of a stream in 4 KiB. Exact
 * up to 256 of them; beyond, Ertl's estimator (2017), which needs no bias tables in the small range. Merging is
 * exactly order-free: the union's sketch. NaN, null and undefined are dropped; 1 and '1' differ.
 */
export class DistinctSketch {
  readonly precision: number;
  #sparse: Set<number> | undefined = new Set();
  #registers: Uint8Array;
  readonly #hash: Hash = { high: 0, low: 0 };

  constructor({ precision = 12 }: DistinctSketchOptions = {}) {
    if (!Number.isInteger(precision) || precision < 4 || precision > 16)
      throw new RangeError(`precision must be a whole number in 4 … 16, got ${precision}`);
    this.precision = precision;
    this.#registers = new Uint8Array(1 << precision);
  }

  addAll(values: ArrayLike<string | number | null | undefined>): this {
    const hash = this.#hash;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value === 'number') {
        if (Number.isNaN(value)) continue;
        hashNumber(value, hash);
      } else if (typeof value === 'string') hashString(value, hash);
      else continue;
      if (this.#sparse !== undefined) this.#remember(wholeHash(hash));
      this.#record(hash.high, hash.low);
    }
    return this;
  }

  /** Takes another sketch in; the other one stays as it is. RangeError when the two differ in precision. */
  merge(other: DistinctSketch): this {
    if (other.precision !== this.precision) {
      throw new RangeError(`sketches of precision ${this.precision} and ${other.precision} do not merge`);
    }
    if (other.#sparse === undefined) this.#sparse = undefined;
    else for (const hash of other.#sparse) this.#remember(hash);
    for (let r = 0; r < this.#registers.length; r++) {
      if (other.#registers[r]! > this.#registers[r]!) this.#registers[r] = other.#registers[r]!;
    }
    return this;
  }

  /** Estimated number of different values; exact while `standardError` is 0. */
  estimate(): number {
    return this.#sparse?.size ?? ertl(this.#registers, HASH_BITS - this.precision);
  }

  /** Relative standard error of the estimate; 0 while exact. */
  get standardError(): number {
    return this.#sparse === undefined ? 1.04 / Math.sqrt(this.#registers.length) : 0;
  }

  toJSON(): DistinctSketchJson {
    const base = { sketch: 'distinct', version: 1, precision: this.precision } as const;
    if (this.#sparse !== undefined) return { ...base, hashes: [...this.#sparse].sort((a, b) => a - b) };
    return { ...base, registers: Array.from(this.#registers, rank => ALPHABET[rank]!).join('') };
  }

  /** RangeError when the JSON is not a stored distinct sketch. */
  static fromJSON(json: DistinctSketchJson): DistinctSketch {
    requireSketch(json, 'distinct');
    const sketch = new DistinctSketch({ precision: json.precision });
    for (const hash of json.hashes ?? []) {
      sketch.#remember(hash);
      splitHash(hash, sketch.#hash);
      sketch.#record(sketch.#hash.high, sketch.#hash.low);
    }
    if (json.registers !== undefined) {
      const ranks = Uint8Array.from(json.registers, letter => ALPHABET.indexOf(letter));
      if (ranks.length !== sketch.#registers.length)
        throw new RangeError('the stored distinct sketch is damaged');
      sketch.#registers = ranks;
      sketch.#sparse = undefined;
    }
    return sketch;
  }

  #remember(hash: number): void {
    this.#sparse?.add(hash);
    if (this.#sparse !== undefined && this.#sparse.size > LARGEST_SPARSE) this.#sparse = undefined;
  }

  /** The first bits choose a register, which keeps the longest run of zeros after them. */
  #record(high: number, low: number): void {
    const register = high >>> (32 - this.precision);
    const rest = (high << this.precision) >>> 0;
    const inHigh = 32 - this.precision;
    const zeros = rest === 0 ? inHigh + Math.min(HASH_BITS - 32, Math.clz32(low)) : Math.clz32(rest);
    const rank = zeros + 1;
    if (rank > this.#registers[register]!) this.#registers[register] = rank;
  }
}

/** Ertl 2017, "New cardinality estimation algorithms for HyperLogLog sketches", algorithm 6; ranks 0 … q + 1. */
function ertl(registers: Uint8Array, q: number): number {
  const m = registers.length;
  const counts = new Float64Array(q + 2);
  for (let r = 0; r < m; r++) counts[registers[r]!]!++;
  let z = m * tau(1 - counts[q + 1]! / m);
  for (let k = q; k >= 1; k--) z = 0.5 * (z + counts[k]!);
  z += m * sigma(counts[0]! / m);
  return (ALPHA * m * m) / z;
}

function sigma(start: number): number {
  if (start === 1) return Infinity;
  let x = start;
  let y = 1;
  let z = x;
  for (;;) {
    x *= x;
    const before = z;
    z += x * y;
    y += y;
    if (z === before) return z;
  }
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (;;) {
    x = Math.sqrt(x);
    const before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
    if (z === before) return z / 3;
  }
}
