import { DURATION_PATTERN, type Json, type Section } from '@twinloop/kernel';
import { type FeatureSpec, MAX_WORDS } from '@twinloop/model';

const NAMES = (description: string): Json => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  uniqueItems: true,
  description,
});

const join: Json = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'dataset', 'by', 'asof', 'columns'],
  description:
    'To each row, the latest row of another dataset with the same key and a time not after the row’s own.',
  properties: {
    name: { type: 'string', minLength: 1, description: 'Its columns are called `<name>.<column>`.' },
    dataset: { type: 'string', minLength: 1, description: 'The other dataset, declared under `datasets`.' },
    by: {
      type: 'object',
      minProperties: 1,
      additionalProperties: { type: 'string', minLength: 1 },
      description: 'Our column: their column.',
    },
    asof: {
      type: 'object',
      additionalProperties: false,
      required: ['left', 'right'],
      description: 'The time columns of both sides.',
      properties: {
        left: { type: 'string', minLength: 1, description: 'Our time column.' },
        right: { type: 'string', minLength: 1, description: 'Their time column.' },
        within: {
          type: 'string',
          pattern: DURATION_PATTERN,
          description: 'Greatest age of a row that still counts. Default: any age.',
        },
      },
    },
    columns: NAMES('Their columns to take.'),
  },
};

/** `features`: what a model sees of a row. The zone of time functions is the project's. */
export const featuresSection: Section<FeatureSpec> = {
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
      joins: { type: 'array', items: join, default: [], description: 'As-of joins of other datasets.' },
    },
    examples: [{ inputs: ['origin', 'distance'], derive: { far: 'distance > 1000' } }],
  },
};
