/** One element of a tensor. 64-bit integers beyond 2^53 are bigint, all other numbers are number; missing is `null`. */
export type TensorValue = number | bigint | boolean | string | null;

/** A tensor in row-major order; `data` holds as many values as the product of `shape`. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: ArrayLike<TensorValue>;
}

export interface DatatypeInfo {
  readonly kind: 'boolean' | 'integer' | 'float' | 'text';
  /** Bytes an element takes in the binary extension; 0 when it carries its own length. */
  readonly size: number;
  /** Inclusive range of integers; 64-bit limits are exact as bigint. */
  readonly low: bigint;
  readonly high: bigint;
}

function integer(bits: number, signed: boolean): DatatypeInfo {
  const span = 1n << BigInt(signed ? bits - 1 : bits);
  return { kind: 'integer', size: bits / 8, low: signed ? -span : 0n, high: span - 1n };
}
const float = (size: number): DatatypeInfo => ({ kind: 'float', size, low: 0n, high: 0n });

/** The datatypes of the Open Inference Protocol V2 (Tensor Data Types) that are read and written here. */
export const DATATYPES = {
  BOOL: { kind: 'boolean', size: 1, low: 0n, high: 1n },
  UINT8: integer(8, false),
  UINT16: integer(16, false),
  UINT32: integer(32, false),
  UINT64: integer(64, false),
  INT8: integer(8, true),
  INT16: integer(16, true),
  INT32: integer(32, true),
  INT64: integer(64, true),
  FP16: float(2),
  FP32: float(4),
  FP64: float(8),
  BYTES: { kind: 'text', size: 0, low: 0n, high: 0n },
} as const satisfies Record<string, DatatypeInfo>;

export type Datatype = keyof typeof DATATYPES;

export function isDatatype(text: unknown): text is Datatype {
  return typeof text === 'string' && Object.hasOwn(DATATYPES, text);
}

/** A 64-bit integer as number where a double holds it exactly, as bigint beyond. */
export function exactInteger(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
