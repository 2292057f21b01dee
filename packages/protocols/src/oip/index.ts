export { DATATYPES, type Datatype, type Tensor, type TensorValue } from './datatypes.js';
export { decodeInfer, type InferCall, type InferInput, type OutputWishes } from './decode-infer.js';
export { checkWishes, type EncodedInfer, encodeInfer, type InferAnswer } from './encode-infer.js';
export {
  CLASS,
  datatypeOf,
  modelMetadata,
  oipError,
  PROBABILITIES,
  PROBABILITY,
  serverMetadata,
  VALUE,
} from './metadata.js';
