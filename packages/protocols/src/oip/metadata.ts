import type { Datatype } from './datatypes.js';
import type { InferInput } from './decode-infer.js';

/** The one output of a classifier: the probability of the positive class, FP64 of shape [n]. */
export const PROBABILITY = 'probability';

/** The one output of a regression: the predicted figure in the label's unit, FP64 of shape [n]. The ONNX file calls it so, too. */
export const VALUE = 'value';

/** The outputs of a model of several classes: their probabilities, FP64 of shape [n, classes], and the likeliest one, BYTES of shape [n]. */
export const PROBABILITIES = 'probabilities';
export const CLASS = 'class';

/** The datatype in which the metadata offers an input. */
export function datatypeOf(type: InferInput['type']): Datatype {
  return type === 'string' ? 'BYTES' : 'FP64';
}

/** The body of `GET /v2`. */
export function serverMetadata(version: string): string {
  return JSON.stringify({ name: 'twinloop', version, extensions: ['binary_tensor_data'] });
}

/** The body of `GET /v2/models/<model>`; −1 stands for the batch. */
export function modelMetadata(model: {
  readonly name: string;
  readonly versions: readonly number[];
  readonly inputs: readonly InferInput[];
  /** Of a model of several classes, in the order of the probabilities' columns. */
  readonly classes?: readonly string[];
  /** The output's name where there are no classes; a probability unless told. */
  readonly output?: string;
}): string {
  const { classes, output = PROBABILITY } = model;
  return JSON.stringify({
    name: model.name,
    versions: model.versions.map(String),
    platform: 'twinloop',
    inputs: model.inputs.map(({ name, type }) => ({ name, datatype: datatypeOf(type), shape: [-1] })),
    outputs:
      classes === undefined
        ? [{ name: output, datatype: 'FP64', shape: [-1] }]
        : [
            {
              name: PROBABILITIES,
              datatype: 'FP64',
              shape: [-1, classes.length],
              // The protocol's parameters hold plain values, so the list travels as JSON.
              parameters: { classes: JSON.stringify(classes) },
            },
            { name: CLASS, datatype: 'BYTES', shape: [-1] },
          ],
  });
}

/** The body of every refusal. */
export function oipError(text: string): string {
  return JSON.stringify({ error: text });
}
