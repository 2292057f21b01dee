import { DURATION_PATTERN, type Json, type Scalar, type Section } from '@twinloop/kernel';
import { AGGREGATE_FUNCTIONS, type AggregateFunction, type FeatureSpec, MAX_WORDS } from '@twinloop/model';

const NAMES = (description: string): Json => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  uniqueItems: true,
  description,
});

const DURATION: Json = { type: 'string', pattern: DURATION_PATTERN };
const NAME_PATTERN = '^[A-Za-z_][A-Za-z0-9_]*$';
const ANY: Json = { type: ['number', 'string', 'boolean', 'null'] };

const by: Json = {
  description: 'Our column: their column; or a list of columns that have the same name on both sides.',
  anyOf: [
    { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', minLength: 1 } },
    { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1 } },
  ],
};

const available: Json = {
  description:
    'When a row became known: a column of theirs, a duration after the row’s own time, or both with the clock of a feed. A row counts from then on. Default: at its own time.',
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      additionalProperties: false,
      description: 'A column, the clock of a feed and a delay; each may be left out.',
      properties: {
        column: {
          type: 'string',
          minLength: 1,
          description: 'Their column that says it. Default: the row’s own time.',
        },
        every: {
          ...(DURATION as object),
          description: 'The feed delivers by the clock: at the next full hour, for `1h` (UTC).',
        },
        lag: { ...(DURATION as object), description: 'So much later. Default: at once.' },
      },
    },
  ],
  examples: ['landed', '20m', { column: 'landed', every: '1h', lag: '1m' }],
};

const fresh: Json = {
  ...(DURATION as object),
  description:
    'Greatest age of the newest row of the whole source; where it is older, the feed has stopped, and `default` stands. Counted.',
};

const join: Json = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'dataset', 'by', 'columns'],
  description:
    'To each row, the latest row of another dataset with the same key that was known at that moment.',
  properties: {
    name: { type: 'string', pattern: NAME_PATTERN, description: 'Its columns are called `<name>.<column>`.' },
    dataset: { type: 'string', minLength: 1, description: 'The other dataset, declared under `datasets`.' },
    by,
    asof: {
      type: 'object',
      additionalProperties: false,
      description: 'The time columns of both sides.',
      properties: {
        left: { type: 'string', minLength: 1, description: 'The time of our dataset; no other is possible.' },
        right: {
          type: 'string',
          minLength: 1,
          description: 'Their time column. Default: their dataset’s `time`.',
        },
        within: {
          ...(DURATION as object),
          description: 'Greatest age of a row that still counts. Default: any age.',
        },
      },
    },
    available,
    fresh,
    columns: NAMES('Their columns to take.'),
    default: {
      type: 'object',
      additionalProperties: ANY,
      description: 'What stands where no row is found or it is too old, by their column. Default: missing.',
    },
  },
};

const aggregate: Json = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'dataset', 'by', 'over', 'function'],
  description: 'One figure over the rows of a key within the last hours or days, as known at that moment.',
  properties: {
    name: { type: 'string', pattern: NAME_PATTERN, description: 'The column that it makes.' },
    dataset: {
      type: 'string',
      minLength: 1,
      description:
        'Where the rows come from. The dataset that is trained on means the endpoint’s own requests and labels too, as they come.',
    },
    by,
    over: {
      ...(DURATION as object),
      description: 'Length of the window: `3h`, `1d`, `30d`; 92 days at most.',
    },
    function: { enum: [...AGGREGATE_FUNCTIONS], description: 'What is made of the rows.' },
    value: {
      type: 'string',
      minLength: 1,
      description:
        'A column of theirs or an expression; rows where it is missing do not count. Only `count` may do without.',
    },
    filter: { type: 'string', minLength: 1, description: 'Only rows for which this expression is true.' },
    asof: {
      type: 'string',
      minLength: 1,
      description: 'Their time column. Default: their dataset’s `time`.',
    },
    available,
    fresh,
    default: {
      ...(ANY as object),
      description:
        'What stands where there is nothing to say. Default: missing; an empty count, sum or distinct is 0.',
    },
  },
};

type Names = readonly string[];
export type WrittenAvailability =
  | string
  | { readonly column?: string; readonly every?: string; readonly lag?: string };

interface WrittenLookup {
  readonly name: string;
  readonly dataset: string;
  readonly by: Names | Readonly<Record<string, string>>;
  readonly available?: WrittenAvailability;
  readonly fresh?: string;
}

export interface WrittenJoin extends WrittenLookup {
  readonly asof?: { readonly left?: string; readonly right?: string; readonly within?: string };
  readonly columns: Names;
  readonly default?: Readonly<Record<string, Scalar>>;
}

export interface WrittenAggregate extends WrittenLookup {
  readonly over: string;
  readonly function: AggregateFunction;
  readonly value?: string;
  readonly filter?: string;
  readonly asof?: string;
  readonly default?: Scalar;
}

/** `features` as the file says it; the loader splits it into what requests bring and what is looked up. */
export interface WrittenFeatures extends FeatureSpec {
  readonly joins?: readonly WrittenJoin[];
  readonly aggregates?: readonly WrittenAggregate[];
}

/** `features`: what a model sees of a row. The zone of time functions is the project's. */
export const featuresSection: Section<WrittenFeatures> = {
  name: 'features',
  required: true,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['inputs'],
    description: 'What a model sees of a row; the same expressions run in training and at each request.',
    properties: {
      inputs: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        minItems: 1,
        uniqueItems: true,
        description: 'Raw columns that every request must carry (null is allowed).',
      },
      derive: {
        type: 'object',
        additionalProperties: { type: 'string', minLength: 1 },
        default: {},
        description: 'New features by expression over inputs, joined columns and each other.',
        examples: [{ departs: 'floor(sched_dep_time / 100) * 60 + sched_dep_time % 100' }],
      },
      categorical: {
        ...(NAMES('Numeric features to treat as categories; text is categorical by itself.') as object),
        default: [],
      },
      drop: { ...(NAMES('Inputs, joined or derived columns that no model sees.') as object), default: [] },
      text: {
        type: 'array',
        default: [],
        description: 'Columns of free text, read word by word; such a column is no category.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['column'],
          description: 'One text column.',
          properties: {
            column: {
              type: 'string',
              minLength: 1,
              description: 'An input, joined or derived column of text.',
            },
            words: {
              type: 'integer',
              minimum: 1,
              maximum: MAX_WORDS,
              default: 300,
              description:
                'So many words and pairs of words, those that tell most of the label, become features.',
            },
          },
        },
        examples: [[{ column: 'message', words: 300 }]],
      },
      joins: {
        type: 'array',
        items: join,
        default: [],
        description: 'What is looked up in other datasets at the moment of a prediction.',
      },
      aggregates: {
        type: 'array',
        items: aggregate,
        default: [],
        description: 'Figures over the last hours or days of an entity, at the moment of a prediction.',
        examples: [
          [
            {
              name: 'late_share_3h',
              dataset: 'flights',
              by: ['carrier', 'origin'],
              asof: 'landed',
              available: { column: 'landed', every: '1h', lag: '1m' },
              over: '3h',
              value: 'late',
              function: 'mean',
            },
          ],
        ],
      },
    },
    examples: [{ inputs: ['origin', 'distance'], derive: { far: 'distance > 1000' } }],
  },
};
