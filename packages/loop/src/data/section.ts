import type { Json, Section } from '@twinloop/kernel';
import type { DatasetsConfig } from './config.js';
import { BOUNDS, LABEL_WORDS, READ, SOURCE, TIME } from './source-section.js';

export const NAME = '^[A-Za-z][A-Za-z0-9_-]{0,62}$';
export const COLUMN: Json = { type: 'string', minLength: 1, description: 'A column of the dataset.' };
export const COLUMN_TYPE: Json = {
  enum: ['number', 'string', 'boolean', 'time'],
  description: 'How the values are read: `number`, `string`, `boolean`, or `time`.',
};
const MOMENT: Json = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2})?)?$',
  examples: ['2013-03-01', '2013-03-01T06:00:00Z'],
};

const dataset: Json = {
  type: 'object',
  additionalProperties: false,
  required: ['source'],
  properties: {
    source: SOURCE,
    format: {
      enum: ['csv', 'parquet', 'jsonl'],
      description: "How to read the source. Default: by the source's extension.",
    },
    key: {
      type: 'string',
      minLength: 1,
      description: 'The column that names a case; outcomes may be sent by it.',
    },
    time: TIME,
    read: READ,
    ...BOUNDS,
    label: {
      type: 'object',
      additionalProperties: false,
      required: ['column'],
      description: 'What is to be predicted.',
      properties: {
        column: COLUMN,
        ...LABEL_WORDS,
        arrives: {
          type: 'string',
          minLength: 1,
          description:
            'The column that says when the label became known. No feature may read it, or the label.',
        },
        available: {
          enum: ['complete', 'selective', 'never'],
          default: 'complete',
          description:
            'Which live cases get a label: `complete` all in the end, `selective` only those that were acted on, `never` none.',
        },
        decides: {
          type: 'boolean',
          description:
            'With `selective`: labels come for a fair share of the cases, whatever a model answers, and rollouts may be decided on them.',
        },
        repeats: {
          enum: ['last', 'first', 'reject'],
          default: 'last',
          description:
            'When a label comes again with another value: `last` takes the newer one, `first` keeps the one that came first, `reject` refuses the newer one. A higher `revision` is a correction and always counts.',
        },
        unit: {
          type: 'string',
          minLength: 1,
          maxLength: 32,
          description: 'What the label of a regression is counted in; stands beside its figures.',
          examples: ['minutes'],
        },
      },
    },
    score: {
      type: 'string',
      minLength: 1,
      description:
        'The column that holds what a model served elsewhere answered to these rows: what its quality is held against.',
    },
    from: { ...MOMENT, description: 'Rows from this time on (inclusive), in the project’s zone.' },
    until: { ...MOMENT, description: 'Rows before this time (exclusive), in the project’s zone.' },
    types: {
      type: 'object',
      additionalProperties: COLUMN_TYPE,
      description: 'Declared types by column; they win over what the file suggests.',
      examples: [{ zip: 'string' }],
    },
    quarantine: {
      type: 'object',
      additionalProperties: false,
      description: 'What happens to rows that break a rule about rows.',
      properties: {
        rules: {
          enum: ['marked', 'all'],
          default: 'marked',
          description:
            '`marked`: rows that break a rule with `quarantine: true` are kept apart; `all`: those that break any rule about rows.',
        },
        max: {
          type: 'number',
          minimum: 0,
          maximum: 1,
          default: 0.1,
          description:
            'The largest share of the rows that may be kept apart; above it the whole batch is refused.',
        },
      },
    },
  },
};

/** `datasets`: where rows come from, and which columns name, date and label them. */
export const datasetsSection: Section<DatasetsConfig> = {
  name: 'datasets',
  required: true,
  schema: {
    type: 'object',
    description: 'Sources of rows by name. Each reading of a source makes a version, named by its content.',
    minProperties: 1,
    propertyNames: { pattern: NAME },
    additionalProperties: dataset,
    examples: [
      { flights: { source: 'flights.parquet', key: 'id', time: 'scheduled', label: { column: 'late' } } },
    ],
  },
};
