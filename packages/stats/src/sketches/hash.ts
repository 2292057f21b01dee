/** The upper 53 bits of a 64-bit hash, as many as a double holds: 32 in `high`, 21 in the upper part of `low`. */
export interface Hash {
  high: number;
  low: number;
}

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

/** Murmur3's 32-bit finaliser (Appleby 2011): every input bit reaches every output bit. */
function avalanche(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Four Feistel rounds: a bijection of 64 bits, so different words never meet. */
function mix(left: number, right: number, into: Hash): void {
  let a = left;
  let b = right;
  a ^= avalanche(b ^ 0x9e3779b9);
  b ^= avalanche(a ^ 0x7f4a7c15);
  a ^= avalanche(b ^ 0xf39cc060);
  b ^= avalanche(a ^ 0x5cedc834);
  into.high = a >>> 0;
  into.low = (b & ~0x7ff) >>> 0;
}

/** Hash of a number by its bits; −0 is 0. Equal on every machine. */
export function hashNumber(value: number, into: Hash): void {
  bits[0] = value + 0;
  mix(words[1]!, words[0]!, into);
}

/** Hash of a string by its UTF-16 code units. Not meant against an adversary. */
export function hashString(value: string, into: Hash): void {
  let a = 0x243f6a88 ^ value.length;
  let b = 0x85a308d3;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    a = ((a << 13) | (a >>> 19)) + b;
    b = Math.imul(b ^ unit, 0x5f356495);
    b = ((b << 17) | (b >>> 15)) ^ a;
  }
  mix(a, b, into);
}

/** The hash as one whole number below 2^53. */
export function wholeHash({ high, low }: Hash): number {
  return high * 0x200000 + (low >>> 11);
}

/** The inverse of `wholeHash`. */
export function splitHash(whole: number, into: Hash): void {
  into.high = Math.floor(whole / 0x200000);
  into.low = ((whole % 0x200000) << 11) >>> 0;
}
