import { comparison } from './comparison.mjs';
import { distances } from './distances.mjs';
import { experiments } from './experiments.mjs';
import { expectations } from './expectations.mjs';
import { fairness } from './fairness.mjs';
import { labelFree } from './label-free.mjs';
import { quality } from './quality.mjs';
import { streams } from './streams.mjs';

/** What the package answers to each kind of case: `(stats, input) → output`, one file a chapter of the conventions. */
const kinds = {
  ...comparison,
  ...distances,
  ...experiments,
  ...expectations,
  ...fairness,
  ...labelFree,
  ...quality,
  ...streams,
};

/** The answer of `stats`, the package's public API, to one case. Throws on an unknown kind. */
export function answer(stats, kind, input) {
  if (!Object.hasOwn(kinds, kind)) throw new Error(`unknown kind: ${kind}`);
  return kinds[kind](stats, input);
}

const SPECIAL = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** JSON reviver: the spelled-out special numbers become numbers. */
export function revive(_key, value) {
  return typeof value === 'string' && Object.hasOwn(SPECIAL, value) ? SPECIAL[value] : value;
}

/** JSON replacer: special numbers are spelled out; typed arrays become lists. */
export function spell(_key, value) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) ? Array.from(value) : value;
}
