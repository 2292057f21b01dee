import { type Json, TwinloopError } from '@twinloop/kernel';
import { GBT_DEFAULTS, type GbtParameters } from './gbt/parameters.js';
import { LINEAR_DEFAULTS, type LinearParameters } from './linear/parameters.js';

/** Recent rows count more: a row this many days older than the newest counts half. */
export interface Decay {
  readonly decayHalfLifeDays?: number;
  /** The time column that says how old a row is. Default `$at`, else the table's first column of type `time`. */
  readonly decayTime?: string;
}

/** What a builtin trainer accepts, defaults filled in. Also the `parameters` of a job and of the document. */
export type BuiltinParameters =
  | ({ readonly algorithm: 'linear' } & LinearParameters & Decay)
  | ({ readonly algorithm: 'gbt' } & GbtParameters & Decay);

interface Range {
  readonly from: number;
  readonly to: number;
  readonly integer?: boolean;
}

const RANGES = {
  linear: { l2: { from: 0, to: 1e12 }, maxIterations: { from: 1, to: 10_000, integer: true } },
  gbt: {
    iterations: { from: 1, to: 10_000, integer: true },
    learningRate: { from: 1e-6, to: 1 },
    maxLeaves: { from: 2, to: 1024, integer: true },
    minSamplesLeaf: { from: 1, to: 1e9, integer: true },
    l2: { from: 0, to: 1e12 },
    maxBins: { from: 2, to: 255, integer: true },
  },
} as const satisfies Record<string, Record<string, Range>>;

function refuse(field: string, reason: string): never {
  throw new TwinloopError('invalid_request', { field: `parameters/${field}`, values: { reason } });
}

function inRange(name: string, value: Json, range: Range): number {
  const { from, to, integer = false } = range;
  if (typeof value !== 'number' || !(value >= from && value <= to) || (integer && !Number.isInteger(value)))
    refuse(name, `${name} must be ${integer ? 'an integer' : 'a number'} from ${from} to ${to}`);
  return value;
}

/** Reads `{algorithm, …}`, refusing what is unknown or out of range. @throws invalid_request naming the field */
export function parseParameters(json: Json): BuiltinParameters {
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    return refuse('', 'parameters must be an object with an `algorithm`');
  const { algorithm, decayHalfLifeDays, decayTime, ...rest } = json as { readonly [key: string]: Json };
  if (algorithm !== 'linear' && algorithm !== 'gbt')
    return refuse('algorithm', 'algorithm must be linear or gbt');
  const ranges: Readonly<Record<string, Range>> = RANGES[algorithm];
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (!Object.hasOwn(ranges, name))
      refuse(name, `${algorithm} has no parameter "${name}"; it has ${Object.keys(ranges).join(', ')}`);
    numbers[name] = inRange(name, value, ranges[name]!);
  }
  const decay: { decayHalfLifeDays?: number; decayTime?: string } = {};
  if (decayHalfLifeDays !== undefined && decayHalfLifeDays !== null)
    decay.decayHalfLifeDays = inRange('decayHalfLifeDays', decayHalfLifeDays, { from: 1e-3, to: 1e6 });
  if (decayTime !== undefined) {
    if (typeof decayTime !== 'string') refuse('decayTime', 'decayTime must be the name of a column');
    decay.decayTime = decayTime;
  }
  return algorithm === 'linear'
    ? { algorithm, ...LINEAR_DEFAULTS, ...numbers, ...decay }
    : { algorithm, ...GBT_DEFAULTS, ...numbers, ...decay };
}
