import type { Json } from '@twinloop/kernel';
import { bindModel, decodeDocument, signatureOf } from '@twinloop/model';
import type { OpenModel } from './ports.js';

/** A built-in model's document made ready to answer, by its own evaluator. @throws model_invalid · expression_invalid */
export function openBuiltin(bytes: Uint8Array): OpenModel {
  const document = decodeDocument(bytes);
  const bound = bindModel(document);
  return {
    ...(document.classes === undefined ? {} : { classes: document.classes }),
    predict: async table => bound.predictTable(table),
    signature: signatureOf(document) as unknown as Json,
  };
}
