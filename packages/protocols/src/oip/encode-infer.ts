import { TwinloopError } from '@twinloop/kernel';
import { writeBinary } from './binary.js';
import type { Tensor } from './datatypes.js';
import type { OutputWishes } from './decode-infer.js';
import { writeJsonData } from './json-tensor.js';

export interface InferAnswer {
  readonly model: string;
  readonly version: number;
  readonly id: string | undefined;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** Everything the model can put out; the wishes choose. */
  readonly outputs: readonly Tensor[];
}

export interface EncodedInfer {
  readonly body: string | Buffer;
  readonly contentType: string;
  /** For the `Inference-Header-Content-Length` header; undefined when all is JSON. */
  readonly headerLength: number | undefined;
}

const ALL: OutputWishes = { outputs: undefined, binaryDefault: false };

/**
 * Writes an inference response: JSON, or JSON followed by the binary data of the outputs wanted so.
 * @throws output_unknown
 */
export function encodeInfer(answer: InferAnswer, wishes: OutputWishes = ALL): EncodedInfer {
  const binary: Buffer[] = [];
  let outputs = '';
  const add = (tensor: Tensor, asBinary: boolean): void => {
    if (outputs !== '') outputs += ',';
    outputs += `{"name":${JSON.stringify(tensor.name)},"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(',')}],`;
    if (asBinary) {
      const data = writeBinary(tensor);
      binary.push(data);
      outputs += `"parameters":{"binary_data_size":${data.length}}}`;
    } else {
      outputs += `"data":${writeJsonData(tensor)}}`;
    }
  };
  if (wishes.outputs === undefined) {
    for (const tensor of answer.outputs) add(tensor, wishes.binaryDefault);
  } else {
    for (const wish of wishes.outputs) add(find(answer, wish.name), wish.binary ?? wishes.binaryDefault);
  }
  const id = answer.id === undefined ? '' : `,"id":${JSON.stringify(answer.id)}`;
  const parameters =
    answer.parameters === undefined ? '' : `,"parameters":${JSON.stringify(answer.parameters)}`;
  const json = `{"model_name":${JSON.stringify(answer.model)},"model_version":"${answer.version}"${id}${parameters},"outputs":[${outputs}]}`;
  if (binary.length === 0) {
    return { body: json, contentType: 'application/json; charset=utf-8', headerLength: undefined };
  }
  const header = Buffer.from(json, 'utf8');
  return {
    body: Buffer.concat([header, ...binary]),
    contentType: 'application/octet-stream',
    headerLength: header.length,
  };
}

function find(answer: InferAnswer, name: string): Tensor {
  const tensor = answer.outputs.find(output => output.name === name);
  if (tensor !== undefined) return tensor;
  throw new TwinloopError('output_unknown', { field: name, values: { output: name } });
}

/** Refuses a wish for an output that the model lacks, before anything is computed or logged. @throws output_unknown */
export function checkWishes(wishes: OutputWishes, names: readonly string[]): void {
  for (const { name } of wishes.outputs ?? []) {
    if (!names.includes(name)) {
      throw new TwinloopError('output_unknown', { field: name, values: { output: name } });
    }
  }
}
