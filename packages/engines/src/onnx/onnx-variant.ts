import { type Row, type Scalar, TwinloopError, type VariantEngine } from '@twinloop/kernel';
import type { RuntimeKind } from './runtime.js';
import {
  openOnnxSession,
  type OnnxSession,
  type TensorData,
  type TensorInfo,
  type TensorType,
} from './session.js';

export interface OnnxVariantOptions {
  readonly prefer?: RuntimeKind;
  /** Row fields in the order of a single [n, width] input; needed only for such models. */
  readonly features?: readonly string[];
  /** The output that holds the score. Default: the last one that is of a float type. */
  readonly output?: string;
}

type Element = number | string | bigint;

function wrong(field: string, value: Scalar, expected: TensorType): TwinloopError {
  return new TwinloopError('input_type', { field, values: { input: field, actual: typeof value, expected } });
}

function elementOf(row: Row, field: string, type: TensorType): Element {
  const value = row[field];
  if (value === undefined) throw new TwinloopError('input_missing', { field, values: { input: field } });
  if (type === 'string') {
    if (value === null) return '';
    if (typeof value !== 'string') throw wrong(field, value, type);
    return value;
  }
  if (typeof value === 'string') throw wrong(field, value, type);
  const float = type === 'float32' || type === 'float64';
  // Only floats have a value for what is missing.
  if (value === null) {
    if (float) return Number.NaN;
    throw wrong(field, value, type);
  }
  const number = Number(value);
  if (!float && !Number.isSafeInteger(number)) throw wrong(field, value, type);
  return type === 'int64' ? BigInt(number) : number;
}

function tensorOf(type: TensorType, dims: readonly number[], elements: readonly Element[]): TensorData {
  const make = (): TensorData['data'] => {
    switch (type) {
      case 'float32':
        return Float32Array.from(elements as readonly number[]);
      case 'float64':
        return Float64Array.from(elements as readonly number[]);
      case 'int32':
        return Int32Array.from(elements as readonly number[]);
      case 'int64':
        return BigInt64Array.from(elements as readonly bigint[]);
      case 'bool':
        return Uint8Array.from(elements as readonly number[], value => (value === 0 ? 0 : 1));
      case 'string':
        return elements as readonly string[];
    }
  };
  return { type, dims, data: make() };
}

/** Which row fields make up each input. @throws model_invalid when rows cannot fill them */
function fieldsOf(inputs: readonly TensorInfo[], features: readonly string[] | undefined) {
  return inputs.map(info => {
    const { dims } = info;
    const width = dims.length === 2 ? dims[1]! : 1;
    if (dims.length === 1 || (dims.length === 2 && width === 1)) return { info, fields: [info.name] };
    const listed = inputs.length === 1 && dims.length === 2 ? features : undefined;
    if (listed === undefined || (width >= 0 && listed.length !== width)) {
      const shape = `[${dims.map(dim => (dim < 0 ? 'n' : dim)).join(', ')}]`;
      throw new TwinloopError('model_invalid', {
        field: info.name,
        values: {
          file: 'the ONNX file',
          reason: `input "${info.name}" of shape ${shape} does not match the row fields given`,
        },
        hint: 'Name the row fields of a single [n, width] input in `features`, in its order.',
      });
    }
    return { info, fields: listed };
  });
}

function outputOf(session: OnnxSession, name: string | undefined): TensorInfo {
  const floats = session.outputs.filter(output => output.type === 'float32' || output.type === 'float64');
  const found = name === undefined ? floats.at(-1) : floats.find(output => output.name === name);
  if (found !== undefined) return found;
  const reason = name === undefined ? 'no output is of a float type' : `there is no float output "${name}"`;
  throw new TwinloopError('model_invalid', { values: { file: 'the ONNX file', reason } });
}

/**
 * Serves an ONNX model whose inputs are one scalar a row each ([n] or [n, 1], named as the row's fields), or one
 * [n, width] tensor. The score is the output's last column: [n], [n, 1], or class probabilities [n, 2].
 * @throws model_invalid
 */
export async function onnxVariant(
  bytes: Uint8Array,
  options: OnnxVariantOptions = {},
): Promise<VariantEngine> {
  const session = await openOnnxSession(
    bytes,
    options.prefer === undefined ? {} : { prefer: options.prefer },
  );
  const inputs = fieldsOf(session.inputs, options.features);
  const output = outputOf(session, options.output);
  return {
    async invoke({ rows }, { signal }) {
      if (signal.aborted)
        return { kind: 'failure', errorClass: 'timeout', reason: 'the request was given up' };
      const n = rows.length;
      const feeds: Record<string, TensorData> = {};
      for (const { info, fields } of inputs) {
        const elements = rows.flatMap(row => fields.map(field => elementOf(row, field, info.type)));
        feeds[info.name] = tensorOf(info.type, info.dims.length === 1 ? [n] : [n, fields.length], elements);
      }
      const { data, dims } = (await session.run(feeds))[output.name]!;
      const width = dims.length < 2 ? 1 : dims[1]!;
      if (dims[0] !== n || data.length !== n * width) {
        const reason = `output "${output.name}" has shape [${dims.join(', ')}] for ${n} rows`;
        return { kind: 'failure', errorClass: 'internal', reason };
      }
      const scores = Float64Array.from({ length: n }, (_, i) => Number(data[i * width + width - 1]));
      return { kind: 'result', scores };
    },
    close: () => session.close(),
  };
}
