import { toTwinloopError, TwinloopError } from '@twinloop/kernel';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { loadRuntime, type RuntimeKind } from './runtime.js';

export type TensorType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool' | 'string';
export interface TensorData {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];
}

/** One input or output; a free dimension is -1. */
export interface TensorInfo {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly number[];
}

export interface OnnxSession {
  readonly kind: RuntimeKind;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** @throws input_missing · input_unknown · input_type · input_shape · internal when the graph itself fails */
  run(inputs: Readonly<Record<string, TensorData>>): Promise<Readonly<Record<string, TensorData>>>;
  close(): Promise<void>;
}

const TYPES: ReadonlySet<string> = new Set<TensorType>([
  'float32',
  'float64',
  'int32',
  'int64',
  'bool',
  'string',
]);

function invalid(reason: string, cause?: unknown): TwinloopError {
  return new TwinloopError('model_invalid', { values: { file: 'the ONNX file', reason }, cause });
}

function describe(metadata: readonly InferenceSession.ValueMetadata[], what: string): readonly TensorInfo[] {
  return metadata.map(value => {
    if (!value.isTensor) throw invalid(`${what} "${value.name}" is not a tensor`);
    if (!TYPES.has(value.type))
      throw invalid(`${what} "${value.name}" is of type ${value.type}, which is not supported`);
    const dims = value.shape.map(dim => (typeof dim === 'number' ? dim : -1));
    return { name: value.name, type: value.type as TensorType, dims };
  });
}

function check(expected: TensorInfo, given: TensorData | undefined): TensorData {
  const { name, type, dims } = expected;
  if (given === undefined) throw new TwinloopError('input_missing', { field: name, values: { input: name } });
  if (given.type !== type)
    throw new TwinloopError('input_type', {
      field: name,
      values: { input: name, actual: given.type, expected: type },
    });
  const fits = given.dims.length === dims.length && dims.every((dim, i) => dim < 0 || dim === given.dims[i]);
  const size = given.dims.reduce((product, dim) => product * dim, 1);
  if (!fits || given.data.length !== size) {
    const actual = `[${given.dims.join(', ')}] with ${given.data.length} values`;
    const shape = `[${dims.map(dim => (dim < 0 ? 'n' : dim)).join(', ')}]`;
    throw new TwinloopError('input_shape', { field: name, values: { input: name, actual, expected: shape } });
  }
  return given;
}

/**
 * Opens an ONNX model. The runtime is loaded on the first call, not when this module is. `run` blocks its thread while
 * the graph computes: heavy models belong in a worker.
 * @throws model_invalid for what is not an ONNX model, or one with inputs other than plain tensors
 */
export async function openOnnxSession(
  bytes: Uint8Array,
  options: { readonly prefer?: RuntimeKind } = {},
): Promise<OnnxSession> {
  const { kind, runtime } = await loadRuntime(options.prefer ?? 'native');
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(bytes);
  } catch (cause) {
    // The WASM build throws bare numbers (addresses) when it cannot parse at all.
    const reason = cause instanceof Error ? cause.message.split('\n')[0]! : 'it cannot be parsed';
    throw invalid(reason, cause);
  }
  const inputs = describe(session.inputMetadata, 'input');
  const outputs = describe(session.outputMetadata, 'output');
  const known = new Set(inputs.map(input => input.name));
  return {
    kind,
    inputs,
    outputs,
    async run(given) {
      for (const name of Object.keys(given))
        if (!known.has(name))
          throw new TwinloopError('input_unknown', { field: name, values: { input: name } });
      const feeds: Record<string, Tensor> = {};
      for (const input of inputs) {
        const { type, data, dims } = check(input, given[input.name]);
        feeds[input.name] = new runtime.Tensor(type as 'float32', data as Float32Array, dims);
      }
      let results: InferenceSession.OnnxValueMapType;
      try {
        results = await session.run(feeds);
      } catch (cause) {
        throw toTwinloopError(cause instanceof Error ? cause : new Error('the ONNX graph failed', { cause }));
      }
      const answers: Record<string, TensorData> = {};
      for (const { name, type } of outputs) {
        const tensor = results[name] as Tensor;
        answers[name] = { type, dims: tensor.dims, data: tensor.data as TensorData['data'] };
      }
      return answers;
    },
    close: () => session.release(),
  };
}
