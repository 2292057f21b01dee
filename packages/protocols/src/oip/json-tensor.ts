import { DATATYPES, type Datatype, type Tensor, type TensorValue } from './datatypes.js';
import { shapeError, typeError, valueError } from './errors.js';
import { halfToNumber, numberToHalf } from './half.js';
import type { WireJson } from './wire-json.js';

/**
 * The values of a tensor whose data came as JSON, flat or nested as its shape; `null` is missing. FP16 and FP32 are
 * rounded to their precision, so that a value means the same in JSON and in the binary form.
 * @throws input_shape · input_type · input_value
 */
export function readJson(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  data: WireJson | undefined,
): TensorValue[] {
  if (!Array.isArray(data)) throw shapeError(name, 'data that is not an array', describeShape(shape));
  const items = data as readonly WireJson[];
  const values: TensorValue[] = [];
  if (Array.isArray(items[0])) {
    flatten(name, datatype, shape, 0, items, values);
  } else {
    if (items.length !== count) throw shapeError(name, `${items.length} value(s)`, describeShape(shape));
    for (let i = 0; i < count; i++) values.push(checkValue(name, datatype, items[i]!));
  }
  return values;
}

function flatten(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  level: number,
  items: readonly WireJson[],
  values: TensorValue[],
): void {
  if (items.length !== shape[level]) throw shapeError(name, 'data nested otherwise', describeShape(shape));
  for (const item of items) {
    if (level + 1 === shape.length) {
      values.push(checkValue(name, datatype, item));
    } else {
      if (!Array.isArray(item)) throw shapeError(name, 'data nested otherwise', describeShape(shape));
      flatten(name, datatype, shape, level + 1, item as readonly WireJson[], values);
    }
  }
}

function describeShape(shape: readonly number[]): string {
  return `shape [${shape.join(', ')}]`;
}

function checkValue(name: string, datatype: Datatype, value: WireJson): TensorValue {
  if (value === null) return null;
  const info = DATATYPES[datatype];
  switch (info.kind) {
    case 'float':
      if (typeof value === 'number') return toPrecision(name, datatype, value);
      if (typeof value === 'bigint') return toPrecision(name, datatype, Number(value));
      break;
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'integer':
      if (typeof value === 'number' || typeof value === 'bigint') {
        const whole = typeof value === 'bigint' || Number.isInteger(value);
        if (whole && value >= info.low && value <= info.high) return value;
        throw valueError(name, String(value), datatype);
      }
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 0 || value === 1) return value === 1;
      break;
  }
  const found = Array.isArray(value) ? 'an array' : typeof value;
  throw typeError(name, `${datatype} but holds ${found}`, `values of ${datatype}`);
}

function toPrecision(name: string, datatype: Datatype, value: number): number {
  if (datatype === 'FP64') return value;
  const rounded = datatype === 'FP32' ? Math.fround(value) : halfToNumber(numberToHalf(value));
  if (Number.isFinite(value) && !Number.isFinite(rounded)) throw valueError(name, String(value), datatype);
  return rounded;
}

/** A tensor's data as JSON text. NaN has no JSON form and becomes `null`; infinity becomes `1e999`, which every reader takes back to infinity. */
export function writeJsonData(tensor: Tensor): string {
  let text = '[';
  for (let i = 0; i < tensor.data.length; i++) {
    if (i > 0) text += ',';
    text += valueText(tensor.data[i] ?? null);
  }
  return `${text}]`;
}

function valueText(value: TensorValue): string {
  switch (typeof value) {
    case 'number':
      if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
      return Number.isNaN(value) ? 'null' : value > 0 ? '1e999' : '-1e999';
    case 'string':
      return JSON.stringify(value);
    default:
      return String(value);
  }
}
