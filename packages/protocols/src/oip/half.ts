// IEEE 754 binary16, for which Node 20 has no typed array.

const bits = new DataView(new ArrayBuffer(4));

/** The value of a half-precision bit pattern. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest half-precision bit pattern (ties to even); beyond 65519 it is infinity. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  bits.setFloat32(0, size);
  const exponent = Math.max((bits.getUint32(0) >>> 23) - 127, -14);
  // In units of the last place every half is an integer, so rounding there rounds to the nearest half.
  const scaled = size * 2 ** (10 - exponent);
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const units = floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
  // A carry out of the fraction moves into the exponent by plain addition; subnormals have exponent field 0.
  return sign | (units < 1024 ? units : ((exponent + 15) << 10) + units - 1024);
}
