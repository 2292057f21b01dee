import { isUtf8 } from 'node:buffer';
import { DATATYPES, type Datatype, exactInteger, type Tensor, type TensorValue } from './datatypes.js';
import { halfToNumber, numberToHalf } from './half.js';
import { shapeError, valueError } from './errors.js';

// Triton's binary tensor data extension: little-endian values, row-major; BYTES elements each have a 4-byte length.

type Fixed = Exclude<Datatype, 'BYTES'>;

const READ: Readonly<Record<Fixed, (buffer: Buffer, at: number) => TensorValue>> = {
  BOOL: (buffer, at) => buffer[at] !== 0,
  UINT8: (buffer, at) => buffer.readUInt8(at),
  UINT16: (buffer, at) => buffer.readUInt16LE(at),
  UINT32: (buffer, at) => buffer.readUInt32LE(at),
  UINT64: (buffer, at) => exactInteger(buffer.readBigUInt64LE(at)),
  INT8: (buffer, at) => buffer.readInt8(at),
  INT16: (buffer, at) => buffer.readInt16LE(at),
  INT32: (buffer, at) => buffer.readInt32LE(at),
  INT64: (buffer, at) => exactInteger(buffer.readBigInt64LE(at)),
  FP16: (buffer, at) => halfToNumber(buffer.readUInt16LE(at)),
  FP32: (buffer, at) => buffer.readFloatLE(at),
  FP64: (buffer, at) => buffer.readDoubleLE(at),
};

type Writable = number | bigint | boolean;
const WRITE: Readonly<Record<Fixed, (buffer: Buffer, value: Writable, at: number) => void>> = {
  BOOL: (buffer, value, at) => buffer.writeUInt8(value ? 1 : 0, at),
  UINT8: (buffer, value, at) => buffer.writeUInt8(Number(value), at),
  UINT16: (buffer, value, at) => buffer.writeUInt16LE(Number(value), at),
  UINT32: (buffer, value, at) => buffer.writeUInt32LE(Number(value), at),
  UINT64: (buffer, value, at) => buffer.writeBigUInt64LE(BigInt(value), at),
  INT8: (buffer, value, at) => buffer.writeInt8(Number(value), at),
  INT16: (buffer, value, at) => buffer.writeInt16LE(Number(value), at),
  INT32: (buffer, value, at) => buffer.writeInt32LE(Number(value), at),
  INT64: (buffer, value, at) => buffer.writeBigInt64LE(BigInt(value), at),
  FP16: (buffer, value, at) => buffer.writeUInt16LE(numberToHalf(Number(value)), at),
  FP32: (buffer, value, at) => buffer.writeFloatLE(Number(value), at),
  FP64: (buffer, value, at) => buffer.writeDoubleLE(Number(value), at),
};

/**
 * `count` values from exactly the given bytes.
 * @throws input_shape when the bytes hold another number of values · input_value when a text is not UTF-8
 */
export function readBinary(name: string, datatype: Datatype, count: number, bytes: Buffer): TensorValue[] {
  if (datatype === 'BYTES') return readTexts(name, count, bytes);
  const { size } = DATATYPES[datatype];
  if (bytes.length !== count * size) {
    throw shapeError(name, `${bytes.length} bytes of data`, `${count} ${datatype} value(s)`);
  }
  const read = READ[datatype];
  const values: TensorValue[] = [];
  for (let i = 0; i < count; i++) values.push(read(bytes, i * size));
  return values;
}

function readTexts(name: string, count: number, bytes: Buffer): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + 4;
    const end = start <= bytes.length ? start + bytes.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw shapeError(name, 'an element that ends beyond the data', 'its length');
    const text = bytes.subarray(start, end);
    if (!isUtf8(text)) throw valueError(name, 'bytes that are not UTF-8', 'text');
    texts.push(text.toString('utf8'));
    at = end;
  }
  if (texts.length !== count) throw shapeError(name, `${texts.length} BYTES value(s)`, `${count} value(s)`);
  return texts;
}

/** The binary form of a tensor. A missing number is written as NaN, a missing text as the empty one. */
export function writeBinary(tensor: Tensor): Buffer {
  const { datatype, data } = tensor;
  if (datatype === 'BYTES') {
    const parts: Buffer[] = [];
    for (let i = 0; i < data.length; i++) {
      const text = Buffer.from(String(data[i] ?? ''), 'utf8');
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32LE(text.length);
      parts.push(length, text);
    }
    return Buffer.concat(parts);
  }
  const { size } = DATATYPES[datatype];
  const write = WRITE[datatype];
  const buffer = Buffer.allocUnsafe(data.length * size);
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    write(buffer, value == null || typeof value === 'string' ? Number.NaN : value, i * size);
  }
  return buffer;
}
