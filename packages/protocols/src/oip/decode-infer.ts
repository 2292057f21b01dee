import { isUtf8 } from 'node:buffer';
import { type Row, type Scalar, TwinloopError } from '@twinloop/kernel';
import { readBinary } from './binary.js';
import { DATATYPES, type Datatype, isDatatype, type TensorValue } from './datatypes.js';
import { requestError, shapeError, typeError, valueError } from './errors.js';
import { readJson } from './json-tensor.js';
import { parseWireJson, type WireJson } from './wire-json.js';

/** One input of a model: a feature by its name. */
export interface InferInput {
  readonly name: string;
  readonly type: 'number' | 'string';
}

/** How the outputs are wanted. */
export interface OutputWishes {
  /** The outputs asked for, in order; undefined means all. `binary` undefined follows `binaryDefault`. */
  readonly outputs: readonly { readonly name: string; readonly binary: boolean | undefined }[] | undefined;
  readonly binaryDefault: boolean;
}

export interface InferCall {
  readonly id: string | undefined;
  /** One row per element of the batch, with every input of the model; missing is `null`. */
  readonly rows: readonly Row[];
  /** `parameters.key` (the client's own name for the event) and `parameters.unit` (who is served), as text. */
  readonly key: string | null;
  readonly unitKey: string | null;
  readonly wishes: OutputWishes;
}

type WireObject = { readonly [key: string]: WireJson };
const NONE: WireObject = {};
/** Parameters by which Triton moves data or changes outputs in ways that are not offered; ignoring them would answer something else. */
const REFUSED = ['shared_memory_region', 'classification'];

/**
 * Reads an inference request of the Open Inference Protocol V2, with or without the binary tensor data extension.
 * Each input is a tensor of shape [n] or [n, 1] named after a feature; all share n ≥ 1. A number may come in any numeric
 * datatype or BOOL, a text as BYTES, or in an integer datatype (its decimal digits, exact to 64 bits).
 * @param headerLength the `Inference-Header-Content-Length` header, if it was sent
 * @throws invalid_request · input_missing · input_unknown · input_type · input_shape · input_value
 */
export function decodeInfer(
  body: Uint8Array,
  headerLength: string | undefined,
  inputs: readonly InferInput[],
): InferCall {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const json = headerLength === undefined ? bytes.length : jsonLength(headerLength, bytes.length);
  const request = readRequest(json === bytes.length ? bytes : bytes.subarray(0, json));
  const columns = readInputs(request['inputs'], inputs, bytes, json, headerLength !== undefined);
  const parameters = optionalObject(request['parameters'], 'parameters');
  return {
    id: readId(request['id']),
    rows: toRows(columns, inputs),
    key: readText(parameters, 'key'),
    unitKey: readText(parameters, 'unit'),
    wishes: {
      outputs: readOutputs(request['outputs']),
      binaryDefault: parameters['binary_data_output'] === true,
    },
  };
}

function jsonLength(header: string, available: number): number {
  const length = /^\d{1,15}$/.test(header) ? Number(header) : Number.NaN;
  if (length <= available) return length;
  throw requestError(
    `Inference-Header-Content-Length is ${JSON.stringify(header.slice(0, 40))}, the body has ${available} bytes`,
    'Inference-Header-Content-Length',
  );
}

function readRequest(bytes: Buffer): WireObject {
  if (bytes.length === 0) throw requestError('the body is empty');
  if (!isUtf8(bytes)) throw requestError('the body is not JSON in UTF-8');
  let request: WireJson;
  try {
    request = parseWireJson(bytes.toString('utf8'));
  } catch (error) {
    throw requestError(`the body is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isObject(request)) throw requestError('the body is not a JSON object');
  return request;
}

function readInputs(
  tensors: WireJson | undefined,
  inputs: readonly InferInput[],
  bytes: Buffer,
  binaryStart: number,
  hasBinary: boolean,
): readonly Scalar[][] {
  if (!Array.isArray(tensors)) throw requestError('`inputs` is not a list of tensors', 'inputs');
  const columns: (Scalar[] | undefined)[] = new Array(inputs.length).fill(undefined);
  let at = binaryStart;
  let batch = -1;
  for (let i = 0; i < tensors.length; i++) {
    const tensor = tensors[i] as WireJson;
    if (!isObject(tensor) || typeof tensor['name'] !== 'string') {
      throw requestError('a tensor has no name', `inputs/${i}`);
    }
    const name = tensor['name'];
    // Clients that built their request from the metadata send the inputs in its order.
    const index = inputs[i]?.name === name ? i : inputs.findIndex(input => input.name === name);
    if (index < 0) throw new TwinloopError('input_unknown', { field: name, values: { input: name } });
    if (columns[index] !== undefined) throw requestError(`input ${name} is given twice`, name);
    const input = inputs[index]!;
    const datatype = checkDatatype(input, tensor['datatype']);
    const shape = tensor['shape'];
    const count = batchSize(name, shape);
    if (batch >= 0 && count !== batch) {
      throw shapeError(name, `a batch of ${count}`, `the other inputs' batch of ${batch}`);
    }
    batch = count;
    const size = binarySize(name, tensor['parameters'], hasBinary, bytes.length - at);
    const values =
      size === undefined
        ? readJson(name, datatype, shape as readonly number[], count, tensor['data'])
        : readBinary(name, datatype, count, bytes.subarray(at, at + size));
    at += size ?? 0;
    columns[index] = toScalars(input, values);
  }
  if (at !== bytes.length) throw requestError(`${bytes.length - at} bytes of binary data belong to no input`);
  for (let i = 0; i < inputs.length; i++) {
    const name = inputs[i]!.name;
    if (columns[i] === undefined) {
      throw new TwinloopError('input_missing', { field: name, values: { input: name } });
    }
  }
  return columns as Scalar[][];
}

function checkDatatype(input: InferInput, datatype: WireJson | undefined): Datatype {
  const expected = input.type === 'string' ? 'BYTES' : 'FP64 or another numeric one';
  if (!isDatatype(datatype)) throw typeError(input.name, String(datatype).slice(0, 40), expected);
  const { kind } = DATATYPES[datatype];
  const fits = input.type === 'string' ? kind === 'text' || kind === 'integer' : kind !== 'text';
  if (!fits) throw typeError(input.name, datatype, expected);
  return datatype;
}

/** Rows of one request: a larger batch would hold up every other caller while it is decoded and evaluated. */
const MAX_BATCH = 10_000;

/** The batch size of [n] or [n, 1]. */
function batchSize(name: string, shape: WireJson | undefined): number {
  if (Array.isArray(shape)) {
    const [n, width = 1, ...more] = shape as readonly WireJson[];
    if (typeof n === 'number' && Number.isSafeInteger(n) && n >= 1 && width === 1 && more.length === 0) {
      if (n <= MAX_BATCH) return n;
      throw shapeError(name, `a batch of ${n}`, `the limit of ${MAX_BATCH} rows a request`);
    }
  }
  throw shapeError(name, String(JSON.stringify(shape, exactText)).slice(0, 80), '[n] or [n, 1] with n ≥ 1');
}

const exactText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

function binarySize(
  name: string,
  parameters: WireJson | undefined,
  hasBinary: boolean,
  left: number,
): number | undefined {
  if (parameters === undefined) return undefined;
  const { binary_data_size: size, ...others } = optionalObject(parameters, name);
  refuseUnoffered(others, name);
  if (size === undefined) return undefined;
  if (!hasBinary) {
    throw requestError('binary data needs the Inference-Header-Content-Length header', name);
  }
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && size <= left) return size;
  throw shapeError(name, `binary_data_size ${String(size)}`, `the ${left} bytes that are left`);
}

function toScalars(input: InferInput, values: TensorValue[]): Scalar[] {
  const scalars: Scalar[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === null || typeof value === 'string') scalars.push(value);
    else if (input.type === 'string') scalars.push(value.toString());
    else scalars.push(toNumber(input.name, Number(value)));
  }
  return scalars;
}

function toNumber(name: string, value: number): number | null {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return null;
  throw valueError(name, String(value), 'a finite number, or null for missing');
}

function toRows(columns: readonly (readonly Scalar[])[], inputs: readonly InferInput[]): Row[] {
  const count = columns[0]?.length ?? 0;
  const rows: Row[] = [];
  for (let i = 0; i < count; i++) {
    // In the model's order whatever the client's, so that all rows share one hidden class.
    const row: Record<string, Scalar> = {};
    for (let j = 0; j < inputs.length; j++) row[inputs[j]!.name] = columns[j]![i]!;
    rows.push(row);
  }
  return rows;
}

function readId(id: WireJson | undefined): string | undefined {
  if (id === undefined || id === null || id === '') return undefined;
  if (typeof id !== 'string') throw requestError('`id` is not a text', 'id');
  if (id.length > 256) throw requestError('`id` is longer than 256 characters', 'id');
  return id;
}

function readText(parameters: WireObject, name: string): string | null {
  const value = parameters[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') throw requestError(`parameter ${name} is not a text`, `parameters/${name}`);
  const text = String(value);
  if (text.length > 256) {
    throw requestError(`parameter ${name} is longer than 256 characters`, `parameters/${name}`);
  }
  return text;
}

function readOutputs(outputs: WireJson | undefined): OutputWishes['outputs'] {
  if (outputs === undefined || outputs === null) return undefined;
  if (!Array.isArray(outputs)) throw requestError('`outputs` is not a list', 'outputs');
  if (outputs.length === 0) return undefined;
  return (outputs as readonly WireJson[]).map((output, i) => {
    if (!isObject(output) || typeof output['name'] !== 'string') {
      throw requestError('an output has no name', `outputs/${i}`);
    }
    const parameters = optionalObject(output['parameters'], `outputs/${i}/parameters`);
    refuseUnoffered(parameters, `outputs/${i}/parameters`);
    const binary = parameters['binary_data'];
    return { name: output['name'], binary: typeof binary === 'boolean' ? binary : undefined };
  });
}

function refuseUnoffered(parameters: WireObject, field: string): void {
  for (const name of REFUSED) {
    if (Object.hasOwn(parameters, name)) throw requestError(`parameter ${name} is not offered here`, field);
  }
}

function optionalObject(value: WireJson | undefined, field: string): WireObject {
  if (value === undefined || value === null) return NONE;
  if (!isObject(value)) throw requestError(`${field} is not an object`, field);
  return value;
}

function isObject(value: WireJson | undefined): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
