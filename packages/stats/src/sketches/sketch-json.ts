/** Throws a RangeError unless the JSON is a sketch of this kind and version 1. */
export function requireSketch(
  json: { readonly sketch: string; readonly version: number },
  kind: string,
): void {
  if (json.sketch !== kind || json.version !== 1) {
    throw new RangeError(`expected a stored ${kind} sketch of version 1, got ${json.sketch} ${json.version}`);
  }
}

/** JSON has no infinities: the ends of an empty or unbounded range travel as words. */
export type JsonNumber = number | 'Infinity' | '-Infinity' | 'NaN';

export function toJsonNumber(value: number): JsonNumber {
  return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}
