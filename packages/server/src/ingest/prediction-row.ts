import {
  TwinloopError,
  type EpochMs,
  type PredictionRecord,
  type ProjectId,
  type Scalar,
} from '@twinloop/kernel';
import { parseTime } from '../runtime/zoned-time.js';

/** Fields of a prediction that another system made; whatever else a row holds is an input. */
export const PREDICTION_FIELDS = [
  'id',
  'at',
  'version',
  'score',
  'value',
  'class',
  'inputs',
  'key',
  'unitKey',
  'variant',
  'latencyMs',
] as const;
type Field = (typeof PREDICTION_FIELDS)[number];

/** Other names of the fields in the rows of one request. */
export type FieldNames = Readonly<Partial<Record<Field, string>>>;

export interface PredictionContext {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly timezone: string;
  readonly now: EpochMs;
  readonly names: FieldNames;
}

export interface ReceivedPrediction {
  readonly record: PredictionRecord;
  /** Whether the sender dated it; otherwise it is dated by its arrival, which is no content. */
  readonly dated: boolean;
}

/** A clock that is ahead is a fault of the sender's, and would sit in every window to come. */
const AHEAD = 864e5;
const MAX_ID = 300;
const UNNAMED_VERSION = 'unversioned';

function invalid(field: string, reason: string): TwinloopError {
  return new TwinloopError('invalid_request', { field, values: { reason } });
}

/** Makes a reader of rows `{id, score | value | class, at?, version?, key?, unitKey?, variant?, latencyMs?}` with `inputs` or flat columns. @throws invalid_request */
export function predictionReader(context: PredictionContext): (row: unknown) => ReceivedPrediction {
  const { project, endpoint, timezone, now, names } = context;
  const nameOf = (field: Field): string => names[field] ?? field;
  const taken = new Set(PREDICTION_FIELDS.map(nameOf));
  return row => {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw invalid('', 'a row is an object');
    const given = row as Readonly<Record<string, unknown>>;
    const field = (name: Field): unknown => given[nameOf(name)] ?? undefined;
    const text = (name: Field): string | undefined => {
      const value = field(name);
      if (value === undefined) return undefined;
      if ((typeof value === 'string' || Number.isFinite(value)) && value !== '') {
        const said = String(value);
        if (said.length <= MAX_ID) return said;
      }
      throw invalid(nameOf(name), `${nameOf(name)} must be a text of 1 to ${MAX_ID} characters`);
    };
    const id = text('id');
    if (id === undefined) throw invalid(nameOf('id'), `${nameOf('id')} is missing`);
    const at = timeOf(field('at'), nameOf('at'), timezone);
    if (at !== undefined && at > now + AHEAD)
      throw invalid(nameOf('at'), `${nameOf('at')} is more than a day ahead`);
    const latency = field('latencyMs') ?? 0;
    if (typeof latency !== 'number' || !(latency >= 0))
      throw invalid(nameOf('latencyMs'), `${nameOf('latencyMs')} must be a number of milliseconds`);
    const variant = text('variant') ?? 'champion';
    return {
      dated: at !== undefined,
      record: {
        project,
        id,
        endpoint,
        variant,
        version: text('version') ?? UNNAMED_VERSION,
        role: 'live',
        at: at ?? now,
        score: scoreOf(field, nameOf),
        inputs: inputsOf(given, field('inputs'), nameOf('inputs'), taken),
        key: text('key') ?? null,
        unitKey: text('unitKey') ?? null,
        propensities: { [variant]: 1 },
        latencyMs: latency,
      },
    };
  };
}

function timeOf(value: unknown, name: string, timezone: string): EpochMs | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  try {
    if (typeof value === 'string') return parseTime(value, timezone);
  } catch {
    // Said below, with the value.
  }
  throw invalid(name, `${JSON.stringify(value)} is not an ISO date or time, nor epoch milliseconds`);
}

/** A probability or a value; of a class alone only whether it is the positive one is known. */
function scoreOf(field: (name: Field) => unknown, nameOf: (name: Field) => string): number {
  for (const name of ['score', 'value'] as const) {
    const value = field(name);
    if (value === undefined) continue;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw invalid(nameOf(name), `${nameOf(name)} must be a finite number`);
  }
  const value = field('class');
  if (value === undefined)
    throw invalid(
      nameOf('score'),
      `one of ${nameOf('score')}, ${nameOf('value')}, ${nameOf('class')} is needed`,
    );
  const positive = ['true', '1'].includes(String(value));
  if (positive || ['false', '0'].includes(String(value))) return positive ? 1 : 0;
  throw invalid(nameOf('class'), `${nameOf('class')} must be true or false, 1 or 0`);
}

function inputsOf(
  row: Readonly<Record<string, unknown>>,
  nested: unknown,
  name: string,
  taken: ReadonlySet<string>,
): Readonly<Record<string, Scalar>> {
  const flat = nested === undefined;
  if (!flat && (typeof nested !== 'object' || nested === null || Array.isArray(nested)))
    throw invalid(name, `${name} must be an object`);
  const source = flat ? row : (nested as Readonly<Record<string, unknown>>);
  const inputs: Record<string, Scalar> = {};
  for (const column of Object.keys(source)) {
    if (flat && taken.has(column)) continue;
    const value = source[column];
    if (value === null || value === undefined) continue;
    if (typeof value === 'object' || column === '__proto__')
      throw invalid(column, `input ${column} must be a number, a text or true or false`);
    inputs[column] = value as Scalar;
  }
  return inputs;
}
