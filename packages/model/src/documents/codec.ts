import { canonicalJson, parseCanonical, type Canonicalizable } from '@twinloop/kernel';
import type { ModelDocument } from './document.js';
import { invalidModel, validateDocument } from './validate.js';

/** Canonical bytes (RFC 8785 JSON): equal documents have equal hashes. */
export function encodeDocument(document: ModelDocument): Uint8Array {
  return new TextEncoder().encode(canonicalJson(document as unknown as Canonicalizable));
}

/** Reads and checks a document, so that no later step can run out of a list. @throws model_invalid naming the field */
export function decodeDocument(bytes: Uint8Array): ModelDocument {
  let value: Canonicalizable;
  try {
    value = parseCanonical(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalidModel('', 'it is not JSON', cause);
  }
  return validateDocument(value);
}
