import { type ColumnType, type Json, TwinloopError } from '@twinloop/kernel';

/** A column of free text, read word by word. */
export interface TextSpec {
  /** An input or a derived column, of text. */
  readonly column: string;
  /** Words and pairs of words in the vocabulary at most. */
  readonly words: number;
}

/** Most words of one text column: each is a column of its own to the trainers. */
export const MAX_WORDS = 5000;

/**
 * What a model sees of a row. Features are the inputs and the derived ones, in that order, without those named in `drop` and without columns of type `time` (a clock only moves on: derive `hour(…)` from it).
 * A column listed in `text` is read by its words and is no category.
 */
export interface FeatureSpec {
  /** Columns that a row must carry (null is allowed): what a request brings, and what is looked up for it. */
  readonly inputs: readonly string[];
  /** New features by expression; they may use inputs and each other. */
  readonly derive?: Readonly<Record<string, string>>;
  /** Numeric features to treat as categories; text is categorical by itself. */
  readonly categorical?: readonly string[];
  readonly drop?: readonly string[];
  readonly text?: readonly TextSpec[];
  /** IANA zone of `hour`, `month`, … Default UTC. */
  readonly timezone?: string;
}

export interface InputColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Which word of which text column a feature counts. */
export interface PlannedWord {
  readonly column: string;
  readonly word: string;
  readonly idf: number;
}

export type PlannedFeature =
  | { readonly name: string; readonly type: 'numeric'; readonly text?: PlannedWord }
  | { readonly name: string; readonly type: 'categorical'; readonly categories: readonly string[] };

/**
 * A spec bound to training data: types, order and vocabularies; words follow the other features, column by column. JSON,
 * part of the model document.
 */
export interface FeaturePlan {
  readonly spec: FeatureSpec;
  readonly inputs: readonly InputColumn[];
  readonly features: readonly PlannedFeature[];
}

function invalid(field: string, reason: string): TwinloopError {
  return new TwinloopError('invalid_request', { field, values: { reason: `${field} ${reason}` } });
}

function object(value: Json | undefined, field: string): { readonly [key: string]: Json } {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw invalid(field, 'must be an object');
  return value as { readonly [key: string]: Json };
}

function text(value: Json | undefined, field: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(field, 'must be a text');
  return value;
}

function texts(value: Json | undefined, field: string): readonly string[] {
  if (!Array.isArray(value)) throw invalid(field, 'must be a list of names');
  const list = (value as readonly Json[]).map((item, i) => text(item, `${field}/${i}`));
  if (new Set(list).size !== list.length) throw invalid(field, 'names something twice');
  return list;
}

function textMap(value: Json | undefined, field: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(object(value, field)).map(([key, item]) => [key, text(item, `${field}/${key}`)]),
  );
}

function known(record: { readonly [key: string]: Json }, names: readonly string[], field: string): void {
  for (const key of Object.keys(record))
    if (!names.includes(key)) throw invalid(`${field}/${key}`, 'is not known');
}

function parseText(value: Json, field: string): TextSpec {
  const spec = object(value, field);
  known(spec, ['column', 'words'], field);
  const { words } = spec;
  if (typeof words !== 'number' || !Number.isInteger(words) || words < 1 || words > MAX_WORDS)
    throw invalid(`${field}/words`, `must be an integer from 1 to ${MAX_WORDS}`);
  return { column: text(spec.column, `${field}/column`), words };
}

/** Reads a spec from JSON. @throws invalid_request naming the field */
export function parseFeatureSpec(json: Json): FeatureSpec {
  const spec = object(json, 'features');
  known(spec, ['inputs', 'derive', 'categorical', 'drop', 'joins', 'text', 'timezone'], 'features');
  // Models of earlier releases say that they join nothing.
  if (spec.joins !== undefined && !(Array.isArray(spec.joins) && spec.joins.length === 0))
    throw invalid('features/joins', 'is not known to a model: rows come with what was looked up');
  if (spec.text !== undefined && !Array.isArray(spec.text)) throw invalid('features/text', 'must be a list');
  const read = (spec.text as readonly Json[] | undefined)?.map((one, i) =>
    parseText(one, `features/text/${i}`),
  );
  if (new Set(read?.map(({ column }) => column)).size !== (read?.length ?? 0))
    throw invalid('features/text', 'names a column twice');
  const inputs = texts(spec.inputs, 'features/inputs');
  if (inputs.length === 0) throw invalid('features/inputs', 'must name at least one column');
  return {
    inputs,
    ...(spec.derive === undefined ? {} : { derive: textMap(spec.derive, 'features/derive') }),
    ...(spec.categorical === undefined
      ? {}
      : { categorical: texts(spec.categorical, 'features/categorical') }),
    ...(spec.drop === undefined ? {} : { drop: texts(spec.drop, 'features/drop') }),
    ...(read === undefined || read.length === 0 ? {} : { text: read }),
    ...(spec.timezone === undefined ? {} : { timezone: text(spec.timezone, 'features/timezone') }),
  };
}
