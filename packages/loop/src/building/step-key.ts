import { type Canonicalizable, canonicalJson, type ContentHash } from '@twinloop/kernel';

/**
 * Content address of a step: SHA-256 over the canonical JSON of everything its result depends on. Same key, same
 * result. The leading member versions the scheme, so that a change of meaning never meets an old result.
 */
export function stepKey(
  digest: (text: string) => ContentHash,
  step: string,
  parts: { readonly [key: string]: Canonicalizable | undefined },
): ContentHash {
  return digest(canonicalJson({ scheme: 1, step, parts }));
}
