import type { Json, TrainingResult } from '@twinloop/kernel';
import { openBuiltin, type OpenModel } from '@twinloop/loop/building';
import { openOnnx } from '../serving/onnx-model.js';

/** Makes trained bytes ready to answer: built-in documents by their own evaluator, everything else through ONNX. */
export function modelOpener(
  inputs: readonly string[],
): (format: TrainingResult['format'], bytes: Uint8Array) => Promise<OpenModel> {
  return async (format, bytes) => {
    if (format === 'twinloop-model') return openBuiltin(bytes);
    const model = await openOnnx(bytes, inputs);
    return {
      predict: table => model.scoreTable(table),
      signature: { inputs: inputs.map(name => ({ name })) } as unknown as Json,
    };
  };
}
